import type { Dataset } from './dataset.ts';

/** What a table of counts reaches on the test text, in nats a character. */
export interface Baseline {
  name: 'unigram' | 'bigram';
  loss: number;
}

/** Counts that every character begins with, so that none is impossible. */
const SMOOTHING = 1;

/**
 * Cross-entropies of the characters of a test text by how often each occurs in the training text, alone and behind the
 * one before it, with one added to every count. None for data that are no text.
 */
export function textBaselines({ text, classes, train, test }: Pick<Dataset, 'text' | 'classes' | 'train' | 'test'>): Baseline[] {
  if (!text) return [];
  const single = new Float64Array(classes).fill(SMOOTHING);
  const pairs = new Float64Array(classes * classes).fill(SMOOTHING);
  const rows = new Float64Array(classes).fill(SMOOTHING * classes);
  for (let i = 1; i < train.values.length; i++) {
    const [before, code] = [train.values[i - 1] as number, train.values[i] as number];
    single[code] = (single[code] as number) + 1;
    pairs[before * classes + code] = (pairs[before * classes + code] as number) + 1;
    rows[before] = (rows[before] as number) + 1;
  }
  const total = single.reduce((a, b) => a + b, 0);
  let [unigram, bigram] = [0, 0];
  for (let i = 1; i < test.values.length; i++) {
    const [before, code] = [test.values[i - 1] as number, test.values[i] as number];
    unigram -= Math.log((single[code] as number) / total);
    bigram -= Math.log((pairs[before * classes + code] as number) / (rows[before] as number));
  }
  const tested = test.values.length - 1;
  return [{ name: 'unigram', loss: unigram / tested }, { name: 'bigram', loss: bigram / tested }];
}

/** Bits of a cross-entropy in nats. */
export const bitsOfLoss = (loss: number): number => loss / Math.LN2;
