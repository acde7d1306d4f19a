import type { Written } from './events.ts';
import { newestUpTo, spreadOverSteps } from './thinning.ts';

/* What networks that were trained on a text wrote in the course of a run. */

/** Most characters that are asked for at once. */
export const MAX_WRITTEN = 1000;
/** What a network is given to begin with where nobody says anything else, how boldly it goes on, and how far. */
export const WRITING = { prompt: '\n', temperature: 0.7, characters: 160 } as const;
/** Most texts that a log keeps, and how many of them somebody asked for. */
export const MAX_WRITINGS = 200;
const MAX_ASKED = 50;

/**
 * Adds a text, in order of steps; one that was written the same way at the same step gives way to it. Of texts that were
 * asked for the newest stay; those told with evaluations are thinned over the steps, so that the first ones stay.
 */
export function addWriting(writings: readonly Written[], written: Written): readonly Written[] {
  const others = writings.filter((old) => !isSame(old, written));
  const all = others.toSpliced(newestUpTo(others, written.step) + 1, 0, written);
  const asked = all.filter((one) => one.asked);
  const stay = new Set([...asked.slice(-MAX_ASKED), ...thinSamples(all, MAX_WRITINGS - MAX_ASKED)]);
  return stay.size < all.length ? all.filter((one) => stay.has(one)) : all;
}

/** Texts that were told with evaluations; where there are more than `most`, about half of that, spread over the steps. */
export function thinSamples(writings: readonly Written[], most: number): readonly Written[] {
  const samples = samplesOf(writings);
  return samples.length > most ? spreadOverSteps(samples, most / 2, []).map((i) => samples[i] as Written) : samples;
}

/** Texts that were told with evaluations, in order of their steps: all by the main network, from the same prompt. */
export const samplesOf = (writings: readonly Written[]): readonly Written[] => writings.filter(({ asked }) => !asked);

function isSame(a: Written, b: Written): boolean {
  return a.step === b.step && a.arm === b.arm && a.asked === b.asked && a.prompt === b.prompt && a.temperature === b.temperature;
}
