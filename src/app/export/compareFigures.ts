import { encodeLink } from '../../engine/experiment/link.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import type { ComparisonResult } from '../compare/comparing.ts';
import type { OverlapTable } from '../compare/overlap.ts';
import type { PastRun } from '../compare/pastRun.ts';
import type { ListedRun } from '../compare/pastRuns.ts';
import { adapterName, useRun } from '../stores/run.ts';
import { plural } from '../text/numbers.ts';
import { overlapFigure } from './overlapFigure.ts';
import { overlayFigure, type OverlayDrawing } from './overlayFigure.ts';
import { pointsFigure } from './pointsFigure.ts';
import { pageAddress } from './saveFigure.ts';
import { sweepFigure } from './sweepFigure.ts';

/** Links in the small print of a figure: more would be longer than the figure. */
const MOST_LINKS = 8;

/** Where a figure of several runs comes from: words, then a link to each run by its name. */
export function printOf(words: string, runs: readonly { name: string; experiment: Experiment }[], page: string): string[] {
  const links = runs.slice(0, MOST_LINKS).map(({ name, experiment }) => `${name}: ${new URL(encodeLink(experiment), page).href}`);
  return [words, ...links, ...(runs.length > MOST_LINKS ? [`and ${plural(runs.length - MOST_LINKS, 'more run')}`] : [])];
}

/** The adapter that runs of this session were made on. */
function onAdapter(): string {
  const { adapter } = useRun.getState();
  return adapter ? `, ${adapterName(adapter)}` : '';
}

/** Curves of the drawn runs as an SVG file. */
export function overlaySvg(runs: readonly ListedRun[], drawing: Omit<OverlayDrawing, 'runs'>): string {
  return overlayFigure({ ...drawing, runs: runs.map(({ name, look }) => ({ name, look: look ?? 0 })) }, printOf(`Sparseland, ${plural(runs.length, 'run')}${onAdapter()}`, runs, pageAddress()));
}

/** A result with its verdicts as an SVG file. @param swept it is drawn over density */
export function resultSvg(result: ComparisonResult, swept: boolean): string {
  const { compared, judgement } = result;
  const arms = compared.arms.map(({ title, experiment }) => ({ name: title, experiment: { ...experiment, seed: judgement.seeds[0] ?? experiment.seed } }));
  const small = printOf(`Sparseland, seeds ${judgement.seeds.join(', ')}${onAdapter()}`, arms, pageAddress());
  return swept ? sweepFigure(result, small) : pointsFigure(result, small);
}

/** Overlaps of masks as an SVG file. */
export function overlapSvg(table: OverlapTable, network: string, runs: readonly PastRun[]): string {
  return overlapFigure(table, network, printOf(`Sparseland, last masks of ${plural(runs.length, 'run')}${onAdapter()}`, runs, pageAddress()));
}
