/*
 * `npm run thumbnails [-- ID ...]` trains a small copy of every preset, or of those named, and writes what its first layer
 * with a mask came to, with its density, accuracy and steps: public/thumbnails.json, the pictures of the gallery. The runs
 * are real; a preset without a small copy is trained itself.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadDataset } from '../engine/data/index.ts';
import { createCommandPort } from '../engine/experiment/commands.ts';
import type { LayerFacts, MaskSnapshot } from '../engine/experiment/events.ts';
import { totalSteps } from '../engine/experiment/phases.ts';
import { findPreset, PRESETS } from '../engine/experiment/presets/index.ts';
import { run } from '../engine/experiment/run.ts';
import { append, createRunLog, maskAt, series, type RunLog } from '../engine/experiment/runLog.ts';
import { readThumbnails, THUMBNAIL_LEVELS, type Thumbnail } from '../engine/experiment/thumbnail.ts';
import { openGpu } from '../engine/gpu/device.ts';
import { openNodeGpu } from './adapter.ts';
import { nodeData } from './data.ts';
import { smallCopy } from './measurePresets.ts';
import { readShaders } from './shaders.ts';

/** Most columns and rows of a picture that is no image. */
const SIDE = 28;

/** The run's first layer with a mask as a picture: of images each pixel's active links, else the matrix of weights, cells joined where they are many. */
function picture(layer: LayerFacts, mask: MaskSnapshot, image: { width: number; height: number } | undefined): Pick<Thumbnail, 'columns' | 'rows' | 'cells'> {
  const active = (row: number, column: number): number => {
    const weight = row * layer.in + column;
    return ((mask.mask[layer.wordOffset + (weight >> 5)] ?? 0) >>> (weight & 31)) & 1;
  };
  const isImage = image !== undefined && layer.in === image.width * image.height;
  const columns = isImage ? image.width : Math.min(SIDE, layer.in);
  const rows = isImage ? image.height : Math.min(SIDE, layer.out);
  const counts = Array.from({ length: rows * columns }, () => ({ on: 0, all: 0 }));
  for (let row = 0; row < layer.out; row++) {
    for (let column = 0; column < layer.in; column++) {
      const cell = counts[isImage ? column : Math.floor((row * rows) / layer.out) * columns + Math.floor((column * columns) / layer.in)]!;
      cell.on += active(row, column);
      cell.all++;
    }
  }
  const shares = counts.map(({ on, all }) => on / all);
  const most = Math.max(...shares, 1e-9);
  return { columns, rows, cells: shares.map((share) => Math.round(Math.sqrt(share / most) * (THUMBNAIL_LEVELS - 1)).toString(THUMBNAIL_LEVELS)).join('') };
}

function thumbnailOf(log: RunLog, steps: number, small: boolean, image: { width: number; height: number } | undefined): Thumbnail {
  const mask = maskAt(log, 'main', steps);
  const layer = log.layers.find(({ maskable }) => maskable) ?? log.layers[0];
  if (!mask || !layer) throw new Error('The run told no mask.');
  const density = series(log, 'main', 'mask', 'density').values.at(-1) ?? 1;
  const accuracy = series(log, 'main', 'test', 'accuracy').values.at(-1) ?? Number.NaN;
  return { ...picture(layer, mask, image), density: Number(density.toFixed(4)), accuracy: Number(accuracy.toFixed(4)), steps, small };
}

const { gpu: api, describe } = await openNodeGpu();
const gpu = await openGpu(api, readShaders());
const FILE = 'public/thumbnails.json';
const wanted = process.argv.slice(2).map((id) => findPreset(id).id);
// Pictures of the others stay, in the order of the menu; those of presets that are gone go.
const kept = wanted.length > 0 ? readThumbnails(JSON.parse(readFileSync(FILE, 'utf8'))) : new Map<string, Thumbnail>();
const thumbnails: Record<string, Thumbnail> = {};
for (const { id, experiment: whole } of Object.values(PRESETS)) {
  const before = kept.get(id);
  if (before) thumbnails[id] = before;
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  const small = smallCopy(id);
  const experiment = { ...(small ?? whole), beside: { random: false, dense: false } };
  const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
  const log = createRunLog();
  let seq = 0;
  for await (const body of run({ gpu, experiment, dataset, commands: createCommandPort() })) append(log, { runId: id, seq: seq++, ...body });
  thumbnails[id] = thumbnailOf(log, totalSteps(experiment), small !== null, dataset.image);
  const { density, accuracy, steps } = thumbnails[id];
  console.log(`${id}: ${steps} steps, density ${density}, accuracy ${accuracy}`);
}
writeFileSync(FILE, `${JSON.stringify(thumbnails)}\n`);
console.log(`${FILE}, trained on ${describe}`);
process.exit(0);
