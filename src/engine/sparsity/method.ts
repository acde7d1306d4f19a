import type { KnobValue, MethodCard } from '../experiment/card.ts';
import type { RoundingId } from './counts.ts';
import type { Storage } from './formats/index.ts';

/**
 * Scores a weight can be ranked by. One shader snippet each (`shaders/lib/score_<name>.wgsl`) and one line in the CPU
 * reference; `momentum` is `gradient` of another buffer, the average that averages.ts keeps.
 */
export type ScoreName = 'magnitude' | 'gradient' | 'momentum' | 'sensitivity' | 'curvature' | 'random';

/** The shape of one maskable layer: weights are [out, in]. */
export interface LayerShape {
  name: string;
  out: number;
  /** Weights of a unit; of a convolution its channels times the points of its kernel. */
  in: number;
  /** Height and width of a convolution's kernel; absent for linear layers. */
  kernel?: readonly [number, number] | undefined;
  /** Groups of weights that its mask switches as one, and that a plan counts; absent where each is a single weight. */
  groups?: number;
  /** How many of these a pattern of N to M keeps; absent where there is none. A mask then holds all or so many. */
  kept?: number;
  /** That pattern. */
  pattern?: { n: number; m: number };
  /** What another N and M would keep; absent where there is no pattern. */
  keptOf?(pattern: { n: number; m: number }): number;
}

/** What the plan of a phase may look at. */
export interface PlanContext {
  layers: readonly LayerShape[];
  /** Steps of the phase. */
  steps: number;
  /** Current values of the method's knobs, checked against its card; live ones may change between calls. */
  knobs: Readonly<Record<string, KnobValue>>;
}

/** How many weights (or groups, where masks switch these) of each layer survive the drop, and how many are grown after it. */
export interface UpdateCounts {
  /** Per layer, or one entry for all layers together when the scope is global. */
  keep: readonly number[];
  grow: readonly number[];
  /** Where the plan has `exchange`: the share of what is left to each layer that it exchanges, as a `shareWord`. */
  exchange?: number;
  /** Where the plan has `patternMoves`: N and M of this update. */
  pattern?: { n: number; m: number };
}

/** How a first mask is found by scores: weights of the dense network are dropped before training, in one round or several. */
export interface Opening {
  /** What is differentiated for the scores: the `loss` of the first batch, the change of its gradient along itself, or the `flow` through the absolute weights (see nn/flow.ts). */
  gradient: 'loss' | 'curvature' | 'flow';
  score: ScoreName;
  /** Each round scores anew what the one before has left; densities fall geometrically. */
  rounds: number;
  /** Whether each layer keeps its planned count, or all together keep their sum. */
  scope: 'layer' | 'global';
  /** True: only the counts of the layers come from the scores; which weights of a layer they are is drawn. */
  drawn?: boolean;
}

/**
 * When masks change and by how much: pure functions of knobs and step, computed on the CPU.
 * Steps count from 0 at the beginning of the phase; an update at step t happens after the backward pass of step t.
 * Where masks switch groups, all counts are of groups: only the device knows how many weights those at the edges have.
 */
export interface MaskPlan {
  /** Active weights per layer when the run begins, and how they are chosen: `scored` by the opening. */
  initial(): { counts: readonly number[]; choose: 'all' | 'random' | 'scored' };
  opening?: Opening;
  isUpdate(step: number): boolean;
  /** Planned density over all maskable weights after step t's update; what the schedule chart shows. */
  density(step: number): number;
  /** Planned active weights of each layer after step t's update. */
  target(step: number): readonly number[];
  /** Share of active weights that an update at step t drops and regrows; 0 for methods that do not regrow. */
  dropFraction(step: number): number;
  /** Counts for the update at step t, given the active weights of each layer now. */
  counts(step: number, active: readonly number[]): UpdateCounts;
  /** `layer`: every layer keeps its own share; `global`: one threshold for all layers. */
  scope: 'layer' | 'global';
  /**
   * For scope `global`: after the common threshold, each layer also drops a share of what is left to it and grows as many,
   * rounded like this. Only the device knows how many these are. Absent: the threshold is all there is.
   */
  exchange?: RoundingId | undefined;
  /** With `exchange`: all that layers dropped is shared among them anew, by the mean size of the average gradient of their active weights. */
  redistribute?: boolean | undefined;
  /** True: N and M of a pattern come with the counts of each update; else they are those of the masks. */
  patternMoves?: boolean | undefined;
  /** True: weights and optimizer state outside the mask stay as they are, for methods that train them, too; else they are 0. */
  keepsInactive?: boolean | undefined;
  /** What passes see of the weights outside the mask, for methods that train them, too; absent: they are 0. */
  outside?: OutsideRule | undefined;
  /** For methods that score by `momentum`: the share of the average of gradients that stays from step to step. */
  gradientDecay?: number | undefined;
  /** False: a step that updates masks does not apply its gradient (RigL's official code). */
  appliesGradientOnUpdate: boolean;
  /** True: a weight dropped in this update may be grown again in it. */
  regrowAllowed: boolean;
  /** True: a weight dropped and grown again in one update keeps its value and optimizer state; false: it restarts at 0. */
  keepValueOnRegrow: boolean;
}

/** What becomes of weights outside the mask in a training step; evaluations see them as 0. */
export interface OutsideRule {
  /** The factor that the forward pass sees them with at a step of the phase: 0 hides them, 1 is a dense network. Absent: they are hidden. */
  factor?(step: number): number;
  /** Whether their gradient is that of the weight that was seen, or shrinks by the factor, as the chain rule says. */
  gradient: 'through' | 'scaled';
  /** Where the pull to 0 goes: into the gradient, or, under Adam, into the step behind its first moment; absent where there is none. */
  pulls?: 'gradient' | 'step';
  /** How strongly they are pulled at a step: this, times the weight, is added there. */
  pull(step: number): number;
  /** Of a pattern along the inputs: gradients of inputs go through another mask of the same master, N of M along the outputs. */
  backward?: 'out';
}

/** The moves of a mask update: a drop, a drop and a growth, or a choice. Traced once for the GPU; the CPU reference implements the same interface. */
export interface MaskMoves {
  /**
   * Keep the `keep` best active weights by score, ties to the lower index; the rest leave. Where the plan has `exchange`,
   * the worst of what is left leave each layer, too, and make room for as many.
   */
  drop(score: ScoreName): void;
  /** Fill the mask anew with the `keep` best of all weights, active or not. Where masks keep N of M: with the best of each group. */
  choose(score: ScoreName): void;
  /** Let the `grow` best inactive weights by score enter, ties to the lower index. Weights new to the mask start at 0, as do their optimizer slots. */
  grow(score: ScoreName): void;
}

/** A sparse-training method: a card, a plan (when, how much, where) and the moves of an update (which, by what score). */
export interface Method {
  card: MethodCard;
  plan(context: PlanContext): MaskPlan;
  /** Formats that layers can have, for methods whose products see more than the mask keeps, or another mask; all where absent. */
  storedAs?: readonly Storage[];
  /** Absent for methods whose mask never changes. */
  update?(moves: MaskMoves): void;
}

/** True for a method whose update grows after its drop. */
export function grows({ update }: Pick<Method, 'update'>): boolean {
  let grown = false;
  update?.({ drop() {}, choose() {}, grow() { grown = true; } });
  return grown;
}
