import type { Gpu } from '../gpu/device.ts';
import { answersOf, type Dataset } from '../data/dataset.ts';
import type { Arm } from './arm.ts';
import { evaluationBatch } from './trainer.ts';
import type { MetricRows } from './events.ts';
import type { Networks } from './network.ts';
import type { Job } from './reads.ts';
import { testRow } from './rows.ts';
import { openSlice } from './slices.ts';

/** Batches of an evaluation in one submit. */
const BATCHES_A_SLICE = 32;

/** Sends an evaluation of an arm on the whole test set; each submit is told to `sent`, which may wait. */
export async function sendEvaluation(gpu: Gpu, networks: Networks, arm: Arm, dataset: Dataset, sent: (done: Promise<void>) => Promise<void>): Promise<void> {
  const { count } = dataset.test;
  const batch = evaluationBatch(dataset);
  const batches = Math.ceil(count / batch);
  for (let first = 0; first < batches; first += BATCHES_A_SLICE) {
    const slice = openSlice(gpu, networks.workspace());
    for (let b = first; b < Math.min(batches, first + BATCHES_A_SLICE); b++) {
      slice.run(arm.programs().evaluate, { position: b * batch, epoch: 0, valid: Math.min(batch, count - b * batch) * answersOf(dataset), slot: b });
    }
    await sent(slice.submit().done);
  }
}

/** Reads what `sendEvaluation` found. */
export function evaluationJob(arm: Arm, dataset: Dataset, step: number, tell: (row: MetricRows) => void): Job {
  const { count } = dataset.test;
  const batches = Math.ceil(count / evaluationBatch(dataset));
  return {
    parts: [{ buffer: arm.state.buffer('evaluations'), offset: 0, bytes: 8 * batches }],
    handle: (data) => tell(testRow(arm, new Uint32Array(data[0] as ArrayBuffer), batches, step, count * answersOf(dataset))),
  };
}
