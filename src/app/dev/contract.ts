// Stand-ins for modules of the engine that are being written; deleted when they land.
import type { Knob, KnobTable, KnobValue } from '../../engine/experiment/card.ts';
import type { ArmId, CostFacts, Inspection, LayerFacts, MaskSnapshot, MetricRows, RunEvent } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { defaultKnobs } from '../../engine/sparsity/knobs.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';

const n = (min: number, max: number, def: number, label: string, help: string, more: object = {}): Knob => ({ kind: 'number', min, max, default: def, label, help, ...more });
export const OPTIMIZER_KNOBS: KnobTable = {
  name: { kind: 'choice', options: ['sgd', 'adam', 'adamw'], default: 'sgd', label: 'Optimizer', help: 'The update rule.' },
  rate: n(0.0001, 10, 0.1, 'Learning rate', 'Size of a step along the gradient.', { log: true, live: true }),
  momentum: n(0, 0.999, 0.9, 'Momentum', 'Share of the last step that is carried on.'),
  decay: n(0, 1, 0.0001, 'Weight decay', 'Pull of the weights towards 0.', { log: true, advanced: true }),
};
export const DATA_KNOBS: KnobTable = {
  set: { kind: 'choice', options: ['mnist-10k', 'mnist', 'moons', 'spirals'], default: 'mnist-10k', label: 'Data set', help: 'What is learnt.' },
  batch: { kind: 'integer', min: 1, max: 4096, default: 128, log: true, label: 'Batch', help: 'Examples a step.' },
};
export const MODEL_KNOBS: KnobTable = {
  hidden: { kind: 'widths', max: 4096, default: [128], label: 'Hidden widths', help: 'Units of each hidden layer.' },
  activation: { kind: 'choice', options: ['relu', 'gelu', 'tanh'], default: 'relu', label: 'Activation', help: 'What a hidden unit makes of its sum.' },
};
export const RUN_KNOBS: KnobTable = {
  seed: { kind: 'integer', min: 0, max: 4294967295, default: 1, label: 'Seed', help: 'Initial weights, masks and batch order follow from it.' },
  steps: { kind: 'integer', min: 1, max: 1000000, default: 2000, log: true, label: 'Steps', help: 'Where the run ends.' },
};
const base = (id: string, method: string, more: Record<string, KnobValue> = {}): Experiment => ({
  version: 1, preset: id, seed: 1,
  data: { set: id.includes('moons') ? 'moons' : 'mnist-10k', batch: 128, noise: 0.1, samples: 1000 },
  model: { hidden: id.includes('moons') ? [32, 32] : [128], activation: 'relu', norm: 'none', dropout: 0 },
  phases: [{ steps: 2000, entry: 'keep', optimizerState: 'reset', sampler: 'permutation',
    optimizer: { name: 'sgd', rate: 0.1, momentum: 0.9, nesterov: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.0001, clip: 0, schedule: 'constant', warmup: 0 },
    sparsity: { method, ...defaultKnobs(findMethod(method).card.knobs), ...more } }],
  evaluateEvery: 50, beside: { random: true, dense: true }, edits: [],
});
export const PRESETS: Record<string, { id: string; title: string; sentence: string; experiment: Experiment }> = {
  'hello-mnist': { id: 'hello-mnist', title: 'Hello, sparse digits', sentence: 'GMP to 5 %', experiment: base('hello-mnist', 'gmp') },
  'rigl-mnist': { id: 'rigl-mnist', title: 'RigL on digits, 1 %', sentence: 'RigL', experiment: base('rigl-mnist', 'rigl', { density: 0.01 }) },
  'rigl-moons': { id: 'rigl-moons', title: 'RigL on two moons', sentence: 'moons', experiment: base('rigl-moons', 'rigl') },
};
export function parseExperiment(input: unknown): { experiment: Experiment; notes: string[] } {
  return { experiment: input as Experiment, notes: [] };
}
export function setPath(experiment: Experiment, path: string, value: unknown): Experiment {
  const [head = '', key = ''] = path.split('.');
  const copy = structuredClone(experiment) as unknown as Record<string, Record<string, unknown>>;
  const phase = (copy as unknown as { phases: Record<string, Record<string, unknown>>[] }).phases[0]!;
  if (head === 'sparsity' && key === 'method') phase.sparsity = { method: value, ...defaultKnobs(findMethod(String(value)).card.knobs) } as never;
  else if (head === 'optimizer' || head === 'sparsity') phase[head]![key] = value;
  else if (path === 'steps') Object.assign(phase, { steps: value });
  else if (key) copy[head]![key] = value;
  else (copy as Record<string, unknown>)[head] = value;
  return copy as unknown as Experiment;
}
export function getPath(experiment: Experiment, path: string): KnobValue | readonly number[] | undefined {
  const [head = '', key = ''] = path.split('.');
  const phase = experiment.phases[0]! as unknown as Record<string, Record<string, KnobValue>>;
  if (head === 'optimizer' || head === 'sparsity') return phase[head]![key];
  if (path === 'steps') return experiment.phases[0]!.steps;
  const any = experiment as unknown as Record<string, Record<string, KnobValue>>;
  return key ? any[head]?.[key] : (any[head] as unknown as KnobValue);
}
export function encodeLink(experiment: Experiment): string {
  const parts = [`preset=${experiment.preset}`];
  if (experiment.seed !== 1) parts.push(`seed=${experiment.seed}`);
  return `#${parts.join('&')}`;
}
export function decodeLink(hash: string): { experiment: Experiment; notes: string[] } {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const preset = PRESETS[query.get('preset') ?? ''] ?? PRESETS['hello-mnist']!;
  let experiment = preset.experiment;
  const notes: string[] = [];
  for (const [key, value] of query) if (key !== 'preset') {
    if (key === 'sparsity.density' && Number(value) === 0) { notes.push('density 0 raised to 0.1 %'); experiment = setPath(experiment, key, 0.001); }
    else experiment = setPath(experiment, key, Number.isNaN(Number(value)) ? value : Number(value));
  }
  return { experiment, notes };
}
export interface RunLog {
  experiment?: Experiment; layers: readonly LayerFacts[]; arms: readonly ArmId[]; totalSteps: number; cost: readonly CostFacts[]; biases: number;
  tables: Map<string, { step: number[]; columns: Map<string, number[]> }>;
  masks: Map<ArmId, MaskSnapshot[]>;
  inspections: Map<string, { step: number; inspection: Inspection }>;
  status: string; step: number;
}
export function createRunLog(): RunLog {
  return { layers: [], arms: [], totalSteps: 0, cost: [], biases: 0, tables: new Map(), masks: new Map(), inspections: new Map(), status: 'idle', step: 0 };
}
export function append(log: RunLog, event: RunEvent): void {
  if (event.type === 'started') { log.experiment = event.experiment; log.layers = event.layers; log.arms = event.arms; log.totalSteps = event.totalSteps; log.cost = event.cost; log.biases = event.biases; }
  else if (event.type === 'metrics') for (const rows of event.rows) addRows(log, rows);
  else if (event.type === 'masks') { const list = log.masks.get(event.snapshot.arm) ?? []; list.push(event.snapshot); log.masks.set(event.snapshot.arm, list); }
  else if (event.type === 'snapshot') log.inspections.set(`${event.inspection.what}/${event.inspection.arm}/${'layer' in event.inspection ? event.inspection.layer : ''}`, event);
}
function addRows(log: RunLog, rows: MetricRows): void {
  const key = `${rows.arm}/${rows.table}`;
  const table = log.tables.get(key) ?? { step: [], columns: new Map() };
  log.tables.set(key, table);
  table.step.push(...rows.step);
  log.step = Math.max(log.step, ...rows.step);
  for (const [name, values] of Object.entries(rows.columns)) table.columns.set(name, [...(table.columns.get(name) ?? []), ...values]);
}
export function series(log: RunLog, arm: ArmId, table: MetricRows['table'], column: string): { steps: ArrayLike<number>; values: ArrayLike<number> } {
  const found = log.tables.get(`${arm}/${table}`);
  return { steps: found?.step ?? [], values: found?.columns.get(column) ?? [] };
}
export function maskAt(log: RunLog, arm: ArmId, step: number): MaskSnapshot | undefined {
  return log.masks.get(arm)?.findLast((mask) => mask.step <= step || mask.update === 0);
}
export function openRecording(_bytes: Uint8Array): RunLog { return createRunLog(); }
export function statusOf(log: RunLog): { totalSteps: number } { return { totalSteps: log.totalSteps }; }
