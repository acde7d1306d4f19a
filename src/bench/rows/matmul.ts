import { createArena } from '../../engine/gpu/arena.ts';
import { createKnobLayout } from '../../engine/gpu/knobs.ts';
import { createWorkspace } from '../../engine/gpu/program.ts';
import { readNow } from '../../engine/gpu/readback.ts';
import { createState } from '../../engine/gpu/state.ts';
import { createTrace, type Trace } from '../../engine/gpu/trace.ts';
import { ACTIVATION_CODES } from '../../engine/kernels/elementwise.ts';
import { linearForward } from '../../engine/kernels/linear.ts';
import { PURPOSE, randomUniformArray } from '../../engine/random.ts';
import type { PeerName } from '../../peers/peer.ts';
import { openPeerWork } from '../peerWork.ts';
import { describeProgram, runPrograms, tunePrograms, type Bench } from '../programs.ts';
import type { BenchHost, BenchRow, Contender, OpenContender } from '../row.ts';

/** Right factors that take turns, so that none is at hand from the execution before. */
const INPUTS = 4;
const SEED = 1;

/** A dense product C (size, size) = A (size, size) B (size, size) in f32, by the forward kernel of a linear layer. */
export function matmul(size: number): BenchRow {
  const peer = (name: PeerName): Contender => ({ name, peer: name, open: (host) => openPeer(host, name, size) });
  return {
    name: `matmul-${size}`,
    title: `Dense product of two ${size} x ${size} matrices, f32`,
    baseline: 'sparseland',
    contenders: [{ name: 'sparseland', open: ({ gpu }) => openOwn(gpu, size) }, peer('tfjs'), peer('jax')],
  };
}

/** The same numbers for all contenders. */
function factors(size: number): { left: Float32Array; rights: Float32Array[] } {
  const matrix = (stream: number): Float32Array => randomUniformArray(SEED, PURPOSE.data, stream, size * size, -1, 1);
  return { left: matrix(0), rights: Array.from({ length: INPUTS }, (_, i) => matrix(i + 1)) };
}

function traceProduct(size: number, input: number): Trace {
  const trace = createTrace();
  const square = (name: string) => trace.reshape(trace.state(name, 'f32', size * size), [size, size]);
  const weight = square('left');
  trace.dispatch(linearForward, {
    label: 'product',
    params: { out_size: size, in_size: size, batch: size, activation: ACTIVATION_CODES.none, has_bias: 0 },
    bind: { weight, x: square(`right ${input}`), bias: weight, y: square('product') },
  });
  return trace;
}

async function openOwn(gpu: BenchHost['gpu'], size: number): Promise<OpenContender> {
  const arena = createArena(gpu.device);
  const workspace = createWorkspace(gpu, arena, createKnobLayout());
  const state = createState(gpu.device, arena, 'matmul');
  const programs = Array.from({ length: INPUTS }, (_, input) => workspace.add(`product ${input}`, traceProduct(size, input), state));
  const { left, rights } = factors(size);
  state.write('left', left);
  rights.forEach((right, input) => state.write(`right ${input}`, right));
  await workspace.prepare(programs);
  const bench: Bench = { gpu, arena, workspace, next: (i) => ({ program: programs[i % INPUTS] as (typeof programs)[number], knobs: {} }) };
  const runner = runPrograms(bench);
  runner.run(1);
  await runner.wait();
  await tunePrograms(bench, programs);
  return {
    ...runPrograms(bench),
    ...describeProgram(bench, programs[0] as (typeof programs)[number]),
    flops: 2 * size ** 3,
    async result() {
      const [bytes] = await readNow(gpu.device, arena, [{ buffer: state.buffer('product'), offset: 0, bytes: 4 * size * size }]);
      return new Float32Array(bytes as ArrayBuffer);
    },
    destroy: () => arena.destroy(),
  };
}

async function openPeer(host: BenchHost, name: PeerName, size: number): Promise<OpenContender> {
  return openPeerWork(await (await host.peer(name)).openMatmul({ size, ...factors(size) }), 2 * size ** 3);
}
