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
  /** Fills row i; a knob that is not named stays 0. */
  fill(row: number, values: KnobValues): void;
  /** Sends the first n rows. */
  write(n: number): void;
  destroy(): void;
}

/** 64 rows of 256 bytes, bound by dynamic offset. */
export function createKnobRows(device: GPUDevice, layout: GPUBindGroupLayout, knobs: KnobLayout): KnobRows {
  const buffer = device.createBuffer({ label: 'knob rows', size: KNOB_ROWS * KNOB_ROW_BYTES, usage: USAGE_UNIFORM | USAGE_COPY_DST });
  const bindGroup = device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer, size: KNOB_ROW_BYTES } }] });
  const bytes = new ArrayBuffer(KNOB_ROWS * KNOB_ROW_BYTES);
  const u32 = new Uint32Array(bytes);
  const f32 = new Float32Array(bytes);
  return {
    buffer,
    bindGroup,
    fill(row, values) {
      const base = row * WORDS;
      u32.fill(0, base, base + WORDS);
      for (const knob of knobs.names()) {
        const value = values[knob.name];
        if (value === undefined) continue;
        const out = knob.dtype === 'u32' ? u32 : f32;
        if (typeof value === 'number') out[base + knob.index] = value;
        else for (let i = 0; i < knob.length; i++) out[base + knob.index + i] = value[i] ?? 0;
      }
    },
    write(n) {
      device.queue.writeBuffer(buffer, 0, bytes, 0, n * KNOB_ROW_BYTES);
    },
    destroy: () => buffer.destroy(),
  };
}

const USAGE_UNIFORM = 64;
const USAGE_COPY_DST = 8;
