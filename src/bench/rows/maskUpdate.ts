import { createArena } from '../../engine/gpu/arena.ts';
import type { Gpu } from '../../engine/gpu/device.ts';
import { createKnobLayout, type KnobLayout, type KnobValues } from '../../engine/gpu/knobs.ts';
import { createWorkspace, type Program, type Workspace } from '../../engine/gpu/program.ts';
import { createState, type State } from '../../engine/gpu/state.ts';
import { createTrace, type Trace } from '../../engine/gpu/trace.ts';
import { statusWords } from '../../engine/kernels/mask.ts';
import { ACTIVATION_CODES } from '../../engine/kernels/elementwise.ts';
import { linearForward, linearInputGradient, linearWeightGradient } from '../../engine/kernels/linear.ts';
import { initialParams, layoutParams, type ParamLayout, paramTable, segmentTable } from '../../engine/nn/layout.ts';
import { traceOptimizer } from '../../engine/optim/optimizer.ts';
import { PURPOSE, randomUniformArray } from '../../engine/random.ts';
import { traceMaskUpdate } from '../../engine/sparsity/gpuUpdate.ts';
import { randomMaskBits } from '../../engine/sparsity/initialMask.ts';
import { METHODS } from '../../engine/sparsity/methods/index.ts';
import { describeProgram, flopsOf, runPrograms, tunePrograms, type Bench } from '../programs.ts';
import type { BenchRow, OpenContender } from '../row.ts';

const BATCH = 128;
const DENSITY = 0.1;
const DROP_FRACTION = 0.3;
/** Layers that take turns; an update changes its layer, so there are no more executions than layers before a reset. */
const LAYERS = 4;
const RING_ROWS = 8;
const SEED = 1;

/** What a change of masks costs beside what it saves: RigL's update of one square layer, against that layer's dense step. */
export function maskUpdate(side: number): BenchRow {
  const layer = describeLayer(side);
  const grown = Math.round(DROP_FRACTION * layer.active);
  return {
    name: 'mask-update',
    title: `RigL's mask update of ${side} x ${side} weights at density ${100 * DENSITY} %: score, select, apply; against the layer's three products at batch ${BATCH} and SGD`,
    baseline: 'dense-step',
    contenders: [
      { name: 'dense-step', open: ({ gpu }) => openLayers(gpu, layer, traceDenseStep, () => ({ rate: 0 })) },
      { name: 'update', open: ({ gpu }) => openLayers(gpu, layer, traceUpdate, (update) => ({ keep: [layer.active - grown], grow: [grown], update })) },
    ],
  };
}

interface Layer {
  side: number;
  layout: ParamLayout;
  /** Weights that are not masked out. */
  active: number;
  statusLength: number;
}

function describeLayer(side: number): Layer {
  const layout = layoutParams([{ name: 'weight', shape: [side, side], init: 'kaiming', maskable: true, rateScale: 1, decayScale: 1, trainable: true }]);
  return { side, layout, active: Math.round(DENSITY * side * side), statusLength: statusWords(RING_ROWS, layout.layers.length) };
}

function traceDenseStep(knobs: KnobLayout, { side, layout, statusLength }: Layer): Trace {
  const trace = createTrace();
  const weight = trace.view(trace.state('params', 'f32', layout.n), 'weight', 0, [side, side]);
  const dw = trace.view(trace.state('grads', 'f32', layout.n), 'weight gradient', 0, [side, side]);
  const batch = (name: string) => trace.reshape(trace.state(name, 'f32', side * BATCH), [side, BATCH]);
  const [x, y, dy, dx] = [batch('x'), batch('y'), batch('dy'), batch('dx')];
  const params = { out_size: side, in_size: side, batch: BATCH, activation: ACTIVATION_CODES.none, has_bias: 0 };
  trace.dispatch(linearForward, { label: 'forward', params, bind: { weight, x, bias: weight, y } });
  trace.dispatch(linearWeightGradient, { label: 'weight gradient', params, bind: { dy, x, dw, db: trace.transient('no bias', 'f32', [1]) } });
  trace.dispatch(linearInputGradient, { label: 'input gradient', params, bind: { weight, dy, saved: x, dx } });
  traceOptimizer(trace, knobs, { name: 'sgd', momentum: 0.9, nesterov: false, beta1: 0, beta2: 0, epsilon: 0, decay: 0 }, layout, statusLength);
  return trace;
}

function traceUpdate(knobs: KnobLayout, { layout }: Layer): Trace {
  const trace = createTrace();
  const plan = { scope: 'layer', regrowAllowed: true, keepValueOnRegrow: false } as const;
  traceMaskUpdate(trace, knobs, { method: METHODS.rigl, plan, layout, slotCount: 1, seed: SEED, ringRows: RING_ROWS });
  return trace;
}

async function openLayers(gpu: Gpu, layer: Layer, trace: (knobs: KnobLayout, layer: Layer) => Trace, knobsOf: (execution: number) => KnobValues): Promise<OpenContender> {
  const arena = createArena(gpu.device);
  const row = createKnobLayout();
  const workspace = createWorkspace(gpu, arena, row);
  const layers = Array.from({ length: LAYERS }, (_, i) => openLayer(layer, workspace, createState(gpu.device, arena, `layer ${i}`), trace(row, layer), i));
  const programs = layers.map(({ program }) => program);
  await workspace.prepare(programs);
  const bench: Bench = { gpu, arena, workspace, next: (i) => ({ program: programs[i % LAYERS] as Program, knobs: knobsOf(i) }) };
  const runner = runPrograms(bench);
  const reset = async (): Promise<void> => {
    layers.forEach((one) => one.reset());
    // Writes may stay in the queue until the next submit, where they would be timed.
    gpu.device.queue.submit([]);
    await gpu.device.queue.onSubmittedWorkDone();
  };
  runner.run(1);
  await runner.wait();
  await tunePrograms(bench, programs);
  await reset();
  return { ...runner, ...describeProgram(bench, programs[0] as Program), flops: flopsOf(programs[0] as Program), reset, most: LAYERS, destroy: () => arena.destroy() };
}

/** One of the layers, with values of its own. */
function openLayer({ side, layout, active }: Layer, workspace: Workspace, state: State, trace: Trace, index: number): { program: Program; reset(): void } {
  const program = workspace.add(`layer ${index}`, trace, state);
  const words = layout.masked / 32;
  const mask = randomMaskBits(SEED, index, side * side, active);
  const masks = new Uint32Array(4 * words);
  masks.set(mask, 0);
  masks.set(mask, words);
  const params = initialParams(layout, SEED + index).map((w, i) => (((mask[i >>> 5] as number) >>> (i & 31)) & 1 ? w : 0));
  const values = (stream: number, length: number): Float32Array => randomUniformArray(SEED, PURPOSE.data, 10 * stream + index, length, -1, 1);
  const first: Readonly<Record<string, Float32Array | Uint32Array>> = {
    params, masks, grads: values(0, layout.n), table: paramTable(layout), segments: segmentTable(layout),
    status: Uint32Array.of(0xffffffff, 0xffffffff), x: values(1, side * BATCH), dy: values(2, side * BATCH),
  };
  const write = (names: readonly string[]): void => names.forEach((name) => {
    const data = first[name];
    if (data && state.names().includes(name)) state.write(name, data);
  });
  write(Object.keys(first));
  // Gradients, inputs and tables stay as they are.
  return { program, reset: () => write(['params', 'masks']) };
}
