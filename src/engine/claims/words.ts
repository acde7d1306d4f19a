import type { Experiment } from '../experiment/experiment.ts';
import { type ClaimPart, type Compared, METRICS } from './claim.ts';
import type { JudgedPart, Judgement, LabelledRuling } from './judge.ts';
import type { Outcome, Ruling } from './verdict.ts';

const HEADS: Readonly<Record<Outcome, string>> = {
  shown: 'Shown at this scale',
  'not shown': 'Not shown at this scale',
  inconclusive: 'Inconclusive at this scale',
  'no verdict': 'No verdict',
};

/** A verdict in lines: what the whole claim came to, then each comparison with its points, then how the seeds came to be. */
export function wordsOf(claim: Compared, judgement: Judgement): string[] {
  const n = judgement.seeds.length;
  const looks = judgement.earlierLooks;
  return [
    judgement.outcome === 'no verdict' ? `${n} ${n === 1 ? 'seed' : 'seeds'}: no verdict.` : `${HEADS[judgement.outcome]}: ${claim.sentence}`,
    ...judgement.parts.flatMap((part, i) => partLines(claim, claim.parts[i] as ClaimPart, part, n)),
    ...(looks.length > 0 ? [`Extended after looking (n ${[...looks, n].join(' -> ')}).`] : []),
    ...(judgement.edited > 0 ? [`${judgement.edited} edited ${judgement.edited === 1 ? 'run' : 'runs'} left out.`] : []),
  ];
}

function partLines(claim: Compared, { comparison }: ClaimPart, part: JudgedPart, n: number): string[] {
  if (part.outcome === 'no verdict') return part.rulings.map(({ label, ruling }) => `${label}, ${part.title}: ${pointsOf(claim, ruling)}`);
  const shared = `n = ${n} seeds, ${claim.setting}, ${part.title}. ${claim.tuning}`;
  const lines = part.rulings.flatMap((one) => [`${headOf(part, one.ruling)}: ${rulingWords(claim, comparison.kind, one)}, ${shared}`, `  points: ${pointsOf(claim, one.ruling)}`]);
  return part.check.passed ? lines : [`Inconclusive (${part.title}): ${checkWords(claim, part)}`, ...lines];
}

/** One comparison in figures: `RigL - random mask = +10.7 points, 95 % CI [8.9, 12.5], delta 0.5`; of one seed, which has no interval, the difference alone. */
export function rulingWords(claim: Compared, kind: ClaimPart['comparison']['kind'], { label, ruling }: LabelledRuling): string {
  const difference = `${label} = ${signed(claim, ruling.mean)} ${METRICS[claim.metric].unit}`;
  return ruling.outcome === 'no verdict' ? difference : `${difference}, ${intervalOf(claim, kind, ruling)}`;
}

/** What came out of one comparison: inconclusive where its task cannot tell the arms apart. */
export function outcomeOf(part: JudgedPart, { outcome }: Ruling): Outcome {
  return outcome === 'no verdict' || part.check.passed ? outcome : 'inconclusive';
}

function headOf(part: JudgedPart, ruling: Ruling): string {
  if (!part.check.passed) return 'Inconclusive';
  return HEADS[ruling.outcome] + (ruling.opposite ? ', opposite direction' : '');
}

/** Why a task cannot tell the arms of a part apart. */
export function checkWords(claim: Compared, { check }: JudgedPart): string {
  const { scale, digits, unit } = METRICS[claim.metric];
  const reached = `dense reaches ${(scale * check.dense).toFixed(digits)}, wanted are ${(scale * check.target).toFixed(digits)}`;
  return `this task cannot tell them apart; ${reached}, and it is ${signed(claim, check.gap)} ${unit} ahead of the random control.`;
}

function intervalOf(claim: Compared, kind: ClaimPart['comparison']['kind'], { low, high, level }: Ruling): string {
  const ends = `[${written(claim, low)}, ${written(claim, high)}]`;
  if (kind === 'as good as') return `one-sided 95 % bounds ${ends}, margin ${written(claim, claim.margin)}`;
  const size = kind === 'equal' ? `margin ${written(claim, claim.margin)}` : `delta ${written(claim, claim.delta)}`;
  return `${Number((100 * level).toFixed(2))} % CI ${ends}, ${size}`;
}

/** In the unit of the metric, and never -0. */
function written(claim: Compared, value: number): string {
  const { scale, digits } = METRICS[claim.metric];
  const text = (scale * value).toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

function signed(claim: Compared, value: number): string {
  const text = written(claim, value);
  return Number(text) > 0 ? `+${text}` : text;
}

/** With one digit more than means have: points are compared with one another. */
function pointsOf(claim: Compared, ruling: Ruling): string {
  const { scale, digits } = METRICS[claim.metric];
  return ruling.points.map((point) => `${point >= 0 ? '+' : ''}${(scale * point).toFixed(digits + 1)}`).join(' ');
}

/** A network in the words of a setting: `MLP 300-100`. */
export function networkWords({ kind, channels, hidden, depth, width, heads }: Experiment['model']): string {
  if (kind === 'transformer') return `transformer of ${depth} blocks, width ${width}, ${heads} heads`;
  return kind === 'cnn' ? `CNN ${channels.join('-')}` : `MLP ${hidden.join('-') || 'without hidden layer'}`;
}
