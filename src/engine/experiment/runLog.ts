import type { Baseline } from '../data/baselines.ts';
import { addAnswers, createAnswerHistory, type AnswerHistory } from './answerHistory.ts';
import { appendRows, columnOf, createTable, type Series, type Table } from './columns.ts';
import type { AdapterFacts, Answers, ArmId, CheckpointFile, CostFacts, Inspection, LayerFacts, MaskSnapshot, MetricRows, Probe, RunEvent, SlowUpdate, StorageFacts, Written } from './events.ts';
import type { Edit, Experiment } from './experiment.ts';
import { addSnapshot, createMaskHistory, snapshotAt, type MaskHistory } from './maskHistory.ts';
import { MAX_EDITS } from './schema.ts';
import { addWriting } from './writings.ts';

/** Where a run stands; what it says beside that is of the event that brought it there. */
export type RunStatus =
  | { state: 'idle' | 'loading' | 'training' }
  | { state: 'compiling'; done: number; total: number }
  | { state: 'paused'; step: number }
  | { state: 'finished'; step: number; hash: string; variants: Readonly<Record<string, string>> }
  | { state: 'diverged'; step: number; arm: ArmId; layer: string; message: string }
  | { state: 'lost' | 'failed'; message: string };

/** Where a run branched off another. */
export interface Branch {
  /** Name of the other run. */
  from: string;
  step: number;
}

/** Everything that a run told, as panels and files read it. It grows in place; `version` grows with every change. */
export interface RunLog {
  version: number;
  runId: string | undefined;
  status: RunStatus;
  adapter?: AdapterFacts;
  experiment?: Experiment;
  layers: readonly LayerFacts[];
  arms: readonly ArmId[];
  totalSteps: number;
  cost: readonly CostFacts[];
  /** Number of biases: always kept, never counted in a density. */
  biases: number;
  notes: readonly string[];
  /** Steps done, as far as rows have told. */
  step: number;
  /** By `${arm}/${table}`. */
  tables: Map<string, Table>;
  masks: Map<ArmId, MaskHistory>;
  /** What networks are asked again and again; absent where a data set has no such inputs. */
  probe?: Probe | undefined;
  /** What they answered. */
  answers: Map<ArmId, AnswerHistory>;
  /** What tables of counts reach on the test text; empty for other data. */
  baselines: readonly Baseline[];
  /** What networks wrote, at most `MAX_WRITINGS`, in order of their steps. */
  written: readonly Written[];
  /** Newest weights copied off the device, by `${arm}/${layer}`. */
  inspections: Map<string, { step: number; inspection: Inspection }>;
  /** Live knobs changed in this run, those that came with the experiment included once their step is reached. */
  edits: Edit[];
  /** Phases entered, with the step at which each began. */
  phases: { index: number; step: number }[];
  /** The run that this one branches off, by name, and the step from which on it is its own. */
  branch?: Branch;
  /**
   * The newest state that the page asked for, or that came with the end. It is as large as the networks, 4 bytes for each
   * parameter and each slot of the optimizer: 2.6 MB for hello-mnist and its controls. All else in a log that grows stays
   * within 64 MiB however long the run; this comes on top, and the next one takes its place.
   */
  checkpoint?: CheckpointFile;
  /** How layers were measured and stored, in the order in which it was told. */
  storage: ({ step: number } & StorageFacts)[];
  /** Mask updates in slow motion, the newest `MAX_SLOW_UPDATES`, in order. */
  slowUpdates: readonly SlowUpdate[];
}

/** Most entries of the storage of layers that a log keeps, the newest. */
export const MAX_STORAGE = 1000;
/** Most mask updates in slow motion that a log keeps, the newest: each has three masks. */
export const MAX_SLOW_UPDATES = 8;

/** A log of a run that has not told anything. */
export function createRunLog(): RunLog {
  return {
    version: 0, runId: undefined, status: { state: 'idle' }, layers: [], arms: [], totalSteps: 0, cost: [], biases: 0, notes: [], step: 0,
    tables: new Map(), masks: new Map(), answers: new Map(), baselines: [], written: [], inspections: new Map(), edits: [], phases: [], storage: [], slowUpdates: [],
  };
}

/**
 * Adds an event. `started` empties the log and ties it to its run; from then on events of other runs are ignored, so
 * that a late one cannot reach the next run.
 */
export function append(log: RunLog, event: RunEvent): void {
  if (event.type !== 'started' && log.runId !== undefined && event.runId !== log.runId) return;
  log.version++;
  switch (event.type) {
    case 'ready':
      log.adapter = event.adapter;
      if (log.status.state === 'idle') log.status = { state: 'loading' };
      break;
    case 'loading':
      log.status = { state: 'loading' };
      break;
    case 'compiling':
      log.status = { state: 'compiling', done: event.done, total: event.total };
      break;
    case 'started':
      start(log, event);
      break;
    case 'metrics':
      for (const rows of event.rows) addRows(log, rows);
      break;
    case 'masks':
      addMask(log, event.snapshot);
      break;
    case 'answers':
      addTo(log.answers, event.answers);
      break;
    case 'snapshot':
      log.inspections.set(inspectionKey(event.inspection), { step: event.step, inspection: event.inspection });
      break;
    case 'written':
      log.written = addWriting(log.written, event.written);
      break;
    case 'edit':
      if (log.edits.length < MAX_EDITS) log.edits.push({ step: event.step, path: event.path, value: event.value });
      break;
    case 'phase':
      log.phases.push({ index: event.index, step: event.step });
      break;
    case 'storage':
      log.storage = [...log.storage, ...event.layers.map((facts) => ({ step: event.step, ...facts }))].slice(-MAX_STORAGE);
      break;
    case 'slowUpdate':
      log.slowUpdates = [...log.slowUpdates.filter(({ step }) => step < event.update.step), event.update].slice(-MAX_SLOW_UPDATES);
      break;
    case 'checkpoint':
      log.checkpoint = event.checkpoint;
      break;
    case 'recovering':
      log.status = { state: 'loading' };
      break;
    case 'replaying':
      break;
    case 'recovered':
      log.status = { state: 'training' };
      break;
    default:
      close(log, event);
  }
}

function start(log: RunLog, event: Extract<RunEvent, { type: 'started' }>): void {
  const { experiment, layers, arms, totalSteps, cost, biases, notes, probe, baselines = [] } = event;
  // `ready` came before this log was tied to its run: to a log of the run before, which did not hear it.
  const { version } = log;
  const adapter = event.adapter ?? log.adapter;
  Object.assign(log, createRunLog(), { version, adapter, runId: event.runId, status: { state: 'training' } });
  Object.assign(log, { experiment, layers, arms, totalSteps, cost, biases, notes, probe, baselines });
}

function close(log: RunLog, event: Extract<RunEvent, { type: 'paused' | 'finished' | 'diverged' | 'lost' | 'failed' }>): void {
  switch (event.type) {
    case 'paused':
      // A run that ended may still answer to a pause that came too late.
      if (!isOver(log.status)) log.status = { state: 'paused', step: event.step };
      break;
    case 'finished':
      log.status = { state: 'finished', step: event.step, hash: event.hash, variants: event.variants };
      break;
    case 'diverged':
      log.status = { state: 'diverged', step: event.step, arm: event.arm, layer: event.layer, message: event.message };
      break;
    case 'lost':
    case 'failed':
      log.status = { state: event.type, message: event.message };
  }
  if ('step' in event) log.step = Math.max(log.step, event.step);
}

/** True once no more steps will follow. */
export function isOver({ state }: RunStatus): boolean {
  return state === 'finished' || state === 'diverged' || state === 'lost' || state === 'failed';
}

function addRows(log: RunLog, rows: MetricRows): void {
  const key = `${rows.arm}/${rows.table}`;
  const table = log.tables.get(key) ?? createTable();
  log.tables.set(key, table);
  appendRows(table, rows.step, rows.columns);
  log.step = Math.max(log.step, rows.step.at(-1) ?? 0);
  // There is no event for going on: rows of later steps tell it. Rows read late, of steps before the pause, do not.
  if (log.status.state === 'paused' && log.step > log.status.step) log.status = { state: 'training' };
}

function addMask(log: RunLog, snapshot: MaskSnapshot): void {
  const history = log.masks.get(snapshot.arm) ?? createMaskHistory(snapshot.arm, snapshot.mask.length);
  log.masks.set(snapshot.arm, history);
  addSnapshot(history, snapshot);
}

function addTo(histories: RunLog['answers'], answers: Answers): void {
  const history = histories.get(answers.arm) ?? createAnswerHistory(answers.arm);
  histories.set(answers.arm, history);
  addAnswers(history, answers);
}

/** Key of an inspection in the log. */
export function inspectionKey({ what, arm, layer }: Pick<Inspection, 'what' | 'arm' | 'layer'>): string {
  return `${what}/${arm}/${layer}`;
}

/** A column as a curve, up to and including a step: views of the log that later events do not change. */
export function series(log: RunLog, arm: ArmId, table: MetricRows['table'], column: string, end?: number): Series {
  return columnOf(log.tables.get(`${arm}/${table}`), column, end);
}

/** The masks of an arm as they were at a step; before the first snapshot, the first. The arrays are the log's own. */
export function maskAt(log: RunLog, arm: ArmId, step: number): MaskSnapshot | undefined {
  const history = log.masks.get(arm);
  return history && snapshotAt(history, step);
}

/** Number of the phase that a step belongs to: the newest one entered at or before it. */
export function phaseIndexAt(log: RunLog, step: number): number {
  return log.phases.findLast((phase) => phase.step <= step)?.index ?? 0;
}

/** Edits that were made at or before a step. */
export function editsUpTo(log: RunLog, step: number): Edit[] {
  return log.edits.filter((edit) => edit.step <= step);
}

/** How the layers of an arm were stored at a step, and what was measured until then, in the order of the network; layers that nothing was told of are left out. */
export function storageAt(log: RunLog, arm: ArmId, step: number): StorageFacts[] {
  return log.layers.flatMap(({ name }) => log.storage.findLast((facts) => facts.arm === arm && facts.layer === name && facts.step <= step) ?? []);
}

/** Where the run stands and how far it is; follows from the events alone. */
export function statusOf(log: RunLog): RunStatus & { stepsDone: number; totalSteps: number } {
  return { ...log.status, stepsDone: log.step, totalSteps: log.totalSteps };
}
