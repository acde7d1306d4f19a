import { zip } from 'fflate';
import { seriesModels } from './figures.ts';
import { originOf } from './caption.ts';
import { figureSvg } from './figureSvg.ts';
import { runFiles, runsCsv, weightsOf, type ExportedRun, type Files } from './runFiles.ts';

/** Draws what only a browser can; tests put their own in its place. */
export interface Painter {
  /** An SVG figure as a PNG file. */
  png(svg: string): Promise<Uint8Array>;
  /** Pictures of the masks of a run, by file name. */
  masks(run: ExportedRun): Promise<Files>;
}

/** All files of an export: one tidy table, and for each run its experiment, link, masks, figures, and weights where its state is known. */
export async function exportFiles(runs: readonly ExportedRun[], page: string, painter: Painter): Promise<Files> {
  const files: Files = { 'runs.csv': new TextEncoder().encode(runsCsv(runs)) };
  for (const run of runs) {
    const { name, log } = run;
    Object.assign(files, runFiles(run, page));
    if (log.checkpoint) files[`${name}/weights.safetensors`] = weightsOf(log, log.checkpoint);
    for (const model of seriesModels(log)) {
      const svg = figureSvg(model, originOf(log, page));
      files[`${name}/figures/${model.id}.svg`] = new TextEncoder().encode(svg);
      files[`${name}/figures/${model.id}.png`] = await painter.png(svg);
    }
    for (const [file, bytes] of Object.entries(await painter.masks(run))) files[`${name}/figures/${file}`] = bytes;
  }
  return files;
}

/** A zip of files. PNG is packed already, so that only the rest is. */
export function zipped(files: Files): Promise<Uint8Array<ArrayBuffer>> {
  const entries = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, [bytes, { level: path.endsWith('.png') ? 0 : 6 }] as const]));
  return new Promise((resolve, reject) => {
    zip(entries as Parameters<typeof zip>[0], { consume: false }, (error, bytes) => (error ? reject(error) : resolve(bytes as Uint8Array<ArrayBuffer>)));
  });
}
