/**
 * Packs the data sets of npm packages into public/data, for the page and for Node alike. Run by `npm start`, `npm test`,
 * `npm run build` and `npm run data` where files are missing. The format is described in docs/data.md; in short:
 *
 *   manifest.json           datasets by id; each has train and test, each of them lists of parts for images and labels
 *   *.bin                   zlib streams (`DecompressionStream('deflate')`, fflate's unzlibSync, Node's inflateSync);
 *                           inflated: images u8 [rows, 28, 28], 0 = paper, 255 = ink; labels u8 [rows], 0 to 9;
 *                           texts u8 [characters]
 *
 * Rows of a dataset are its parts, one after another.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packDigits } from './pack-digits.mjs';
import { packFashion } from './pack-fashion.mjs';
import { packMobyDick } from './pack-moby-dick.mjs';
import { megabytes, partsOf, writeWhole } from './packed-files.mjs';

/** Where the packed files are written and served from. */
export const DATA_FOLDER = fileURLToPath(new URL('../public/data/', import.meta.url));

/** Raised whenever the files change for the same input, so that older ones are packed anew. */
export const FORMAT = 1;

/** @typedef {import('./packed-files.mjs').Dataset | import('./packed-files.mjs').TextSet} Dataset */
/** @typedef {{ format: number, encoding: 'zlib', datasets: Record<string, Dataset> }} Manifest */
/** What is packed in one go. @typedef {{ name: string, ids: readonly string[],
 *   pack: (folder: string, say: (line: string) => void) => Record<string, Dataset> }} Source */

/** To pack another source: a file that writes it and describes its sets, and its line here; the subset's id first. @type {readonly Source[]} */
const SOURCES = [
  { name: 'the digits', ids: ['mnist-10k', 'mnist'], pack: packDigits },
  { name: 'the garments of Fashion-MNIST', ids: ['fashion-mnist-10k', 'fashion-mnist'], pack: packFashion },
  { name: 'Moby Dick', ids: ['moby-dick'], pack: packMobyDick },
];

/**
 * Packs what is missing, one source after another; nothing where the files are there, of this format and of the right
 * length. A killed run leaves a manifest of the sources that are complete, so that the next one packs the others.
 * @param {{ folder?: string, say?: (line: string) => void }} [options]
 */
export function ensureData({ folder = DATA_FOLDER, say = console.log } = {}) {
  const missing = SOURCES.filter(({ ids }) => !isPacked(folder, ids));
  for (const { name, ids, pack } of missing) {
    say(`Packing ${name} (once, a few seconds) ...`);
    mkdirSync(folder, { recursive: true });
    const packed = pack(folder, say);
    // Read again: another process may have packed something meanwhile.
    const known = { ...readManifest(folder)?.datasets, ...packed };
    const datasets = Object.fromEntries(SOURCES.flatMap((source) => source.ids).flatMap((id) => (known[id] ? [[id, known[id]]] : [])));
    writeWhole(join(folder, 'manifest.json'), `${JSON.stringify({ format: FORMAT, encoding: 'zlib', datasets }, null, 1)}\n`);
    const [small, full] = ids.map((id) => megabytes(/** @type {Dataset} */ (packed[id])));
    say(full === undefined ? `Packed ${name}: ${small} MB.` : `Packed ${name}: ${small} MB to start with, ${full} MB in all.`);
  }
}

/**
 * Whether the folder holds a manifest of this format with these sets, and every file that they name, at its length.
 * @param {string} folder
 * @param {readonly string[]} [ids] all that there are
 */
export function isPacked(folder, ids = SOURCES.flatMap((source) => source.ids)) {
  try {
    const sets = readManifest(folder)?.datasets;
    return ids.every((id) => {
      const set = sets?.[id];
      return set !== undefined && partsOf(set).every(({ file, bytes }) => statSync(join(folder, file)).size === bytes);
    });
  } catch {
    // A file is missing, or a damaged manifest does not say which there are.
    return false;
  }
}

/** The manifest where there is one of this format. @param {string} folder @returns {Manifest | undefined} */
function readManifest(folder) {
  try {
    /** @type {Manifest} */
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    return manifest.format === FORMAT ? manifest : undefined;
  } catch {
    return undefined;
  }
}

if (process.argv[1] && existsSync(process.argv[1]) && import.meta.url === pathToFileURL(process.argv[1]).href) ensureData();
