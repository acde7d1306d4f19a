import type { Comparison } from '../../engine/claims/claim.ts';
import type { Outcome } from '../../engine/claims/verdict.ts';
import { checkWords, outcomeOf, rulingWords } from '../../engine/claims/words.ts';
import type { ComparisonResult } from './comparing.ts';

/** Word and glyph of an outcome, and its class. */
export const SIGNS: Readonly<Record<Outcome, { word: string; glyph: string; className: string }>> = {
  shown: { word: 'Shown', glyph: '✓', className: 'verdict-shown' },
  'not shown': { word: 'Not shown', glyph: '✗', className: 'verdict-not-shown' },
  inconclusive: { word: 'Inconclusive', glyph: '?', className: 'verdict-inconclusive' },
  'no verdict': { word: 'No verdict', glyph: '–', className: 'verdict-inconclusive' },
};

/** What is asked, in the order of the arms: `RigL better than random mask?`. */
function questionOf(kind: Comparison['kind'], label: string): string {
  const [first, second] = label.split(' - ');
  if (!second) return label;
  return kind === 'as good as' ? `${first} as good as ${second}?` : kind === 'equal' ? `${first} equal to ${second}?` : `${first} better than ${second}?`;
}

/** One comparison of a result, as it is told. */
export interface ToldVerdict {
  key: string;
  outcome: Outcome;
  opposite: boolean;
  question: string;
  /** What it was compared at, such as `1 % density`. */
  part: string;
  /** Its difference and interval. */
  figures: string;
}

/** A part of a result: why its task cannot tell the arms apart, where it cannot, and its comparisons. */
export interface ToldPart {
  warning: string | null;
  verdicts: readonly ToldVerdict[];
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** All verdicts of a result, part by part, in the words that page and figure share. */
export function toldParts({ compared, judgement }: Pick<ComparisonResult, 'compared' | 'judgement'>): ToldPart[] {
  const warnings = judgement.parts.map((part) => (part.check.passed || part.outcome === 'no verdict' ? null : sentenceCase(checkWords(compared, part))));
  return judgement.parts.map((part, p): ToldPart => {
    const { kind } = compared.parts[p]!.comparison;
    return {
      // Parts at one density say the same of their task: once is enough.
      warning: warnings[p] === warnings[p - 1] ? null : warnings[p]!,
      verdicts: part.rulings.map((one): ToldVerdict => ({
        key: `${p}-${one.label}`, outcome: outcomeOf(part, one.ruling), opposite: one.ruling.opposite,
        question: questionOf(kind, one.label), part: part.title, figures: rulingWords(compared, kind, one),
      })),
    };
  });
}

/** An outcome as words: `✓ Shown, opposite direction`. */
export function outcomeWords({ outcome, opposite }: Pick<ToldVerdict, 'outcome' | 'opposite'>): string {
  return `${SIGNS[outcome].glyph} ${SIGNS[outcome].word}${opposite ? ', opposite direction' : ''}`;
}
