import type { KnobLayout } from '../gpu/knobs.ts';
import { createTrace, type Trace, type Value } from '../gpu/trace.ts';
import { gatherBytes, gatherFloats, gatherText, sampleBatch } from '../kernels/data.ts';
import { accumulate } from '../kernels/elementwise.ts';
import { statusWords } from '../kernels/mask.ts';
import { evaluationSummary, gradientStats, RING_WORDS, stepSummary } from '../kernels/step.ts';
import { answersOf, type Dataset } from '../data/dataset.ts';
import { SAMPLERS, type SamplerId } from '../data/samplers.ts';
import { tableViews, tensorViews, type ParamLayout } from '../nn/layout.ts';
import type { Network } from '../nn/network.ts';
import { mean } from '../ops/mean.ts';
import { softmaxCrossEntropy } from '../ops/softmaxCrossEntropy.ts';
import { createTape, NO_KNOB, type Tape } from '../ops/tape.ts';
import { slotCount, traceOptimizer, type OptimizerSpec } from '../optim/optimizer.ts';
import { needsDenseGradient, traceGradientAverage } from '../sparsity/averages.ts';
import { traceMaskUpdate } from '../sparsity/gpuUpdate.ts';
import type { MaskPlan, Method, ScoreName } from '../sparsity/method.ts';
import type { MoveObserver } from '../sparsity/moveObserver.ts';
import { isOfLayers } from '../sparsity/frozen.ts';
import { optimizerMask, trainedMask } from '../sparsity/outside.ts';
import type * as OutsideTraces from '../sparsity/outsideTraces.ts';
import { type LayerStorage, sparseProducts, traceIndexes, traceSettle } from '../sparsity/storage.ts';
import { type Gathered, MICRO_GRADIENTS, traceForget, traceGather } from './microBatches.ts';
import { EVALUATION_BATCH } from './model.ts';

/** Rows of the metrics ring: how many steps may pass before it must be read. */
export const RING_ROWS = 1024;
/** Rows of the evaluations ring, one a batch. */
export const EVALUATION_ROWS = 256;
/** Characters of one evaluation batch of a text. */
const EVALUATION_TOKENS = 4096;
/** Rows of mask-update counts in the status buffer. */
export const COUNT_ROWS = 64;

/** What the programs of one network in one phase are traced from. */
export interface TrainerSpec {
  network: Network;
  layout: ParamLayout;
  dataset: Dataset;
  batch: number;
  evaluationBatch: number;
  sampler: SamplerId;
  /** Decides batch order, dropout and random growth. */
  seed: number;
  orderSeed: number;
  optimizer: OptimizerSpec & { clip: number };
  method: Method;
  plan: MaskPlan;
  /** What a step does with weights outside the mask; absent where no method of the run trains them. */
  outside: typeof OutsideTraces | undefined;
  storage: LayerStorage;
  /** Names of layers that do not train. */
  frozen: readonly string[];
  /** Micro-batches that a batch is computed in; divides it. */
  accumulate: number;
}

/** Elements of the status buffer. */
export function statusLength(layout: ParamLayout): number {
  return statusWords(COUNT_ROWS, layout.layers.length);
}

/** Chunk of the gradient that one thread sums; fixed by the parameter count. */
export function gradientChunk(n: number): number {
  return 64 * Math.max(1, Math.ceil(n / 64 / 1024));
}

/** A training step: batch, forward, loss, backward, statistics; then the optimizer, and where asked a mask update, of which an observer is told. Of several micro-batches it has the last. */
export function traceStep(knobs: KnobLayout, spec: TrainerSpec, parts: { optimize: boolean; update: boolean; observerOn?: (trace: Trace) => MoveObserver }): Trace {
  const { layout } = spec;
  const losses = (trace: Trace): Value => trace.state('losses', 'f32', 64);
  const loss = (trace: Trace): Value => trace.view(losses(trace), 'task loss', 0, [1]);
  const { tape, gathered } = traceGradients(knobs, spec, parts.update, spec.accumulate === 1 ? loss : undefined);
  const { trace } = tape;
  if (spec.accumulate > 1) createTape(trace, knobs, false).apply(mean, [gathered.rows], {}, loss(trace));
  spec.outside?.tracePull(trace, knobs, layout, spec.plan, spec.optimizer.name);
  traceClose(trace, knobs, spec, losses(trace), gathered.correct);
  spec.network.moveRunning?.(tape, layout, trace.state('status', 'u32', statusLength(layout)));
  traceGradientAverage(trace, layout, spec.method, spec.plan);
  if (parts.optimize) traceOptimizer(trace, knobs, spec.optimizer, layout, statusLength(layout), optimizerMask(trace, layout, spec.plan, spec.optimizer.name));
  if (parts.update) {
    traceMaskUpdate(trace, knobs, {
      method: spec.method, plan: spec.plan, layout, slotCount: slotCount(spec.optimizer.name), seed: spec.seed, ringRows: COUNT_ROWS,
      observer: parts.observerOn?.(trace),
    });
    spec.outside?.traceBackwardMasks(trace, layout, spec.plan, statusLength(layout));
    traceIndexes(trace, layout, spec.storage, spec.plan);
  }
  if (spec.accumulate > 1) traceForget(trace, layout.n);
  return trace;
}

/** One of the micro-batches before the last; `update` tells that the step ends with a mask update. */
export function traceMicroBatch(knobs: KnobLayout, spec: TrainerSpec, update: boolean): Trace {
  return traceGradients(knobs, spec, update).tape.trace;
}

/** Batch, forward, loss and backward of one micro-batch, or of all; its mean loss goes to `loss` where given. */
function traceGradients(knobs: KnobLayout, spec: TrainerSpec, update: boolean, loss?: (trace: Trace) => Value): { tape: Tape; gathered: Gathered } {
  const trace = createTrace();
  const { layout, batch, accumulate } = spec;
  const { tape, own } = traceBackward(trace, knobs, spec, { params: 'params', gradients: accumulate === 1 ? 'grads' : MICRO_GRADIENTS }, needsDenseGradient(spec.method, update), loss);
  return { tape, gathered: accumulate === 1 ? own : traceGather(trace, knobs, batch * answersOf(spec.dataset), layout.n, own) };
}

/** The same on a trace, at the parameters of one State buffer and into the gradients of another; `denseGradient` asks for those outside the masks. */
export function traceBackward(trace: Trace, knobs: KnobLayout, spec: TrainerSpec, buffers: { params: string; gradients: string }, denseGradient: boolean, loss?: (trace: Trace) => Value): { tape: Tape; own: Gathered } {
  const tape = createTape(trace, knobs, true);
  const { layout, batch, accumulate } = spec;
  const { x, labels } = traceBatch(trace, knobs, spec, 'train', batch / accumulate, spec.sampler, spec.orderSeed);
  const params = tensorViews(trace, buffers.params, layout);
  const gradients = tensorViews(trace, buffers.gradients, layout);
  for (const [name, value] of params) if (!isOfLayers({ name }, spec.frozen)) tape.trainable(value, gradients.get(name) as Value);
  const seen = seenWeights(tape, new Map([...params, ...tableViews(trace, layout)]), spec);
  const own = traceLoss(tape, spec, seen, x, labels, denseGradient || spec.plan.outside !== undefined);
  tape.loss('task', tape.apply(mean, [own.rows], {}, loss?.(trace)), 1 / accumulate);
  tape.backward();
  return { tape, own };
}

/** A mask update alone: the action `prune` on entering a phase, by magnitude, or `random` for the control that has to stay random. */
export function tracePrune(knobs: KnobLayout, spec: TrainerSpec, score: ScoreName): Trace {
  const trace = createTrace();
  const method: Method = { card: spec.method.card, plan: spec.method.plan, update: (moves) => moves.drop(score) };
  traceMaskUpdate(trace, knobs, { method, plan: { ...spec.plan, exchange: undefined, patternMoves: undefined, keepsInactive: undefined }, layout: spec.layout, slotCount: slotCount(spec.optimizer.name), seed: spec.seed, ringRows: COUNT_ROWS });
  return trace;
}

/** What follows when masks were written from outside, or came from a checkpoint. */
export function traceMasksWritten(spec: TrainerSpec): Trace {
  const trace = createTrace();
  traceSettle(trace, spec.layout, slotCount(spec.optimizer.name), spec.storage, spec.plan);
  return trace;
}

/** Examples of one evaluation batch: few enough rows for the ring, few enough tokens for a phone. */
export function evaluationBatch(dataset: Dataset): number {
  const { count } = dataset.test;
  const most = dataset.text ? Math.max(1, Math.floor(EVALUATION_TOKENS / dataset.features)) : EVALUATION_BATCH;
  return Math.max(Math.min(count, most), Math.ceil(count / (EVALUATION_ROWS / 2)));
}

/** One batch of an evaluation. Knobs: position, valid examples, row of the evaluations ring. */
export function traceEvaluation(knobs: KnobLayout, spec: TrainerSpec): Trace {
  const trace = createTrace();
  const tape = createTape(trace, knobs, false);
  const { x, labels } = traceBatch(trace, knobs, spec, 'test', spec.evaluationBatch, 'sequential', 0);
  const { rows, correct } = traceLoss(tape, spec, evaluatedViews(tape, spec), x, labels, false);
  trace.dispatch(evaluationSummary, {
    label: 'close evaluation batch',
    params: { batch: rows.length, ring_rows: EVALUATION_ROWS, valid_knob: knobs.at('valid', 'u32').index, slot_knob: knobs.at('slot', 'u32').index },
    bind: { loss: rows, correct, evaluations: trace.state('evaluations', 'u32', 2 * EVALUATION_ROWS) },
  });
  return trace;
}

/** Logits (classes, batch) of a batch, (features, batch), in a State buffer. */
export function traceForward(knobs: KnobLayout, spec: TrainerSpec, buffer: string, batch: (trace: Trace) => Value): Trace {
  const trace = createTrace();
  const logits = evaluatedLogits(trace, knobs, spec, batch(trace));
  const kept = trace.state(buffer, 'f32', logits.length);
  trace.dispatch(accumulate, { label: 'keep logits', params: { n: logits.length, keep: 0, scale: 1 }, bind: { x: logits, total: kept } });
  return trace;
}

/** Logits of a batch x, as a network is evaluated. */
export function evaluatedLogits(trace: Trace, knobs: KnobLayout, spec: TrainerSpec, x: Value): Value {
  const tape = createTape(trace, knobs, false);
  return spec.network.forward(tape, evaluatedViews(tape, spec), x, sparseProducts(tape, spec.layout, spec.storage, false, spec.plan));
}

/** Losses and answers of a batch x (features, batch), one an example. */
export function traceLoss(tape: Tape, spec: TrainerSpec, params: ReadonlyMap<string, Value>, x: Value, labels: Value, denseGradient: boolean): { rows: Value; correct: Value } {
  const rows = tape.apply(softmaxCrossEntropy, [spec.network.forward(tape, params, x, sparseProducts(tape, spec.layout, spec.storage, denseGradient, spec.plan)), labels], {});
  return { rows, correct: tape.calls.at(-1)?.saved.correct as Value };
}

/** Parameters and running statistics, by which a network is evaluated. */
function evaluatedViews(tape: Tape, spec: TrainerSpec): ReadonlyMap<string, Value> {
  return seenWeights(tape, new Map([...tensorViews(tape.trace, 'params', spec.layout), ...tableViews(tape.trace, spec.layout)]), spec);
}

/** Weights as a pass sees them, by name, where these are all of them. */
export function seenWeights(tape: Tape, params: ReadonlyMap<string, Value>, { layout, plan, storage, outside }: TrainerSpec): ReadonlyMap<string, Value> {
  return outside ? outside.seenWeights(tape, params, layout, plan, storage) : params;
}

/** A batch x (features, batch) and its labels, where the knobs `epoch` and `position` say; of a text, codes (tokens) and those behind them. */
export function traceBatch(trace: Trace, knobs: KnobLayout, spec: TrainerSpec, part: 'train' | 'test', batch: number, sampler: SamplerId, seed: number): { x: Value; labels: Value } {
  const { dataset } = spec;
  const { count } = dataset[part];
  const indices = trace.transient('indices', 'u32', [batch]);
  trace.dispatch(sampleBatch, {
    label: 'sample batch',
    params: { batch, size: count, sampler: SAMPLERS[sampler].code, seed, epoch_knob: knobs.at('epoch', 'u32').index, position_knob: knobs.at('position', 'u32').index },
    bind: { indices },
  });
  if (dataset.text) return traceWindows(trace, spec, part, indices);
  const x = trace.transient('x', 'f32', [dataset.features, batch]);
  const labels = trace.transient('labels', 'u32', [batch]);
  const bytes = dataset[part].values instanceof Uint8Array;
  const bind = { classes: trace.state(`data.${part}.labels`, 'u32', count), indices, x, labels };
  const size = { features: dataset.features, batch };
  if (bytes) {
    const examples = trace.state(`data.${part}.values`, 'u32', Math.ceil((count * dataset.features) / 4));
    trace.dispatch(gatherBytes, { label: 'gather batch', params: { ...size, scale: dataset.scale, shift: dataset.shift }, bind: { ...bind, examples } });
  } else {
    const examples = trace.state(`data.${part}.values`, 'f32', count * dataset.features);
    trace.dispatch(gatherFloats, { label: 'gather batch', params: size, bind: { ...bind, examples } });
  }
  return { x, labels };
}

/** Windows of a text, one after another, and the codes behind each of their characters. */
function traceWindows(trace: Trace, { dataset }: TrainerSpec, part: 'train' | 'test', indices: Value): { x: Value; labels: Value } {
  const tokens = indices.length * dataset.features;
  const [ids, labels] = [trace.transient('ids', 'u32', [tokens]), trace.transient('labels', 'u32', [tokens])];
  const codes = trace.state(`data.${part}.values`, 'u32', Math.ceil(dataset[part].values.length / 4));
  const params = { batch: indices.length, context: dataset.features, stride: dataset.text?.stride[part] ?? 1 };
  trace.dispatch(gatherText, { label: 'gather windows', params, bind: { codes, indices, ids, labels } });
  return { x: ids, labels };
}

function traceClose(trace: Trace, knobs: KnobLayout, spec: TrainerSpec, losses: Value, correct: Value): void {
  const { n, masked, tensors } = spec.layout;
  const chunk = gradientChunk(n);
  const step_knob = knobs.at('step', 'u32').index;
  const partials = trace.transient('squared sums', 'f32', [Math.ceil(n / chunk)]);
  const status = trace.state('status', 'u32', statusLength(spec.layout));
  trace.dispatch(gradientStats, {
    label: 'gradient statistics',
    params: { n, masked, chunk, step_knob },
    bind: { gradients: trace.state('grads', 'f32', n), mask: trainedMask(trace, spec.layout, spec.plan), table: trace.state('table', 'u32', n / 64 + 4 * tensors.length), partials, status },
  });
  trace.dispatch(stepSummary, {
    label: 'close step',
    params: { terms: 1, batch: correct.length, partials: partials.length, clip: spec.optimizer.clip, ring_rows: RING_ROWS, step_knob, weight_knob: NO_KNOB },
    bind: { losses, correct, partials, status, ring: trace.state('ring', 'u32', RING_ROWS * RING_WORDS) },
  });
}
