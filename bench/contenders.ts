import { createNetworks } from '../src/engine/experiment/network.ts';
import { openSlice } from '../src/engine/experiment/slices.ts';
import { RING_ROWS } from '../src/engine/experiment/trainer.ts';
import { openGpu } from '../src/engine/gpu/device.ts';
import { profileProgram } from '../src/engine/gpu/profiler.ts';
import { readNow } from '../src/engine/gpu/readback.ts';
import { createTuner } from '../src/engine/gpu/tuner.ts';
import { RING_WORDS } from '../src/engine/kernels/step.ts';
import { readShaders } from '../src/node/shaders.ts';
import { loadTfjs } from '../src/peers/nodeTfjs.ts';
import type { PeerMlp } from '../src/peers/peer.ts';
import { batchOf, denseExperiment, peerStart, syntheticData } from '../src/peers/same.ts';

/** `tiled`: Sparseland with its first variants; `tuned`: with those that its tuner chose in this process. */
export const CONTENDERS = ['tiled', 'tuned', 'tfjs', 'jax'] as const;
export type Name = (typeof CONTENDERS)[number];

/** Something that trains the network of the benchmark. */
export type Contender = Pick<PeerMlp, 'step' | 'wait' | 'loss'>;

/** One dispatch of a step, measured by the device. */
export interface PassTime {
  label: string;
  kernel: string;
  variant: string;
  ms: number;
  flops: number;
}

export function isContender(name: string): name is Name {
  return (CONTENDERS as readonly string[]).includes(name);
}

export const BATCH = 128;
const SEED = 1;
const experiment = denseExperiment({ hidden: [512, 512], batch: BATCH, steps: 1_000_000, rate: 0.05, seed: SEED });
/** A few batches: peers keep one batch on the device and load nothing, Sparseland takes its batches from these. */
const dataset = syntheticData({ features: 784, classes: 10, count: 8 * BATCH, seed: SEED });

/** Loads a contender's code; the result makes it, from asking for a device on. */
export async function open(name: Name, gpu: GPU): Promise<() => Promise<Contender>> {
  if (name === 'tiled' || name === 'tuned') return () => createOurs(gpu, name);
  const { x, labels } = batchOf(dataset, 0, BATCH);
  const make = name === 'tfjs' ? (({ createTfjsMlp }) => () => createTfjsMlp(gpu, peerStart(experiment, dataset)))(await loadTfjs())
    : (({ createJaxMlp }) => () => createJaxMlp(peerStart(experiment, dataset)))(await import('../src/peers/jaxMlp.ts'));
  return async () => {
    const peer = await make();
    peer.setBatch(x, labels);
    return peer;
  };
}

/** Sparseland as a run uses it: programs of a whole phase are compiled, a step samples, trains and takes statistics. */
export async function createOurs(gpuApi: GPU, variants: 'tiled' | 'tuned'): Promise<Contender & { profile(): Promise<PassTime[] | null> }> {
  const gpu = await openGpu(gpuApi, readShaders());
  const networks = createNetworks(gpu, experiment, dataset);
  await networks.enterPhase(0);
  const arm = networks.arms[0];
  if (!arm) throw new Error('The benchmark has no network.');
  arm.begin(networks.workspace());
  const program = arm.programs().step;
  if (variants === 'tuned') {
    const tuner = createTuner(gpu, networks.arena, [program]);
    while (await tuner.next());
  }
  let steps = 0;
  let done = Promise.resolve();
  return {
    step() {
      const next = arm.next(steps++);
      const slice = openSlice(gpu, networks.workspace());
      slice.run(next.program, next.knobs);
      ({ done } = slice.submit());
    },
    wait: () => done,
    async loss() {
      const [bytes] = await readNow(gpu.device, networks.arena, [{ buffer: arm.state.buffer('ring'), offset: 4 * RING_WORDS * ((steps - 1) % RING_ROWS), bytes: 4 * RING_WORDS }]);
      return new Float32Array(bytes as ArrayBuffer)[1] as number;
    },
    async profile() {
      const ns = await profileProgram(gpu, networks.arena, networks.workspace(), program, 0, 7);
      return ns && program.dispatches.map((d, at) => ({
        label: d.label, kernel: d.kernel.name, variant: program.chosen[at]?.name ?? '', ms: (ns[at] ?? 0) / 1e6, flops: d.kernel.work(d.params).flops,
      }));
    },
  };
}

