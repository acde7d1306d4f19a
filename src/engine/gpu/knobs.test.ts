import { describe, expect, test } from 'vitest';
import type { Arena } from './arena.ts';
import { createKnobLayout, createKnobRows, KNOB_ROWS, type KnobLayout, type KnobRows } from './knobs.ts';

/** Rows over a device that only remembers what was written to it. */
function rowsOf(knobs: KnobLayout): { rows: KnobRows; written: () => ArrayBuffer } {
  let sent = new ArrayBuffer(0);
  const device = {
    createBindGroup: () => ({}),
    queue: { writeBuffer: (_: unknown, __: number, bytes: ArrayBuffer, from: number, size: number) => { sent = bytes.slice(from, from + size); } },
  } as unknown as GPUDevice;
  const arena = { uniform: () => ({}) } as unknown as Arena;
  return { rows: createKnobRows(device, arena, {} as GPUBindGroupLayout, knobs), written: () => sent };
}

describe('the layout of a knob row', () => {
  test('gives a name one place, and names places in order', () => {
    const knobs = createKnobLayout();
    expect(knobs.at('step', 'u32').index).toBe(0);
    expect(knobs.at('counts', 'u32', 5).index).toBe(1);
    expect(knobs.at('rate', 'f32').index).toBe(6);
    expect(knobs.at('step', 'u32').index).toBe(0);
    expect(knobs.names().map((k) => k.name)).toEqual(['step', 'counts', 'rate']);
  });

  test('refuses another type or length for a name, and a 65th word', () => {
    const knobs = createKnobLayout();
    knobs.at('rate', 'f32');
    expect(() => knobs.at('rate', 'u32')).toThrow('Knob rate is f32 x 1, not u32 x 1.');
    expect(() => knobs.at('rate', 'f32', 2)).toThrow('not f32 x 2');
    knobs.at('rest', 'u32', 63);
    expect(() => knobs.at('one more', 'u32')).toThrow('one more needs 1 of 0 words left');
  });
});

describe('knob rows', () => {
  test('hold each value in its place and type; what is not named is 0', () => {
    const knobs = createKnobLayout();
    knobs.at('step', 'u32');
    knobs.at('rate', 'f32');
    knobs.at('counts', 'u32', 3);
    const { rows, written } = rowsOf(knobs);
    rows.fill(1, { step: 0xffffffff, rate: 0.1, counts: [7, 8] });
    rows.fill(1, { step: 5, rate: -0.5, counts: [7, 8, 9] });
    rows.fill(2, { rate: 2 });
    rows.write(3);
    const [u32, f32] = [new Uint32Array(written()), new Float32Array(written())];
    expect(written().byteLength).toBe(3 * 256);
    expect(u32.slice(0, 64)).toEqual(new Uint32Array(64));
    expect([u32[64], f32[65], u32[66], u32[67], u32[68], u32[69]]).toEqual([5, -0.5, 7, 8, 9, 0]);
    expect([u32[128], f32[129]]).toEqual([0, 2]);
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('refuse %d for a u32', (value) => {
    const knobs = createKnobLayout();
    knobs.at('k', 'u32', 2);
    const { rows } = rowsOf(knobs);
    expect(() => rows.fill(0, { k: [0, value] })).toThrow('Knob k is a u32');
  });

  test('refuse a name that no program asked for, and name those that are known', () => {
    const knobs = createKnobLayout();
    knobs.at('step', 'u32');
    knobs.at('rate', 'f32');
    const { rows } = rowsOf(knobs);
    rows.fill(0, { rate: 1 });
    expect(() => rows.fill(0, { rate: 1, reat: 2 })).toThrow('There is no knob reat; known: step, rate.');
  });

  test('take the first and the last row, and no row besides', () => {
    const { rows, written } = rowsOf(createKnobLayout());
    rows.fill(0, {});
    rows.fill(KNOB_ROWS - 1, {});
    rows.write(KNOB_ROWS);
    expect(written().byteLength).toBe(KNOB_ROWS * 256);
    expect(() => rows.fill(KNOB_ROWS, {})).toThrow('There is no knob row 64');
    expect(() => rows.fill(-1, {})).toThrow(RangeError);
    expect(() => rows.write(KNOB_ROWS + 1)).toThrow('65 knob rows asked for');
  });
});
