import { createArena } from '../../engine/gpu/arena.ts';
import { createKnobLayout } from '../../engine/gpu/knobs.ts';
import { createWorkspace } from '../../engine/gpu/program.ts';
import { createState } from '../../engine/gpu/state.ts';
import { createTrace, type Trace, type Value } from '../../engine/gpu/trace.ts';
import { nmForward } from '../../engine/kernels/nm.ts';
import { linearForward } from '../../engine/kernels/linear.ts';
import { nmLength, traceNmIndex, traceNmValues } from '../../engine/ops/nmLinear.ts';
import { PURPOSE, randomUniformArray } from '../../engine/random.ts';
import { packBits } from '../../engine/sparsity/bits.ts';
import { describeProgram, runPrograms, tunePrograms, type Bench } from '../programs.ts';
import type { BenchHost, BenchRow, OpenContender } from '../row.ts';

const BATCH = 128;
const SEED = 1;

/** N of every M inputs, by lines of `share` outputs. */
interface Pattern { n: number; m: number; share: number }

const sizesOf = (size: number) => ({ out_size: size, in_size: size, batch: BATCH, activation: 0, has_bias: 0 });

/** Weights, inputs and outputs of the product. */
function factors(trace: Trace, size: number): { weight: Value; x: Value; y: Value } {
  return { weight: trace.state('weight', 'f32', size * size), x: trace.state('x', 'f32', size * BATCH), y: trace.state('y', 'f32', size * BATCH) };
}

function traceDense(size: number): Trace {
  const trace = createTrace();
  const { weight, x, y } = factors(trace, size);
  trace.dispatch(linearForward, { label: 'product', params: sizesOf(size), bind: { weight, x, bias: weight, y } });
  return trace;
}

/** Values are compressed anew each time, as in a training step. */
function traceNm(size: number, { m, share }: Pattern): Trace {
  const trace = createTrace();
  const { weight, x, y } = factors(trace, size);
  const index = trace.state('index', 'u32', nmLength({ out: size, in: size }, { m, share }));
  const values = traceNmValues(trace, { out_size: size, in_size: size, m, share }, 'weight', weight, index);
  trace.dispatch(nmForward, { label: 'product', params: { ...sizesOf(size), m, share }, bind: { values, index, x, beside: weight, y } });
  return trace;
}

/** Makes the index of a mask that keeps other places in each line. */
function traceIndex(size: number, { m, share }: Pattern): Trace {
  const trace = createTrace();
  const index = trace.state('index', 'u32', nmLength({ out: size, in: size }, { m, share }));
  traceNmIndex(trace, { name: 'weight', out: size, in: size, first: 0 }, trace.state('mask', 'bits', size * size), index, { m, share });
  return trace;
}

const maskOf = (size: number, { n, m, share }: Pattern): Uint32Array<ArrayBuffer> =>
  Uint32Array.from(packBits(Uint8Array.from({ length: size * size }, (_, i) => (((i % size) + 3 * Math.floor(i / size / share)) % m < n ? 1 : 0))));

async function open({ gpu }: BenchHost, size: number, pattern?: Pattern): Promise<OpenContender> {
  const arena = createArena(gpu.device);
  const workspace = createWorkspace(gpu, arena, createKnobLayout());
  const state = createState(gpu.device, arena, 'nm product');
  const index = pattern && workspace.add('index', traceIndex(size, pattern), state);
  const program = workspace.add('product', pattern ? traceNm(size, pattern) : traceDense(size), state);
  const numbers = (stream: number, length: number): Float32Array<ArrayBuffer> => Float32Array.from(randomUniformArray(SEED, PURPOSE.data, stream, length, -1, 1));
  state.write('weight', numbers(0, size * size));
  state.write('x', numbers(1, size * BATCH));
  if (pattern) state.write('mask', maskOf(size, pattern));
  await workspace.prepare(index ? [index, program] : [program]);
  const ran = async (one: typeof program): Promise<Bench> => {
    const bench: Bench = { gpu, arena, workspace, next: () => ({ program: one, knobs: {} }) };
    const runner = runPrograms(bench);
    runner.run(1);
    await runner.wait();
    return bench;
  };
  if (index) await ran(index);
  const bench = await ran(program);
  await tunePrograms(bench, [program]);
  return { ...runPrograms(bench), ...describeProgram(bench, program), flops: 2 * size * size * BATCH, destroy: () => arena.destroy() };
}

/** Forward product of a layer that keeps n of every m inputs, its values compressed each time, against the dense product. */
export function nmProduct(n: number, m: number, share: number, size = 1024): BenchRow {
  return {
    name: `nm-product-${n}-${m}-by-${share}`,
    title: `Forward product of ${size} x ${size} weights at batch ${BATCH}, ${n} of every ${m} inputs kept, one pattern for ${share === 1 ? 'each output' : `${share} outputs`}, values compressed each time; against the dense product`,
    baseline: 'dense',
    contenders: [{ name: 'dense', open: (host) => open(host, size) }, { name: 'nm', open: (host) => open(host, size, { n, m, share }) }],
  };
}
