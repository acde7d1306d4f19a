import { accuracyTolerance, agreementOf, type Agreement, type Expected } from '../../engine/experiment/expected.ts';
import { evaluatedExamples } from '../../engine/data/heldOut.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { isText } from '../panels/reading.ts';
import { evaluatedOn } from '../panels/summary.ts';
import { formatCount, formatLoss, formatPercent } from '../text/numbers.ts';

/** Final numbers in words: `accuracy 94.05 %, loss 0.203, hash 12345678`. */
export function numbersWords({ accuracy, loss, hash }: Expected): string {
  return `accuracy ${formatPercent(accuracy, 2)}, loss ${formatLoss(loss)}, hash ${hash.slice(0, 8)}`;
}

const LEAD: Readonly<Record<Agreement, string>> = { match: '✓ Match', 'within tolerance': '≈ Within tolerance', differs: '✗ Differs' };

/** What accuracies were measured on: `test set`, and how many examples it has. */
export interface Evaluated {
  split: string;
  examples: number;
}

/** What an experiment's accuracies are measured on. */
export function evaluatedBy(experiment: Experiment): Evaluated {
  const examples = evaluatedExamples(experiment.data);
  // A window of a text is as many examples as it has characters.
  return isText({ experiment }) ? { split: 'text held out', examples: examples * experiment.data.context } : { split: evaluatedOn(experiment), examples };
}

/** What a run came to beside what was expected, both adapters named. */
export function agreementWords(expected: Expected, found: Expected, { split, examples }: Evaluated): string {
  const agreement = agreementOf(expected, found, examples);
  const adapters = `Expected on ${expected.adapter}; run here on ${found.adapter}`;
  if (agreement === 'match') return `${LEAD.match}: parameters and masks are the same to the bit (${numbersWords(found)}). ${adapters}.`;
  const tolerance = `two binomial standard errors on the ${formatCount(examples)} examples of the ${split}, ${formatPercent(accuracyTolerance(expected.accuracy, examples), 2)}`;
  const where = agreement === 'differs' ? 'further apart than' : 'no further apart than';
  return `${LEAD[agreement]}: other bits, and accuracies ${where} ${tolerance}. ${adapters}. Expected ${numbersWords(expected)}; found ${numbersWords(found)}.`;
}

/** The same in one short line, for figures. */
export function shortAgreementWords(expected: Expected, found: Expected, { examples }: Evaluated): string {
  const agreement = agreementOf(expected, found, examples);
  if (agreement === 'match') return `${LEAD.match}: the same bits as on ${expected.adapter}.`;
  return `${LEAD[agreement]}: ${formatPercent(found.accuracy, 2)} here, ${formatPercent(expected.accuracy, 2)} on ${expected.adapter}.`;
}
