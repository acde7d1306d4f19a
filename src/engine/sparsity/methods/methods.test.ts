import { describe, expect, test } from 'vitest';
import type { MethodCard } from '../../experiment/card.ts';
import { findMethod, METHODS } from './index.ts';

describe.each(Object.entries(METHODS))('the card of %s', (id, { card }: { card: MethodCard }) => {
  test('bears the id it is registered under, a paper and one sentence', () => {
    expect(card.id).toBe(id);
    expect(card.paper.year).toBeGreaterThan(1980);
    expect(card.paper.year).toBeLessThan(2026);
    expect(card.paper.url).toMatch(/^https:\/\//);
    expect(card.idea).toMatch(/^[A-Z].*\.$/);
    expect(card.equations.length).toBeGreaterThan(0);
  });

  test('has knobs whose defaults are inside their range, with words', () => {
    for (const [key, knob] of Object.entries(card.knobs)) {
      expect(key).toMatch(/^[a-z][A-Za-z]*$/);
      expect(knob.label).not.toBe('');
      expect(knob.help).toMatch(/\.$/);
      if (knob.kind === 'number' || knob.kind === 'integer') {
        expect(knob.default).toBeGreaterThanOrEqual(knob.min);
        expect(knob.default).toBeLessThanOrEqual(knob.max);
        if (knob.log) expect(knob.min).toBeGreaterThan(0);
      }
      if (knob.kind === 'choice') expect(knob.options).toContain(knob.default);
    }
  });

  test('lists only deviations that one of its knobs switches', () => {
    for (const { knob } of card.deviations) expect(Object.keys(card.knobs)).toContain(knob);
  });
});

test('an unknown method is refused with the known ones, names of Object too', () => {
  for (const id of ['lottery', 'constructor']) {
    expect(() => findMethod(id)).toThrow(/known: dense, random, one-shot, gmp, set, rigl, granet, snfs/);
  }
});
