import { createCommandPort } from '../engine/experiment/commands.ts';
import type { Dataset } from '../engine/data/dataset.ts';
import type { Experiment } from '../engine/experiment/experiment.ts';
import { run } from '../engine/experiment/run.ts';
import type { Gpu } from '../engine/gpu/device.ts';
import type { PeerNetwork, PeerStart } from './peer.ts';
import { batchOf, denseExperiment, peerStart, syntheticData } from './same.ts';

/** Steps that are compared. */
export const STEPS = 20;
/** Most that two losses of one step may differ. */
export const TOLERANCE = 1e-3;
const BATCH = 32;

/** A run, and the data that it takes in order. */
export interface Work {
  experiment: Experiment;
  dataset: Dataset;
}

const experiment = denseExperiment({ hidden: [64, 64], batch: BATCH, steps: STEPS, rate: 0.3, seed: 3 });
const dataset = syntheticData({ features: 48, classes: 10, count: STEPS * BATCH, seed: 3 });

const MLP: Work = { experiment, dataset };

/** Losses of a dense 64-wide network, trained here and by a peer from the same parameters on the same batches. */
export interface Comparison {
  own: readonly number[];
  peer: readonly number[];
  /** Largest difference in any step; NaN where a loss is none. */
  largest: number;
  /** All steps were made, and no two losses differ by TOLERANCE or more. */
  agrees: boolean;
}

/** Trains the network in Sparseland, or another one. @throws what the device reports */
export async function ownLosses(gpu: Gpu, { experiment, dataset }: Work = MLP): Promise<number[]> {
  const losses: number[] = [];
  for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort(), tune: false })) {
    if (event.type !== 'metrics') continue;
    for (const row of event.rows) if (row.table === 'train') losses.push(...(row.columns.loss ?? []));
  }
  return losses;
}

/** Trains the same network in a peer. */
export async function peerLosses(create: (start: PeerStart) => Promise<PeerNetwork>): Promise<number[]> {
  return lossesOf(await create(peerStart(experiment, dataset)), MLP);
}

/** Trains a peer's network for the steps of the run, on its batches, and destroys it. */
export async function lossesOf(peer: PeerNetwork, { experiment, dataset }: Work): Promise<number[]> {
  const { batch } = experiment.data;
  const losses: number[] = [];
  for (let step = 0; step < (experiment.phases[0]?.steps ?? 0); step++) {
    peer.setBatches([batchOf(dataset, step * batch, batch)]);
    peer.step();
    losses.push(await peer.loss());
  }
  peer.destroy();
  return losses;
}

/** Holds the losses against each other, step by step. */
export function compare(own: readonly number[], peer: readonly number[]): Comparison {
  const largest = Math.max(...own.map((loss, step) => Math.abs(loss - (peer[step] ?? Number.NaN))));
  return { own, peer, largest, agrees: own.length === STEPS && peer.length === STEPS && largest < TOLERANCE };
}
