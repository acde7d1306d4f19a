import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Written } from './events.ts';
import { addWriting, MAX_WRITINGS, samplesOf, thinSamples } from './writings.ts';

const sample = (step: number): Written => ({ arm: 'main', step, prompt: '\n', text: `text of ${step}`, temperature: 0.7, asked: false });
const asked = (step: number, more: Partial<Written> = {}): Written => ({ ...sample(step), prompt: 'Call me ', asked: true, ...more });
const kept = (...written: readonly Written[]): readonly Written[] => written.reduce(addWriting, [] as readonly Written[]);

describe('what networks wrote', () => {
  it('stands in order of its steps, also where it comes late', () => {
    expect(kept(sample(0), sample(200), asked(150), sample(100)).map(({ step }) => step)).toEqual([0, 100, 150, 200]);
  });

  it('gives way to what was written the same way at the same step, and to nothing else', () => {
    const others = [asked(100, { arm: 'dense' }), asked(100, { prompt: 'The ' }), asked(100, { temperature: 0 }), asked(100, { asked: false }), asked(101)];
    const all = kept(asked(100), ...others, asked(100, { text: 'again' }));
    expect(all).toHaveLength(1 + others.length);
    expect(all.filter(({ text }) => text === 'again')).toHaveLength(1);
  });

  it('keeps beginning and end of a long run within bounds, whoever asks how often', () => {
    fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 900 }), (asks) => {
      const all = kept(...asks.map((ask, step) => (ask ? asked(step) : sample(step))));
      expect(all.length).toBeLessThanOrEqual(MAX_WRITINGS);
      expect(all.map(({ step }) => step)).toEqual(all.map(({ step }) => step).toSorted((a, b) => a - b));
      const ends = <Item>(items: readonly Item[]): (Item | undefined)[] => [items[0], items.at(-1)];
      expect(ends(samplesOf(all).map(({ step }) => step))).toEqual(ends([...asks.keys()].filter((step) => !asks[step])));
      expect(all.findLast((one) => one.asked)?.step ?? -1).toBe(asks.lastIndexOf(true));
    }), { numRuns: 60 });
  });

  it('is thinned over the steps: the beginning stays as fine as the end', () => {
    const thin = thinSamples(kept(...Array.from({ length: 100 }, (_, i) => sample(10 * i)), asked(5)), 20).map(({ step }) => step);
    expect(thin.length).toBeLessThanOrEqual(10);
    expect([thin[0], thin.at(-1)]).toEqual([0, 990]);
    const gaps = thin.slice(1).map((step, i) => step - (thin[i] as number));
    expect(Math.max(...gaps)).toBeLessThan(300);
  });
});
