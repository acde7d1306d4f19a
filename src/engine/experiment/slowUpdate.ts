import type { KnobLayout } from '../gpu/knobs.ts';
import type { Program } from '../gpu/program.ts';
import type { ReadPart } from '../gpu/readback.ts';
import { ALIGN, type Trace, type Value } from '../gpu/trace.ts';
import { scoreHistogram, weightsKept } from '../kernels/look.ts';
import { CUT_WORDS } from '../kernels/select.ts';
import { tableViews, tensorViews, type ParamLayout } from '../nn/layout.ts';
import { mean } from '../ops/mean.ts';
import { createTape } from '../ops/tape.ts';
import type { MoveObserver, Selected } from '../sparsity/moveObserver.ts';
import type { ScoreName } from '../sparsity/method.ts';
import { SCORE_BINS } from '../sparsity/scoreBins.ts';
import type { Arm } from './arm.ts';
import type { SlowMove, SlowUpdate } from './events.ts';
import type { Networks } from './network.ts';
import { type Job, wholeBuffer } from './reads.ts';
import { seenWeights, traceBatch, traceLoss, traceStep, type TrainerSpec } from './trainer.ts';

/** State buffers of an update in slow motion: the run itself never reads them. */
const KEPT = 'slow kept';
const PARAMS = 'slow params';
const LOSSES = 'slow losses';
const countsOf = (move: 'drop' | 'grow'): string => `slow ${move} scores`;
const cutsOf = (move: 'drop' | 'grow'): string => `slow ${move} cuts`;

const NO_STEP = 0xffffffff;

/** The next mask update of the main network, as the dispatches of the run and others between them that look on. */
export interface SlowMotion {
  /** The program that takes the place of the update's. */
  readonly program: Program;
  /** Reads what it found, after the step was encoded; `step` counts it as completed. Nothing is told of a run that has diverged. */
  job(step: number, tell: (update: SlowUpdate) => void): Job;
  /** Forgets the program. */
  end(): void;
}

/** Steps of a phase from `step` on (both counted from its beginning) until a mask update; undefined where none follows. */
export function stepsToUpdate(arm: Arm, step: number, steps: number): number | undefined {
  if (!arm.programs().update) return undefined;
  for (let at = step; at < steps; at++) if (arm.plan().isUpdate(at)) return at - step;
  return undefined;
}

/** Traces and compiles the next update of an arm. The queue must be empty, since buffers that programs share may grow. */
export async function createSlowMotion(networks: Networks, arm: Arm): Promise<SlowMotion> {
  const scores = new Map<'drop' | 'grow', ScoreName>();
  const trace = arm.traced((knobs, spec) => traceSlowUpdate(knobs, spec, (move, score) => scores.set(move, score)));
  const workspace = networks.workspace();
  const program = workspace.add('main slow update', trace, arm.state);
  for (const move of scores.keys()) arm.state.clear(countsOf(move));
  await workspace.prepare([program]);
  return { program, job: (step, tell) => slowJob(arm, scores, step, tell), end: () => workspace.remove(program) };
}

/** The step that updates masks, and beside it: histograms of the scores, the cuts, who stays, and the loss of the batch at three places. */
export function traceSlowUpdate(knobs: KnobLayout, spec: TrainerSpec, tell: (move: 'drop' | 'grow', score: ScoreName) => void = () => undefined): Trace {
  // A fourth format would be one more thing to be equal to: all give the bits of masked layers.
  const masked: TrainerSpec = { ...spec, storage: { format: () => 'masked', indexed: new Map() } };
  const loss = (trace: Trace, at: number): Value => trace.view(trace.state(LOSSES, 'f32', 3 * ALIGN), `loss ${at}`, at * ALIGN, [1]);
  const observerOn = (trace: Trace): MoveObserver => ({
    selected(move, score, among) {
      tell(move, score);
      traceScores(trace, spec.layout, move, among);
    },
    decided(kept) {
      traceBatchLoss(trace, knobs, masked, 'params', loss(trace, 0));
      traceKept(trace, spec.layout, kept);
      traceBatchLoss(trace, knobs, masked, PARAMS, loss(trace, 1));
    },
  });
  const trace = traceStep(knobs, spec, { optimize: spec.plan.appliesGradientOnUpdate, update: true, observerOn });
  traceBatchLoss(trace, knobs, masked, 'params', loss(trace, 2));
  return trace;
}

/** The mean loss of the batch of a step, at the parameters of a State buffer, as training computes it; of several micro-batches that of the last. */
function traceBatchLoss(trace: Trace, knobs: KnobLayout, spec: TrainerSpec, params: string, loss: Value): void {
  const tape = createTape(trace, knobs, true);
  const { x, labels } = traceBatch(trace, knobs, spec, 'train', spec.batch / spec.accumulate, spec.sampler, spec.orderSeed);
  const views = new Map([...tensorViews(trace, params, spec.layout), ...tableViews(trace, spec.layout)]);
  // Those that the drop left have zeros outside of a mask that is not written yet.
  const seen = params === PARAMS ? views : seenWeights(tape, views, spec);
  const { rows } = traceLoss(tape, spec, seen, x, labels, false);
  tape.apply(mean, [rows], {}, loss);
}

function traceScores(trace: Trace, { layers }: ParamLayout, move: 'drop' | 'grow', { keys, cuts, blocks }: Selected): void {
  trace.dispatch(scoreHistogram, {
    label: `histogram of scores to ${move}`, params: { n: keys.length, cut_words: cuts.length },
    bind: { keys, blocks, cuts, counts: trace.state(countsOf(move), 'u32', layers.length * SCORE_BINS), kept_cuts: trace.state(cutsOf(move), 'u32', cuts.length) },
  });
}

/** Who stays after the drop, and the parameters that they leave. */
function traceKept(trace: Trace, { n, masked }: ParamLayout, { keys, cuts, blocks, global }: Selected): void {
  trace.dispatch(weightsKept, {
    label: 'who stays', params: { words: masked / 32, n, global },
    bind: { keys, cuts, blocks, weights: trace.state('params', 'f32', n), bits: trace.state(KEPT, 'bits', masked), left: trace.state(PARAMS, 'f32', n) },
  });
}

function slowJob(arm: Arm, scores: ReadonlyMap<'drop' | 'grow', ScoreName>, step: number, tell: (update: SlowUpdate) => void): Job {
  const update = arm.updates();
  const moves = [...scores.keys()];
  const masks = wholeBuffer(arm, 'masks');
  const parts: ReadPart[] = [
    wholeBuffer(arm, 'status'), { ...masks, bytes: arm.layout.masked / 4 }, wholeBuffer(arm, KEPT), wholeBuffer(arm, LOSSES),
    ...moves.flatMap((move) => [wholeBuffer(arm, countsOf(move)), wholeBuffer(arm, cutsOf(move))]),
  ];
  return {
    parts,
    handle(data) {
      const words = data.map((bytes) => new Uint32Array(bytes));
      const [status, bits, kept, , ...found] = words as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, ...Uint32Array[]];
      if (status[0] !== NO_STEP) return;
      const losses = new Float32Array(data[3] as ArrayBuffer);
      const layers = arm.layout.layers.length;
      const moveOf = (move: 'drop' | 'grow'): SlowMove | undefined => {
        const [at, score] = [moves.indexOf(move), scores.get(move)];
        if (score === undefined) return undefined;
        const cuts = found[2 * at + 1] as Uint32Array;
        // One cut holds for all layers, or each has its own.
        const own = cuts.length >= layers * CUT_WORDS;
        return { score, counts: found[2 * at] as Uint32Array, cuts: Uint32Array.from({ length: layers }, (_, l) => cuts[own ? l * CUT_WORDS : 0] as number) };
      };
      const [drop, grow] = [moveOf('drop'), moveOf('grow')];
      if (!drop) return;
      tell({
        step, update, drop, ...(grow && { grow }), kept,
        after: bits.slice(0, bits.length / 2), before: bits.slice(bits.length / 2),
        losses: Float32Array.of(losses[0] as number, losses[ALIGN] as number, losses[2 * ALIGN] as number),
      });
    },
  };
}
