import { datasetCard } from '../../engine/data/cards.ts';
import { createTable, thinTable, type Series, type Table } from '../../engine/experiment/columns.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import { addSnapshot, createMaskHistory, type MaskHistory } from '../../engine/experiment/maskHistory.ts';
import { createRunLog, maskAt, series, type RunLog } from '../../engine/experiment/runLog.ts';
import { trainingFlops } from '../../engine/experiment/ledger.ts';
import { trainingTime } from '../../engine/experiment/progress.ts';
import { memorableName } from './names.ts';

/** How a run came to its end. */
export type Ending = 'finished' | 'stopped' | 'diverged' | 'failed';

/** What a run came to; NaN where nothing was measured. */
export interface Figures {
  accuracy: number;
  loss: number;
  /** Share of the maskable weights that was active at the end, and on average over the steps. */
  density: number;
  averageDensity: number;
  /** Theoretical FLOPs of all its steps. */
  flops: number;
}

/** How far a run was at its steps, summed from its beginning. */
export interface Progress {
  /** Milliseconds of training; pauses and evaluations are left out. */
  time: Series;
  flops: Series;
}

/** A run of this session that is over: a thinned copy of its log, and what is read from it. */
export interface PastRun {
  /** The same for runs of the same experiment with the same numbers. */
  id: string;
  name: string;
  experiment: Experiment;
  ending: Ending;
  steps: number;
  figures: Figures;
  progress: Progress;
  /** The main network alone; of its masks the last. */
  log: RunLog;
  bytes: number;
}

/** Most rows of a table in the log of a past run: a chart draws fewer points. */
const ROWS = 600;

/** The log of a run that is over as a past run. @throws RangeError where the log has no experiment: nothing ran */
export function pastRunOf(log: RunLog): PastRun {
  const { experiment } = log;
  if (!experiment) throw new RangeError('A log without an experiment is no run.');
  const done: Experiment = { ...experiment, edits: [...log.edits] };
  const progress = { time: trainingTime(series(log, 'main', 'time', 'stepMs')), flops: flopsOf(log) };
  const thin = thinned(log);
  const hash = log.status.state === 'finished' ? log.status.hash : `stopped at ${log.step}`;
  const id = `${encodeLink(done)} ${hash}`;
  return {
    id, name: memorableName(log.status.state === 'finished' ? hash : id), experiment: done, ending: endingOf(log), steps: log.step,
    figures: figuresOf(log, progress), progress, log: thin, bytes: bytesOf(thin) + 2 * id.length,
  };
}

function endingOf({ status }: RunLog): Ending {
  if (status.state === 'finished' || status.state === 'diverged') return status.state;
  return status.state === 'lost' || status.state === 'failed' ? 'failed' : 'stopped';
}

function flopsOf(log: RunLog): Series {
  const card = datasetCard(log.experiment?.data.set ?? '');
  return card ? trainingFlops(log, card) : { steps: new Uint32Array(0), values: new Float32Array(0) };
}

function figuresOf(log: RunLog, { flops }: Progress): Figures {
  const last = ({ values }: Series): number => values.findLast(Number.isFinite) ?? Number.NaN;
  const density = series(log, 'main', 'mask', 'density');
  const masked = log.layers.some(({ maskable }) => maskable);
  return {
    accuracy: last(series(log, 'main', 'test', 'accuracy')), loss: last(series(log, 'main', 'test', 'loss')),
    density: masked ? last(density) : 1, averageDensity: masked ? heldAverage(density, log.step) : 1, flops: last(flops),
  };
}

/** Mean over the steps from 0 to `end` of values that each hold until the next. */
export function heldAverage({ steps, values }: Series, end: number): number {
  if (end <= 0 || steps.length === 0) return values.at(-1) ?? Number.NaN;
  let sum = 0;
  steps.forEach((at, i) => {
    const until = Math.min(end, steps[i + 1] ?? end);
    sum += Math.max(0, until - Math.min(at, end)) * (values[i] as number);
  });
  return sum / (end - Math.min(end, steps[0] as number) || 1);
}

/** A copy of a log with the main network alone, its tables thinned with their extremes kept, and only the last of its masks. */
function thinned(log: RunLog): RunLog {
  const tables = new Map<string, Table>();
  for (const [key, table] of log.tables) {
    if (!key.startsWith('main/') || key === 'main/time') continue;
    const copy = shortened(table);
    thinTable(copy, ROWS);
    tables.set(key, copy);
  }
  const { runId, status, adapter, experiment, layers, totalSteps, cost, biases, notes, step, phases, branch } = log;
  return { ...createRunLog(), runId, status, ...(adapter && { adapter }), ...(experiment && { experiment }), layers, arms: ['main'], totalSteps, cost, biases, notes, step, phases: [...phases], ...(branch && { branch }), edits: [...log.edits], tables, masks: lastMask(log) };
}

/** Without the room that a growing table keeps. */
function shortened({ length, step, columns }: Table): Table {
  return { ...createTable(), length, step: step.slice(0, length), columns: new Map([...columns].map(([name, values]) => [name, values.slice(0, length)])) };
}

function lastMask(log: RunLog): RunLog['masks'] {
  const last = maskAt(log, 'main', log.step);
  if (!last) return new Map();
  const history: MaskHistory = createMaskHistory('main', last.mask.length);
  // What changed in the last update tells nothing without those before it.
  addSnapshot(history, { ...last, previous: last.mask, regrown: new Uint32Array(last.mask.length) });
  return new Map([['main', history]]);
}

function bytesOf({ tables, masks }: RunLog): number {
  const rows = [...tables.values()].reduce((sum, { length, columns }) => sum + 4 * length * (1 + columns.size), 0);
  return [...masks.values()].reduce((sum, { bytes, words }) => sum + bytes + 8 * words, rows);
}
