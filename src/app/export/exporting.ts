import { pastRunOf } from '../compare/pastRun.ts';
import { usePastRuns } from '../compare/pastRuns.ts';
import { session } from '../session/current.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { isOver, type RunLog } from '../../engine/experiment/runLog.ts';
import { originOf } from './caption.ts';
import { maskFigure } from './maskFigure.ts';
import { drawingToPng, svgToPng } from './png.ts';
import type { ExportedRun } from './runFiles.ts';
import { pageAddress } from './saveFigure.ts';
import { exportFiles, zipped, type Painter } from './zip.ts';

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

const PAINTER: Painter = {
  png: async (svg) => bytesOf(await svgToPng(svg)),
  async masks({ log }) {
    const pictures = log.layers.filter(({ maskable }) => maskable).map(async (layer) => {
      const drawing = maskFigure(log, layer, 'matrix', log.step);
      return drawing && ([`mask-${layer.name}.png`, await bytesOf(await drawingToPng(drawing, maskTitle(layer.name, log.step), originOf(log, pageAddress())))] as const);
    });
    return Object.fromEntries((await Promise.all(pictures)).filter((picture) => picture !== undefined));
  },
};

/** Title of the picture of a layer's mask. */
export const maskTitle = (layer: string, step: number): string => `Mask of ${layer}, step ${step}`;

/** The shown run, if any step of it was made. */
export function shownRun(log: RunLog): ExportedRun | undefined {
  return log.experiment && log.step > 0 ? { name: pastRunOf(log).name, log } : undefined;
}

/** The shown run, and all others of the session that are over. */
export function sessionRuns(log: RunLog): ExportedRun[] {
  const shown = shownRun(log);
  const id = shown && pastRunOf(log).id;
  const past = usePastRuns.getState().runs.filter((run) => run.id !== id);
  const names = new Set<string>();
  return [...past, ...(shown ? [shown] : [])].map(({ name, log: own }) => {
    let unique = name;
    for (let i = 2; names.has(unique); i++) unique = `${name}-${i}`;
    names.add(unique);
    return { name: unique, log: own };
  });
}

/** Asks a live run that is under way for its state, and waits until it is in the log; or until the run is over or gone. */
async function stateOf(log: RunLog): Promise<void> {
  const { source } = useRun.getState();
  if (source !== 'live' || isOver(log.status)) return;
  const before = log.checkpoint;
  session.inspect({ type: 'checkpoint' });
  await new Promise<void>((resolve) => {
    const leave = useLog.subscribe((now) => {
      if (now.log === log && log.checkpoint === before && !isOver(log.status)) return;
      leave();
      resolve();
    });
  });
}

/** One zip of the shown run, or of all runs of the session. */
export async function exportZip(all: boolean): Promise<Blob> {
  const { log } = useLog.getState();
  await stateOf(log);
  const shown = shownRun(log);
  const runs = all ? sessionRuns(log) : shown ? [shown] : [];
  return new Blob([await zipped(await exportFiles(runs, pageAddress(), PAINTER))], { type: 'application/zip' });
}
