import type { Answers, ArmId, Probe } from './events.ts';
import type { RunLog } from './runLog.ts';
import { newestUpTo } from './thinning.ts';

/*
 * Answers as bytes. Of images: the class and its probability, two bytes an image. Of a plane: the probability of the
 * second class, a byte a cell. A probability is a byte from 0 to 254, so that one half has its own; 255 is none.
 */

const MOST = 254;
const NONE = 255;

/** Bytes of the answers to a probe. */
export function answerBytes(probe: Probe): number {
  return probe.what === 'images' ? 2 * probe.labels.length : probe.side ** 2;
}

/** Answers as bytes, from logits (classes, inputs): of softmax, on the CPU. */
export function packAnswers(probe: Probe, classes: number, logits: Float32Array): Uint8Array {
  const inputs = logits.length / classes;
  const bytes = new Uint8Array(answerBytes(probe));
  for (let i = 0; i < inputs; i++) {
    const own = Float64Array.from({ length: classes }, (_, c) => logits[c * inputs + i] as number);
    if (probe.what === 'plane') {
      bytes[i] = byteOf(probabilityAmong(own, 1));
      continue;
    }
    // None where a logit is no number: then no class is the largest.
    const guess = own.indexOf(Math.max(...own));
    bytes[2 * i] = guess === -1 ? NONE : guess;
    bytes[2 * i + 1] = guess === -1 ? NONE : byteOf(probabilityAmong(own, guess));
  }
  return bytes;
}

function probabilityAmong(logits: Float64Array, at: number): number {
  const own = logits[at] as number;
  return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - own), 0);
}

const byteOf = (probability: number): number => (Number.isNaN(probability) ? NONE : Math.round(MOST * probability));

/** The probability that a byte stands for; NaN where there is none. */
export function probabilityOf(byte: number | undefined): number {
  return byte === undefined || byte === NONE ? Number.NaN : byte / MOST;
}

/** The class that an image was taken for, -1 where there is none, and its probability. */
export function answerTo(bytes: Uint8Array, image: number): { guess: number; sure: number } {
  const guess = bytes[2 * image] ?? NONE;
  return { guess: guess === NONE ? -1 : guess, sure: probabilityOf(bytes[2 * image + 1]) };
}

/** What an arm answered at a step; before its first answers, these. The bytes are the log's own. */
export function answersAt(log: RunLog, arm: ArmId, step: number): Answers | undefined {
  const entries = log.answers.get(arm)?.entries ?? [];
  const found = entries[Math.max(0, newestUpTo(entries, step))];
  return found && { arm, step: found.step, bytes: found.bytes };
}
