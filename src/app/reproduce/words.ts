import { accuracyTolerance, agreementOf, type Agreement, type Expected } from '../../engine/experiment/expected.ts';
import { formatCount, formatLoss, formatPercent } from '../text/numbers.ts';

/** Final numbers in words: `accuracy 94.05 %, loss 0.203, hash 12345678`. */
export function numbersWords({ accuracy, loss, hash }: Expected): string {
  return `accuracy ${formatPercent(accuracy, 2)}, loss ${formatLoss(loss)}, hash ${hash.slice(0, 8)}`;
}

const LEAD: Readonly<Record<Agreement, string>> = { match: '✓ Match', 'within tolerance': '≈ Within tolerance', differs: '✗ Differs' };

/** What a run came to beside what was expected, both adapters named. @param examples of the test set */
export function agreementWords(expected: Expected, found: Expected, examples: number): string {
  const agreement = agreementOf(expected, found, examples);
  const adapters = `Expected on ${expected.adapter}; run here on ${found.adapter}`;
  if (agreement === 'match') return `${LEAD.match}: parameters and masks are the same to the bit (${numbersWords(found)}). ${adapters}.`;
  const tolerance = `two binomial standard errors of ${formatCount(examples)} test examples, ${formatPercent(accuracyTolerance(expected.accuracy, examples), 2)}`;
  const where = agreement === 'differs' ? 'further apart than' : 'no further apart than';
  return `${LEAD[agreement]}: other bits, and accuracies ${where} ${tolerance}. ${adapters}. Expected ${numbersWords(expected)}; found ${numbersWords(found)}.`;
}
