import { RING_WORDS } from '../kernels/step.ts';
import type { Arm } from './arm.ts';
import type { MetricRows, RunEventBody } from './events.ts';
import { RING_ROWS } from './trainer.ts';

/** Rows of the train table for steps `from` (exclusive) to `to` (inclusive), from the ring on the device and what the CPU `set` for them, by column and row of the ring. */
export function trainRows(arm: Arm, ring: Uint32Array, from: number, to: number, batch: number, set: ReadonlyMap<string, Float32Array>): MetricRows | undefined {
  const n = to - from;
  if (n <= 0) return undefined;
  const floats = new Float32Array(ring.buffer);
  const step = new Uint32Array(n);
  const columns = { loss: new Float32Array(n), accuracy: new Float32Array(n), gradNorm: new Float32Array(n) };
  for (let i = 0; i < n; i++) {
    const row = ((from + i) % RING_ROWS) * RING_WORDS;
    step[i] = from + i + 1;
    columns.loss[i] = floats[row + 1] as number;
    columns.accuracy[i] = (ring[row + 2] as number) / batch;
    columns.gradNorm[i] = floats[row + 3] as number;
  }
  const chosen = [...set].map(([name, ring]) => [name, Float32Array.from(step, (s) => ring[(s - 1) % RING_ROWS] as number)] as const);
  return { arm: arm.id, table: 'train', step, columns: { ...columns, ...Object.fromEntries(chosen) } };
}

/** The row of an evaluation: sums of its batches, added in float64. */
export function testRow(arm: Arm, rows: Uint32Array, batches: number, step: number, count: number): MetricRows {
  const floats = new Float32Array(rows.buffer);
  let loss = 0;
  let correct = 0;
  for (let b = 0; b < batches; b++) {
    loss += floats[2 * b] as number;
    correct += rows[2 * b + 1] as number;
  }
  return { arm: arm.id, table: 'test', step: Uint32Array.of(step), columns: { loss: Float32Array.of(loss / count), accuracy: Float32Array.of(correct / count) } };
}

/** What a raised divergence flag says: the first step that was not finite, and in it the lowest tensor. */
export function divergenceOf(arm: Arm, status: Uint32Array): RunEventBody {
  const tensor = arm.layout.tensors[status[1] as number];
  const layer = tensor?.name ?? 'the loss';
  const bad = (status[0] as number) + 1;
  const what = tensor ? `the gradient of ${layer}` : layer;
  return { type: 'diverged', step: bad, arm: arm.id, layer, message: `At step ${bad} ${what} was no longer finite. The parameters are those of step ${bad - 1}. Lower the learning rate or switch on clipping.` };
}
