import type { KnobLayout, KnobValues } from '../gpu/knobs.ts';
import type { Program, Workspace } from '../gpu/program.ts';
import { createTrace, type Trace, type Value } from '../gpu/trace.ts';
import { epochAndPosition } from '../data/samplers.ts';
import { dotProducts, layerVariance, SPREAD_WORDS } from '../kernels/gradientMeter.ts';
import { linearInputGradient } from '../kernels/linear.ts';
import { beforeActivation, type FusedActivation } from '../ops/fusedActivation.ts';
import type { Call } from '../ops/op.ts';
import type { Tape } from '../ops/tape.ts';
import { slotCount } from '../optim/optimizer.ts';
import { outsideKnobs, trainedMask } from '../sparsity/outside.ts';
import type { Arm } from './arm.ts';
import type { MetricRows } from './events.ts';
import type { Networks } from './network.ts';
import { type Job, wholeBuffer } from './reads.ts';
import { traceBackward, type TrainerSpec } from './trainer.ts';

/*
 * What the gradients of a network are like, layer by layer, told with its evaluations. A program of its own reads what the
 * newest step left in the State and writes to buffers that no step reads: the numbers of a run do not depend on it.
 */

const GRADIENT_SPREADS = 'gradient spreads';
const MOMENT_SPREADS = 'moment spreads';
const PRODUCTS = 'input gradient products';
/** Gradients that the meter's own backward pass makes, beside the input gradients that it is traced for. */
const OWN_GRADIENTS = 'meter gradients';

/** Powers of two that keep squares of small gradients, and of their squares, in the range of f32. */
const SCALE = 2 ** 16;

/** Adam keeps a second moment, behind the first. */
const hasSecondMoment = ({ optimizer }: Pick<TrainerSpec, 'optimizer'>): boolean => slotCount(optimizer.name) === 2;

/** Measures the gradients of one network. */
export interface GradientMeter {
  readonly arm: Arm;
  readonly program: Program;
  /** Knobs of its program behind so many steps. */
  knobs(step: number): KnobValues;
  /** Reads what the program found: a row of the gradient table. */
  job(step: number, tell: (row: MetricRows) => void): Job;
}

const made = new WeakMap<Workspace, Promise<readonly GradientMeter[]>>();

/** The meters of all networks that have masks in the phase under way; traced and compiled at the first call. The queue must be empty then, since buffers that programs share may grow. */
export function gradientMeters(networks: Pick<Networks, 'arms' | 'workspace'>): Promise<readonly GradientMeter[]> {
  const workspace = networks.workspace();
  const known = made.get(workspace) ?? createMeters(workspace, networks.arms.filter(({ layout }) => layout.layers.length > 0));
  made.set(workspace, known);
  return known;
}

async function createMeters(workspace: Workspace, arms: readonly Arm[]): Promise<readonly GradientMeter[]> {
  const meters = arms.map((arm): GradientMeter => {
    let spec!: TrainerSpec;
    const trace = arm.traced((knobs, own) => traceGradientMeter(knobs, (spec = own)));
    const { plan, dataset, accumulate } = spec;
    return {
      arm, program: workspace.add(`${arm.id} gradient meter`, trace, arm.state),
      knobs: (step) => ({ ...outsideKnobs(plan, 0), step, ...epochAndPosition(0, dataset.train.count), ...(accumulate > 1 && { place: 0 }) }),
      job: (step, tell) => gradientJob(arm, spec, step, tell),
    };
  });
  await workspace.prepare(meters.map(({ program }) => program));
  return meters;
}

/** Measures the gradients of the newest step, and, where inputs have a gradient through a mask of its own, that of the first batch in the order of the phase. Knobs: those of a step. */
export function traceGradientMeter(knobs: KnobLayout, spec: TrainerSpec): Trace {
  const trace = createTrace();
  const { layout, plan } = spec;
  const { n } = layout;
  traceSpreads(trace, spec, trace.state('grads', 'f32', n), 0, GRADIENT_SPREADS, SCALE);
  if (hasSecondMoment(spec)) traceSpreads(trace, spec, trace.state('slots', 'f32', 2 * n), n, MOMENT_SPREADS, SCALE ** 2);
  // All formats give the same bits, and only masked layers show both of their weights.
  const masked: TrainerSpec = { ...spec, storage: { format: () => 'masked', indexed: new Map() } };
  if (plan.outside?.backward) traceCosines(traceBackward(trace, knobs, masked, { params: 'params', gradients: OWN_GRADIENTS }, true).tape, spec);
  return trace;
}

function traceSpreads(trace: Trace, { layout, plan }: TrainerSpec, buffer: Value, offset: number, found: string, scale: number): void {
  const { masked, layers } = layout;
  trace.dispatch(layerVariance, {
    label: found, params: { layers: layers.length, scale },
    bind: { values: trace.view(buffer, `maskable part of ${buffer.name}`, offset, [masked]), mask: trainedMask(trace, layout, plan), segments: trace.state('segments', 'u32', 2 * layers.length), spreads: trace.state(found, 'u32', SPREAD_WORDS * layers.length) },
  });
}

/** The input gradient of each layer that has two masks: by that of the way back, and by that of the forward pass, which is the exact one. */
function traceCosines(tape: Tape, { layout }: TrainerSpec): void {
  const products = tape.trace.state(PRODUCTS, 'f32', 3 * layout.layers.length);
  for (const call of tape.calls) {
    const [x, weight] = call.inputs as readonly [Value, Value];
    const other = call.op.name === 'linear' ? call.inputs[call.attributes.bias === true ? 3 : 2] : undefined;
    const dy = other && tape.needsGradient(x) ? tape.gradientOf(call.output) : undefined;
    if (!other || !dy) continue;
    const dz = beforeActivation(tape, call as Call & { attributes: { activation: FusedActivation } }, dy);
    const [a, b] = [other, weight].map((through, i) => inputGradient(tape, through, dz, x, `${weight.name}, ${i === 0 ? 'way back' : 'exact'}`)) as [Value, Value];
    const slot = layout.layers.findIndex(({ name }) => name === weight.name);
    tape.trace.dispatch(dotProducts, { label: `compare input gradients of ${weight.name}`, params: { n: a.length, slot, scale: SCALE }, bind: { a, b, products } });
  }
}

function inputGradient(tape: Tape, weight: Value, dy: Value, x: Value, whose: string): Value {
  const [out_size, in_size] = weight.shape as readonly [number, number];
  const dx = tape.transient(`input gradient of ${whose}`, x.shape);
  const params = { out_size, in_size, batch: x.shape[1] as number, activation: 0 };
  tape.trace.dispatch(linearInputGradient, { label: `input gradient of ${whose}`, params, bind: { weight, dy, saved: x, dx } });
  return dx;
}

function gradientJob(arm: Pick<Arm, 'id' | 'state' | 'layout'>, spec: TrainerSpec, step: number, tell: (row: MetricRows) => void): Job {
  const names = [GRADIENT_SPREADS, ...(hasSecondMoment(spec) ? [MOMENT_SPREADS] : []), ...(spec.plan.outside?.backward ? [PRODUCTS] : [])];
  return {
    parts: names.map((name) => wholeBuffer(arm, name)),
    handle(data) {
      const found = new Map(names.map((name, i) => [name, data[i] as ArrayBuffer]));
      const measures = [
        ['gradientVariance', variances(found.get(GRADIENT_SPREADS), SCALE)],
        ['momentVariance', variances(found.get(MOMENT_SPREADS), SCALE ** 2)],
        ['cosine', cosines(found.get(PRODUCTS))],
      ] as const;
      const columns = arm.layout.layers.flatMap((layer, l) => measures.map(([name, values]) => [`${layer.name.replace(/\.weight$/, '')}.${name}`, Float32Array.of(values[l] ?? Number.NaN)] as const));
      tell({ arm: arm.id, table: 'gradient', step: Uint32Array.of(step), columns: Object.fromEntries(columns.filter(([, [value]]) => !Number.isNaN(value))) });
    },
  };
}

function variances(words: ArrayBuffer | undefined, scale: number): number[] {
  if (!words) return [];
  const [counts, sums] = [new Uint32Array(words), new Float32Array(words)];
  return Array.from({ length: counts.length / SPREAD_WORDS }, (_, l) => (sums[SPREAD_WORDS * l + 1] as number) / (counts[SPREAD_WORDS * l] as number) / scale ** 2);
}

/** NaN where a gradient is 0, or was not made. */
function cosines(words: ArrayBuffer | undefined): number[] {
  const floats = new Float32Array(words ?? new ArrayBuffer(0));
  return Array.from({ length: floats.length / 3 }, (_, l) => (floats[3 * l] as number) / Math.sqrt((floats[3 * l + 1] as number) * (floats[3 * l + 2] as number)));
}
