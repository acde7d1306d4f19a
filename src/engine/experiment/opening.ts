import type { Arena } from '../gpu/arena.ts';
import type { Gpu } from '../gpu/device.ts';
import type { KnobLayout, KnobValues } from '../gpu/knobs.ts';
import type { Program, Workspace } from '../gpu/program.ts';
import { readNow, type ReadPart } from '../gpu/readback.ts';
import { ALIGN, createTrace, type Trace, type Value } from '../gpu/trace.ts';
import { accumulate } from '../kernels/elementwise.ts';
import { gradientStats, probe } from '../kernels/step.ts';
import { traceFlow } from '../nn/flow.ts';
import { slotCount } from '../optim/optimizer.ts';
import { traceMaskUpdate } from '../sparsity/gpuUpdate.ts';
import type { Opening } from '../sparsity/method.ts';
import { runAlone } from './armPrograms.ts';
import { COUNT_ROWS, gradientChunk, statusLength, traceBackward, type TrainerSpec } from './trainer.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Weights that each round of an opening keeps, per layer or, with scope `global`, of all together: geometrically from
 * all `sizes` to `counts`, which the last round meets exactly.
 */
export function openingCounts({ rounds, scope }: Pick<Opening, 'rounds' | 'scope'>, sizes: readonly number[], counts: readonly number[]): number[][] {
  const [from, to] = scope === 'global' ? [[sum(sizes)], [sum(counts)]] : [sizes, counts];
  return Array.from({ length: rounds }, (_, r) => to.map((count, i) => {
    const all = from[i] as number;
    return r === rounds - 1 ? count : Math.max(count, Math.round(all * (count / all) ** ((r + 1) / rounds)));
  }));
}

/** One round: gradients of all weights, scores, and a mask update that drops. Knobs: those of a step and of a mask update. */
export function traceOpening(knobs: KnobLayout, spec: TrainerSpec, { gradient, score, scope }: Opening): Trace {
  const { layout, plan, seed } = spec;
  const trace = createTrace();
  if (gradient === 'flow') traceFlow(trace, knobs, spec.network, spec.dataset.features, layout);
  else traceFirstBatch(trace, knobs, spec, 'params', 'grads');
  if (gradient === 'curvature') traceCurvature(trace, knobs, spec);
  traceMaskUpdate(trace, knobs, {
    method: { update: (moves) => moves.drop(score) }, plan: { ...plan, scope },
    layout, slotCount: slotCount(spec.optimizer.name), seed, ringRows: COUNT_ROWS,
  });
  return trace;
}

/** Gradients of the loss of the batch that training sees first; of several micro-batches, the first. */
function traceFirstBatch(trace: Trace, knobs: KnobLayout, spec: TrainerSpec, params: string, gradients: string): void {
  traceBackward(trace, knobs, { ...spec, batch: spec.batch / spec.accumulate, accumulate: 1, storage: { format: () => 'masked', indexed: new Map() }, frozen: [] }, { params, gradients }, false);
}

/** How far along the gradient, on either side, its change is taken: with 0.01 so many ReLUs of a small network switch in between that 5 % of the score is lost, with 0.001 none. */
const PROBE_LENGTH = 0.001;

/** Puts g(w + e) - g(w - e) in place of the gradient g(w), where e lies along g in the maskable weights: H g, but for a factor. */
function traceCurvature(trace: Trace, knobs: KnobLayout, spec: TrainerSpec): void {
  const { n, masked, tensors } = spec.layout;
  const chunk = gradientChunk(n);
  const partials = trace.transient('squared sums', 'f32', [Math.ceil(n / chunk)]);
  const [x, gradients, y, behind] = ['params', 'grads', 'probe', 'grads behind'].map((name) => trace.state(name, 'f32', n)) as [Value, Value, Value, Value];
  trace.dispatch(gradientStats, {
    label: 'gradient statistics', params: { n, masked, chunk, step_knob: knobs.at('step', 'u32').index },
    bind: { gradients, mask: trace.state('masks', 'bits', 4 * masked), table: trace.state('table', 'u32', n / ALIGN + 4 * tensors.length), partials, status: trace.state('status', 'u32', statusLength(spec.layout)) },
  });
  // Behind first: to go ahead, the gradient at w is still needed, which what is found there may then replace.
  for (const [where, length, to] of [['behind', -PROBE_LENGTH, behind], ['ahead', PROBE_LENGTH, gradients]] as const) {
    trace.dispatch(probe, { label: `parameters ${where}`, params: { n, moved: masked, partials: partials.length, length }, bind: { x, gradients, partials, y } });
    traceFirstBatch(trace, knobs, spec, y.name, to.name);
  }
  trace.dispatch(accumulate, { label: 'change of the gradient', params: { n, keep: 1, scale: -1 }, bind: { x: behind, total: gradients } });
}

/** Runs the rounds of an opening on a dense network, one by one, and reads the mask that is left; waits for the device. */
export async function runOpening(gpu: Gpu, arena: Arena, workspace: Workspace, program: Program, masks: ReadPart, rounds: readonly (readonly number[])[], knobs: KnobValues): Promise<Uint32Array> {
  for (const keep of rounds) {
    workspace.rows.fill(0, { ...knobs, keep, grow: keep.map(() => 0) });
    workspace.rows.write(1);
    runAlone(gpu, program);
  }
  const [mask] = await readNow(gpu.device, arena, [masks]);
  return new Uint32Array(mask as ArrayBuffer);
}
