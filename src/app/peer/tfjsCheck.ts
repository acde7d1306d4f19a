/* The name begins with `tfjs`, so that the size guard knows what this brings as loaded on request. */
import { loadDataset } from '../../engine/data/index.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { batchOf, denseExperiment, peerStart } from '../../peers/same.ts';
import type { TfjsAnswer, TfjsCommand } from '../../peers/tfjsWorker.ts';
import { createTrainerClient } from '../../worker/client.ts';
import { largestDifference, type Difference } from './difference.ts';

const STEPS = 20;
const BATCH = 32;
const SIZE = { hidden: [64, 64], batch: BATCH, steps: STEPS, rate: 0.3, seed: 3 };

/**
 * Trains the same dense network here and in TensorFlow.js, on this device, from the same parameters with the same
 * batches, and compares the losses. The workers of both end with it.
 * @param tell hears the steps that TensorFlow.js has done
 * @throws Error where either cannot train; the message says which.
 */
export async function checkAgainstTfjs(tell: (done: number, total: number) => void): Promise<Difference> {
  const dense = denseExperiment(SIZE);
  const experiment: Experiment = { ...dense, data: { set: 'teacher', batch: BATCH, noise: 0, samples: STEPS * BATCH } };
  const dataset = await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('The set is generated; nothing is fetched.')));
  const own = await trainHere(experiment);
  const peer = await trainThere(experiment, dataset, (done) => tell(done, STEPS));
  return largestDifference(own, peer);
}

/** The losses of all steps, from a worker of the kind that trains on the page. */
function trainHere(experiment: Experiment): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const losses: number[] = [];
    const client = createTrainerClient((event) => {
      if (event.type === 'metrics') {
        for (const { table, columns } of event.rows) if (table === 'train') losses.push(...(columns.loss ?? []));
      } else if (event.type === 'finished') {
        client.dispose();
        resolve(losses);
      } else if (event.type === 'failed' || event.type === 'lost' || event.type === 'diverged') {
        client.dispose();
        reject(new Error(`Sparseland could not train it: ${event.message}`));
      }
    });
    client.start({ experiment, dataUrl: '' });
  });
}

/** The losses of all steps in TensorFlow.js. */
async function trainThere(experiment: Experiment, dataset: Dataset, tell: (done: number) => void): Promise<number[]> {
  const worker = new Worker(new URL('../../peers/tfjsWorker.ts', import.meta.url), { type: 'module', name: 'sparseland-tfjs' });
  const say = (command: TfjsCommand): void => worker.postMessage(command);
  try {
    return await new Promise((resolve, reject) => {
      const losses: number[] = [];
      worker.onerror = ({ message }) => reject(new Error(`TensorFlow.js could not be loaded: ${message || 'no reason given'}`));
      worker.onmessage = ({ data }: MessageEvent<TfjsAnswer>) => {
        if (data.type === 'failed') reject(new Error(`TensorFlow.js could not train it: ${data.message}`));
        else if (data.type === 'ready') for (let step = 0; step < STEPS; step++) say({ type: 'step', ...batchOf(dataset, step * BATCH, BATCH) });
        else {
          losses.push(data.loss);
          tell(data.step);
          if (losses.length === STEPS) resolve(losses);
        }
      };
      say({ type: 'start', start: peerStart(experiment, dataset) });
    });
  } finally {
    worker.terminate();
  }
}
