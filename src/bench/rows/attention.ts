import { createArena } from '../../engine/gpu/arena.ts';
import { createKnobLayout } from '../../engine/gpu/knobs.ts';
import { createWorkspace } from '../../engine/gpu/program.ts';
import { readNow } from '../../engine/gpu/readback.ts';
import { createState } from '../../engine/gpu/state.ts';
import { createTrace, type Trace } from '../../engine/gpu/trace.ts';
import { attentionForward, attentionKeyGradient, attentionQueryGradient } from '../../engine/kernels/attention.ts';
import { PURPOSE, randomUniformArray } from '../../engine/random.ts';
import type { PeerAttention, PeerName } from '../../peers/peer.ts';
import { openPeerWork } from '../peerWork.ts';
import { describeProgram, flopsOf, runPrograms, tunePrograms, type Bench } from '../programs.ts';
import type { BenchHost, BenchRow, Contender, OpenContender } from '../row.ts';

type Sizes = Pick<PeerAttention, 'heads' | 'width' | 'sequences' | 'context'>;

const SIZES: Sizes = { sequences: 4, heads: 4, context: 256, width: 32 };
const SEED = 1;
/** What is read, and what all contenders must agree on. */
const READ = ['q', 'k', 'v', 'dy'] as const;
const MADE = ['y', 'dq', 'dk', 'dv'] as const;

/** Causal attention forward and backward, all of q, k, v and the gradient that arrives in memory. Peers keep the probabilities, or whatever their own derivation keeps. */
export function attention(sizes: Sizes = SIZES): BenchRow {
  const { sequences, heads, context, width } = sizes;
  const peer = (name: PeerName): Contender => ({ name, peer: name, open: (host) => openPeer(host, name, sizes) });
  return {
    name: 'attention',
    title: `Causal attention, forward and gradients of q, k and v: ${sequences} sequences of ${context}, ${heads} heads of ${width}`,
    baseline: 'sparseland',
    contenders: [{ name: 'sparseland', open: ({ gpu }) => openOwn(gpu, sizes) }, peer('tfjs'), peer('jax')],
  };
}

const lengthOf = ({ heads, width, sequences, context }: Sizes): number => heads * width * sequences * context;

/** The same numbers for all contenders; scores of a few units, as those of a trained network. */
function inputs(sizes: Sizes): PeerAttention {
  const [q, k, v, dy] = READ.map((_, stream) => randomUniformArray(SEED, PURPOSE.data, stream, lengthOf(sizes), -1, 1)) as [Float32Array, Float32Array, Float32Array, Float32Array];
  return { ...sizes, q, k, v, dy };
}

function traceAttention(sizes: Sizes): Trace {
  const trace = createTrace();
  const { heads, width, context, sequences } = sizes;
  const params = { heads, width, context, sequences, causal: 1, scale: 1 / Math.sqrt(width) };
  const matrix = (name: string) => trace.state(name, 'f32', lengthOf(sizes));
  const [q, k, v, dy] = [matrix('q'), matrix('k'), matrix('v'), matrix('dy')];
  const [y, dq, dk, dv] = [matrix('y'), matrix('dq'), matrix('dk'), matrix('dv')];
  const [norms, offsets] = ['norms', 'offsets'].map((name) => trace.transient(name, 'f32', [heads, sequences * context])) as [typeof y, typeof y];
  trace.dispatch(attentionForward, { label: 'forward', params, bind: { q, k, v, y, norms } });
  trace.dispatch(attentionQueryGradient, { label: 'query gradient', params, bind: { q, k, v, y, dy, norms, offsets, dq } });
  trace.dispatch(attentionKeyGradient, { label: 'key gradient', params, bind: { q, k, v, dy, norms, offsets, dk, dv } });
  return trace;
}

async function openOwn(gpu: BenchHost['gpu'], sizes: Sizes): Promise<OpenContender> {
  const arena = createArena(gpu.device);
  const workspace = createWorkspace(gpu, arena, createKnobLayout());
  const state = createState(gpu.device, arena, 'attention');
  const program = workspace.add('attention', traceAttention(sizes), state);
  const given = inputs(sizes);
  for (const name of READ) state.write(name, Float32Array.from(given[name]));
  await workspace.prepare([program]);
  const bench: Bench = { gpu, arena, workspace, next: () => ({ program, knobs: {} }) };
  const runner = runPrograms(bench);
  runner.run(1);
  await runner.wait();
  await tunePrograms(bench, [program]);
  return {
    ...runner,
    ...describeProgram(bench, program),
    flops: flopsOf(program),
    async result() {
      const read = await readNow(gpu.device, arena, MADE.map((name) => ({ buffer: state.buffer(name), offset: 0, bytes: 4 * lengthOf(sizes) })));
      const found = new Float32Array(MADE.length * lengthOf(sizes));
      read.forEach((bytes, i) => found.set(new Float32Array(bytes), i * lengthOf(sizes)));
      return found;
    },
    destroy: () => arena.destroy(),
  };
}

async function openPeer(host: BenchHost, name: PeerName, sizes: Sizes): Promise<OpenContender> {
  const flops = flopsOf({ dispatches: traceAttention(sizes).dispatches });
  return openPeerWork(await (await host.peer(name)).openAttention(inputs(sizes)), flops);
}
