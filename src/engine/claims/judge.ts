import { type Check, type ClaimPart, type Compared, METRICS } from './claim.ts';
import { asGoodAs, bestOf, better, equal, meanOf, type Outcome, type Ruling, together, trend } from './verdict.ts';

/** What a verdict needs of one run. */
export interface RunValue {
  arm: string;
  seed: number;
  /** The metric; chance where the run diverged. */
  value: number;
  /** Changes that a person made while it ran. */
  edits: number;
}

/** One comparison with its name. */
export interface LabelledRuling {
  label: string;
  ruling: Ruling;
}

/** One part of a claim, judged. */
export interface JudgedPart {
  title: string;
  outcome: Outcome;
  rulings: readonly LabelledRuling[];
  /** Means over the seeds: what dense reached, and how far the control stayed behind it. */
  check: { dense: number; target: number; gap: number; passed: boolean };
}

/** A claim, judged on the seeds that all arms have. */
export interface Judgement {
  outcome: Outcome;
  seeds: readonly number[];
  /** Runs left out because they were edited. */
  edited: number;
  /** Numbers of seeds of earlier verdicts on these runs that had fewer. */
  earlierLooks: readonly number[];
  parts: readonly JudgedPart[];
}

/** Values by arm, one a seed, in order of the seeds. */
type Values = ReadonlyMap<string, readonly number[]>;

/** Judges a claim. A seed of which an arm has no run, or an edited one, counts in no comparison. @param looks numbers of seeds that earlier verdicts had */
export function judge(claim: Compared, runs: readonly RunValue[], looks: readonly number[] = []): Judgement {
  const own = runs.filter(({ arm }) => claim.arms.some(({ id }) => id === arm));
  const kept = own.filter(({ edits }) => edits === 0);
  const valueAt = (arm: string, seed: number): number | undefined => kept.find((run) => run.arm === arm && run.seed === seed)?.value;
  const seeds = [...new Set(kept.map(({ seed }) => seed))].filter((seed) => claim.arms.every(({ id }) => valueAt(id, seed) !== undefined)).sort((a, b) => a - b);
  const values: Values = new Map(claim.arms.map(({ id }) => [id, seeds.map((seed) => valueAt(id, seed) ?? Number.NaN)]));
  const parts = claim.parts.map((part) => judgePart(claim, part, values));
  return {
    outcome: together(parts.map(({ outcome }) => outcome)),
    seeds, edited: own.length - kept.length, parts,
    earlierLooks: [...new Set(looks)].filter((look) => look < seeds.length).sort((a, b) => a - b),
  };
}

function judgePart(claim: Compared, part: ClaimPart, values: Values): JudgedPart {
  const rulings = rulingsOf(claim, part, values);
  const check = checkOf(claim, part.check, values);
  const outcome = together(rulings.map(({ ruling }) => ruling.outcome));
  return { title: part.title, outcome: outcome === 'no verdict' || check.passed ? outcome : 'inconclusive', rulings, check };
}

/** Manipulation check, on the means: a task that dense does not learn, or where chance connections do as well, decides nothing. */
function checkOf(claim: Compared, { dense, target, control }: Check, values: Values): JudgedPart['check'] {
  const reached = meanOf(values.get(dense) ?? []);
  const gap = meanOf(differences(claim, values, dense, control));
  return { dense: reached, target, gap, passed: signOf(claim) * (reached - target) >= 0 && gap > claim.delta };
}

const signOf = ({ metric }: Compared): 1 | -1 => (METRICS[metric].direction === 'higher' ? 1 : -1);

/** Paired differences, signed so that larger speaks for the first arm. */
function differences(claim: Compared, values: Values, arm: string, against: string): number[] {
  const other = values.get(against) ?? [];
  return (values.get(arm) ?? []).map((value, i) => signOf(claim) * (value - (other[i] ?? Number.NaN)));
}

function rulingsOf(claim: Compared, { comparison }: ClaimPart, values: Values): LabelledRuling[] {
  const points = (arm: string, against: string): number[] => differences(claim, values, arm, against);
  const sizes = { delta: claim.delta, margin: claim.margin, floor: METRICS[claim.metric].floor };
  switch (comparison.kind) {
    case 'better':
    case 'as good as':
    case 'equal': {
      const { kind, arm, against } = comparison;
      return [{ label: labelOf(claim, arm, against), ruling: { better, 'as good as': asGoodAs, equal }[kind](points(arm, against), sizes) }];
    }
    case 'ordering':
      return comparison.arms.slice(1).map((after, i) => {
        const before = comparison.arms[i] as string;
        return { label: labelOf(claim, before, after), ruling: better(points(before, after), sizes) };
      });
    case 'best': {
      const rulings = bestOf(comparison.against.map((other) => points(comparison.arm, other)), sizes);
      return comparison.against.map((other, i) => ({ label: labelOf(claim, comparison.arm, other), ruling: rulings[i] as Ruling }));
    }
    case 'each': {
      const rulings = bestOf(comparison.arms.map((arm) => points(arm, comparison.against)), sizes);
      return comparison.arms.map((arm, i) => ({ label: labelOf(claim, arm, comparison.against), ruling: rulings[i] as Ruling }));
    }
    case 'trend': {
      const lines = comparison.points.map(({ arm, against }) => points(arm, against));
      const series = lines[0]?.map((_, s) => lines.map((line) => line[s] ?? Number.NaN)) ?? [];
      return [{ label: comparison.quantity, ruling: trend(comparison.points.map(({ x }) => x), series, sizes) }];
    }
  }
}

/** The difference in words, in the order in which it was taken. */
function labelOf(claim: Compared, arm: string, against: string): string {
  const [first, second] = [arm, against].map((id) => claim.arms.find((one) => one.id === id)?.title ?? id);
  return signOf(claim) > 0 ? `${first} - ${second}` : `${second} - ${first}`;
}
