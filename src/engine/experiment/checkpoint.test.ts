import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksum } from './bytes.ts';
import { CheckpointError, decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { DEFAULT_PRESET } from './presets/index.ts';

const kept = { active: [3, 3], updates: 2, optimizerStart: 0, rate: 0.1, knobs: { density: 0.1 }, forceUpdate: false };
const checkpoint: Checkpoint = {
  experiment: DEFAULT_PRESET.experiment, step: 40, phase: 0,
  arms: (['main', 'random'] as const).map((id) => ({ id, kept, buffers: { params: Uint8Array.from({ length: 64 }, (_, i) => i * 3), masks: new Uint8Array(16) } })),
};
const whole = encodeCheckpoint(checkpoint);
const headerLength = new DataView(whole.buffer).getUint32(12, true);
const HEAD = 16;

/** Bytes with the checksum that fits them. */
function trueChecksum(bytes: Uint8Array): Uint8Array {
  if (bytes.length >= HEAD) new DataView(bytes.buffer, bytes.byteOffset).setUint32(8, checksum(bytes.subarray(12)), true);
  return bytes;
}

/** A checkpoint with any header, and as many bytes behind it as the true one has. */
function withHeader(header: string): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(HEAD + text.length + whole.length - HEAD - headerLength);
  bytes.set(whole.subarray(0, HEAD));
  bytes.set(text, HEAD);
  new DataView(bytes.buffer).setUint32(12, text.length, true);
  return trueChecksum(bytes);
}

/** What is read of the bytes, or null where they are refused with a sentence; any other error fails the test. */
function read(bytes: Uint8Array): ReturnType<typeof decodeCheckpoint> | null {
  try {
    return decodeCheckpoint(bytes);
  } catch (error) {
    if (error instanceof CheckpointError && error.message.endsWith('.')) return null;
    throw error;
  }
}

describe('a checkpoint', () => {
  it('comes back as it was', () => {
    expect(decodeCheckpoint(whole)).toEqual(checkpoint);
  });

  it('with any bytes changed, cut or added is refused or holds the same', () => {
    const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) });
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.integer({ min: -whole.length, max: 40 }), fc.boolean(), (changes, more, cut) => {
      const damaged = new Uint8Array(whole.length + (cut ? more : 0));
      damaged.set(whole.subarray(0, damaged.length));
      for (const { at, to } of changes) if (at < damaged.length) damaged[at] = to;
      const found = read(damaged);
      if (found) expect(found).toEqual(checkpoint);
    }), { numRuns: 2000 });
  });

  it('with a true checksum around changed bytes is refused in words, or has the shape of one', () => {
    const change = fc.tuple(fc.integer({ min: 12, max: whole.length - 1 }), fc.integer({ min: 0, max: 126 }));
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const changed = whole.slice();
      for (const [at, to] of changes) changed[at] = to;
      const found = read(trueChecksum(changed));
      for (const arm of found?.arms ?? []) expect([arm.kept.active.every(Number.isSafeInteger), Number.isFinite(arm.kept.rate), typeof arm.kept.knobs]).toEqual([true, true, 'object']);
    }), { numRuns: 2000 });
  });

  const arms = JSON.stringify(checkpoint.arms.map(({ id }) => ({ id, kept, buffers: [{ name: 'params', bytes: 64 }, { name: 'masks', bytes: 16 }] })));
  it.each<[string, string]>([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a header without networks', '{"step":1,"phase":0}'],
    ['a step that is no count', `{"step":-1,"phase":0,"arms":${arms}}`],
    ['a phase that is text', `{"step":1,"phase":"0","arms":${arms}}`],
    ['a step beyond all numbers', `{"step":1e400,"phase":0,"arms":${arms}}`],
    ['buffers larger than the file', `{"step":1,"phase":0,"arms":${arms.replace('64', '4294967296')}}`],
    ['buffers that go backwards', `{"step":1,"phase":0,"arms":${arms.replace('64', '-64')}}`],
    ['bytes that belong to nothing', '{"step":1,"phase":0,"arms":[]}'],
    ['a network without bookkeeping', `{"step":1,"phase":0,"arms":${arms.replaceAll(/"kept":\{.*?\}.*?\}/g, '"kept":null')}}`],
    ['a rate that is none', `{"step":1,"phase":0,"arms":${arms.replace('0.1', '"fast"')}}`],
  ])('is not %s', (_, header) => {
    expect(() => decodeCheckpoint(withHeader(header))).toThrow(CheckpointError);
  });

  it('named __proto__ reaches no prototype', () => {
    const found = decodeCheckpoint(withHeader(`{"step":1,"phase":0,"__proto__":{"evil":1},"arms":${arms.replace('"params"', '"__proto__"')}}`));
    expect(found.arms[0]?.buffers).not.toHaveProperty('params');
    expect(Object.prototype).not.toHaveProperty('evil');
  });
});
