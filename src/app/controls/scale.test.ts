import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPosition, readNumber, readWidths, SLIDER_STEPS, toPosition, writeNumber, writingOf, type NumberKnob } from './scale.ts';

const knob = (more: Partial<NumberKnob>): NumberKnob => ({ kind: 'number', min: 0, max: 1, default: 0.5, label: 'Knob', help: '', ...more }) as NumberKnob;
const rate = knob({ min: 1e-5, max: 10, log: true });
const decay = knob({ min: 0, max: 1, log: true });
const batch = knob({ kind: 'integer', min: 1, max: 4096, log: true });
const density = knob({ min: 0.001, max: 1, log: true });

describe('sliders', () => {
  it.each([['rate', rate], ['decay', decay], ['batch', batch], ['plain', knob({})]])('of %s reach both ends exactly', (_, each) => {
    expect(fromPosition(each, 0)).toBe(each.min);
    expect(fromPosition(each, SLIDER_STEPS)).toBe(each.max);
    expect(toPosition(each, each.min)).toBe(0);
    expect(toPosition(each, each.max)).toBe(SLIDER_STEPS);
  });

  it.each([['rate', rate], ['decay', decay], ['batch', batch], ['plain', knob({})]])('of %s never move backwards and stay in range', (_, each) => {
    let before = -Infinity;
    for (let position = 0; position <= SLIDER_STEPS; position++) {
      const value = fromPosition(each, position);
      expect(value).toBeGreaterThanOrEqual(before);
      expect(value).toBeGreaterThanOrEqual(each.min);
      expect(value).toBeLessThanOrEqual(each.max);
      before = value;
    }
  });

  it('give values that a person would type', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: SLIDER_STEPS - 1 }), (position) => {
      expect(String(fromPosition(rate, position)).replace(/e.*|^0\.0*|\D/g, '').replace(/0+$/, '').length).toBeLessThanOrEqual(2);
    }));
  });

  it('show a typed value within half a position', () => {
    fc.assert(fc.property(fc.double({ min: 0.001, max: 1, noNaN: true }), (value) => {
      const back = fromPosition(density, toPosition(density, value));
      expect(Math.abs(Math.log(back / value))).toBeLessThan(0.06);
    }));
  });
});

describe('number boxes', () => {
  it('write shares of the sparsity settings in per cent and all else as it is', () => {
    expect(writingOf('sparsity.density', density)).toEqual({ factor: 100, unit: '%' });
    expect(writingOf('optimizer.momentum', knob({}))).toEqual({ factor: 1, unit: '' });
    expect(writingOf('sparsity.updatePeriod', knob({ kind: 'integer', unit: 'steps' }))).toEqual({ factor: 1, unit: 'steps' });
    expect(writeNumber(0.05, { factor: 100, unit: '%' })).toBe('5');
  });

  it('read back what they write', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), (thousandths) => {
      const value = thousandths / 1000;
      const writing = writingOf('sparsity.density', density);
      expect(readNumber(writeNumber(value, writing), density, writing)).toEqual({ ok: true, value });
    }));
  });

  it('accept commas, spaces and a per cent sign, and say what is wrong otherwise', () => {
    const writing = { factor: 100, unit: '%' };
    expect(readNumber(' 2,5 %', density, writing)).toEqual({ ok: true, value: 0.025 });
    expect(readNumber('0', density, writing)).toMatchObject({ ok: false, reason: 'From 0.1 to 100\u202f%.' });
    expect(readNumber('much', density, writing)).toMatchObject({ ok: false, reason: 'Type a number.' });
    expect(readNumber('', density, writing)).toMatchObject({ ok: false });
    expect(readNumber('1.5', batch, { factor: 1, unit: '' })).toMatchObject({ ok: false, reason: 'Type a whole number.' });
  });

  it('read lists of widths', () => {
    expect(readWidths('300, 100', 4096)).toEqual({ ok: true, value: [300, 100] });
    expect(readWidths('784-128', 4096)).toEqual({ ok: true, value: [784, 128] });
    expect(readWidths('', 4096)).toEqual({ ok: true, value: [] });
    expect(readWidths('0', 4096)).toMatchObject({ ok: false });
    expect(readWidths('5000', 4096)).toMatchObject({ ok: false, reason: 'Widths up to 4096.' });
    expect(readWidths('a few', 4096)).toMatchObject({ ok: false });
  });
});
