import type { RunEventBody } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';

/** Two moons, RigL: an experiment whose runs are cheap to make up. */
export const MOONS: Experiment = findPreset('rigl-moons').experiment;

/** What a made-up run came to. */
export interface MadeUp {
  experiment?: Experiment;
  steps?: number;
  /** Test accuracies, evenly over the steps. */
  accuracies?: readonly number[];
  /** Densities of the masks, evenly from step 0 on. */
  densities?: readonly number[];
  hash?: string | null;
}

/** Events of a run that was never trained: loss 1 / step, 2 ms a step. Without a hash it is stopped. */
export function madeUpEvents({ experiment = MOONS, steps = 100, accuracies = [0.5, 0.9], densities = [0.2], hash = 'abc' }: MadeUp = {}): RunEventBody[] {
  const f32 = (values: readonly number[]): Float32Array => Float32Array.from(values);
  const every = (count: number, from: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => Math.round(((i + from) * steps) / count));
  const all = Uint32Array.from({ length: steps }, (_, i) => i + 1);
  const layer = { name: 'fc1', out: 32, in: 2, maskable: true, wordOffset: 0, words: 2, activation: 'relu' };
  const mask = Uint32Array.of(0x0f0f0f0f, 0x0f0f0f0f);
  return [
    { type: 'started', experiment, layers: [layer], arms: ['main'], totalSteps: steps, biases: 32, notes: [], cost: [{ arm: 'main', dispatches: 1, flops: 1e5, denseFlops: 1e6, bytes: 1, plannedBytes: 1, peakBytes: 1, format: 'masked' }] },
    { type: 'metrics', rows: [
      { arm: 'main', table: 'train', step: all, columns: { loss: f32([...all].map((step) => 1 / step)), accuracy: f32([...all].map(() => 0.5)) } },
      { arm: 'main', table: 'test', step: every(accuracies.length, 1), columns: { accuracy: f32(accuracies), loss: f32(accuracies.map((a) => 1 - a)) } },
      { arm: 'main', table: 'time', step: all, columns: { stepMs: f32([...all].map(() => 2)) } },
    ] },
    ...[...every(densities.length, 0)].map((step, i): RunEventBody => ({
      type: 'metrics', rows: [{ arm: 'main', table: 'mask', step: Uint32Array.of(step), columns: { density: f32([densities[i]!]), 'fc1.density': f32([densities[i]!]) } }],
    })),
    { type: 'masks', snapshot: { arm: 'main', step: 0, update: 0, mask, previous: mask, regrown: mask, fired: mask } },
    ...(hash === null ? [] : [{ type: 'finished', step: steps, hash, variants: {} } as const]),
  ];
}

/** The log of such a run. */
export function madeUpLog(made: MadeUp = {}, runId = 'run'): RunLog {
  const log = createRunLog();
  madeUpEvents(made).forEach((body, seq) => append(log, { runId, seq, ...body }));
  return log;
}
