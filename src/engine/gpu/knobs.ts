import type { Arena } from './arena.ts';
import { KNOB_ROW_BYTES } from './pipelines.ts';

/** Most program runs in one slice: each has a row of its own. */
export const KNOB_ROWS = 64;
const WORDS = KNOB_ROW_BYTES / 4;

/** A named place in the knob row. Kernels take its `index` as a param and read word `index` of the row. */
export interface Knob {
  name: string;
  dtype: 'u32' | 'f32';
  index: number;
  /** How many words it spans; 1 but for per-layer counts. */
  length: number;
}

/** The words of a knob row: numbers that change from step to step without a new trace. */
export interface KnobLayout {
  /** The place of a knob; made at the first call. @throws Error when 64 words are not enough or the type differs. */
  at(name: string, dtype: 'u32' | 'f32', length?: number): Knob;
  names(): readonly Knob[];
}

/** An empty layout; programs that run in one slice share one. */
export function createKnobLayout(): KnobLayout {
  const knobs = new Map<string, Knob>();
  let used = 0;
  return {
    at(name, dtype, length = 1) {
      const known = knobs.get(name);
      if (known) {
        if (known.dtype !== dtype || known.length !== length) throw new Error(`Knob ${name} is ${known.dtype} x ${known.length}, not ${dtype} x ${length}.`);
        return known;
      }
      if (used + length > WORDS) throw new Error(`The knob row is full: ${name} needs ${length} of ${WORDS - used} words left.`);
      const made: Knob = { name, dtype, index: used, length };
      used += length;
      knobs.set(name, made);
      return made;
    },
    names: () => [...knobs.values()],
  };
}

/** Values for one row, by knob name. */
export type KnobValues = Readonly<Record<string, number | readonly number[]>>;

/** The rows of one slice: filled on the CPU, written to the device in one call. */
export interface KnobRows {
  buffer: GPUBuffer;
  bindGroup: GPUBindGroup;
  /**
   * Fills row i; a knob that is not named stays 0.
   * @throws RangeError past the last row, or for a u32 that is none; Error for a name that no program asked for.
   */
  fill(row: number, values: KnobValues): void;
  /** Sends the first n rows. @throws RangeError when there are not so many. */
  write(n: number): void;
  destroy(): void;
}

/** 64 rows of 256 bytes, bound by dynamic offset. */
export function createKnobRows(device: GPUDevice, arena: Arena, layout: GPUBindGroupLayout, knobs: KnobLayout): KnobRows {
  const buffer = arena.uniform('knob rows', KNOB_ROWS * KNOB_ROW_BYTES);
  const bindGroup = device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer, size: KNOB_ROW_BYTES } }] });
  const bytes = new ArrayBuffer(KNOB_ROWS * KNOB_ROW_BYTES);
  const u32 = new Uint32Array(bytes);
  const f32 = new Float32Array(bytes);
  const put = (at: number, knob: Knob, value: number): void => {
    if (knob.dtype === 'f32') f32[at] = value;
    // A typed array would take -1 or 0.5 without a word, and a kernel would then count to four thousand million.
    else if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) u32[at] = value;
    else throw new RangeError(`Knob ${knob.name} is a u32 and cannot be ${value}.`);
  };
  return {
    buffer,
    bindGroup,
    fill(row, values) {
      if (!(row >= 0 && row < KNOB_ROWS)) throw new RangeError(`There is no knob row ${row}; a slice has ${KNOB_ROWS}.`);
      const base = row * WORDS;
      u32.fill(0, base, base + WORDS);
      const known = knobs.names();
      const stranger = Object.keys(values).find((name) => !known.some((knob) => knob.name === name));
      if (stranger !== undefined) throw new Error(`There is no knob ${stranger}; known: ${known.map((knob) => knob.name).join(', ')}.`);
      for (const knob of known) {
        const value = values[knob.name];
        if (value === undefined) continue;
        if (typeof value === 'number') put(base + knob.index, knob, value);
        else for (let i = 0; i < knob.length; i++) put(base + knob.index + i, knob, value[i] ?? 0);
      }
    },
    write(n) {
      if (!(n >= 0 && n <= KNOB_ROWS)) throw new RangeError(`${n} knob rows asked for; a slice has ${KNOB_ROWS}.`);
      device.queue.writeBuffer(buffer, 0, bytes, 0, n * KNOB_ROW_BYTES);
    },
    destroy: () => arena.free(buffer),
  };
}
