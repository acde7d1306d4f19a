import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerBytes, answerTo, packAnswers, probabilityOf } from './answers.ts';
import type { Probe } from './events.ts';

const images: Probe = { what: 'images', width: 1, height: 1, pixels: new Uint8Array(2), labels: new Uint8Array(2) };
const plane: Probe = { what: 'plane', side: 2, reach: [0, 1, 0, 1], points: new Float32Array(2), labels: new Uint8Array(1) };

it('of images are the likeliest class and its probability', () => {
  // Logits (classes, images), so that the first image has 0, 2, 1 and the second 5, 5, -50.
  const bytes = packAnswers(images, 3, Float32Array.of(0, 5, 2, 5, 1, -50));
  const [first, second] = [answerTo(bytes, 0), answerTo(bytes, 1)];
  expect([first.guess, second.guess]).toEqual([1, 0]);
  expect(first.sure).toBeCloseTo(Math.exp(2) / (1 + Math.exp(2) + Math.E), 2);
  expect(second.sure).toBe(0.5);
});

it('of a plane are the probability of the second class, cell by cell; one half is exact', () => {
  const bytes = packAnswers(plane, 2, Float32Array.of(0, 3, -900, 900, 0, 0, 900, -900));
  expect(Array.from(bytes, probabilityOf).map((p) => Number(p.toFixed(3)))).toEqual([0.5, 0.047, 1, 0]);
  expect(bytes).toHaveLength(answerBytes(plane));
});

it('are none where a logit is no number', () => {
  expect(answerTo(packAnswers(images, 2, Float32Array.of(Number.NaN, 1, 1, 2)), 0)).toEqual({ guess: -1, sure: Number.NaN });
  expect(probabilityOf(packAnswers(plane, 2, Float32Array.of(Number.NaN, 1, 1, 1, 1, 1, 1, 1))[0])).toBeNaN();
});

it('are right to half a byte', () => {
  fc.assert(fc.property(fc.float({ min: -20, max: 20, noNaN: true }), (logit) => {
    const [byte] = packAnswers(plane, 2, Float32Array.of(0, 0, 0, 0, logit, 0, 0, 0));
    expect(Math.abs(probabilityOf(byte) - 1 / (1 + Math.exp(-logit)))).toBeLessThanOrEqual(0.5 / 254 + 1e-6);
  }));
});
