import type { Arena } from './arena.ts';
import type { Gpu } from './device.ts';
import { bytesOf, type DType, packParams, paramBytes, type Variant } from './kernel.ts';
import type { Program } from './program.ts';
import { readNow } from './readback.ts';
import type { Dispatch } from './trace.ts';

/** A dispatch outside its program, on buffers of its own, so that any variant can be run without touching a run. */
export interface Scratch {
  /** Appends `times` runs of a variant, whose pipeline must be prepared. */
  encode(pass: GPUComputePassEncoder, variant: Variant, times: number): void;
  /** Runs a variant once on the first contents; the words of all written buffers. @throws Error with what the device reports. */
  outputs(variant: Variant): Promise<Uint32Array[]>;
  free(): void;
}

/**
 * Scratch for dispatch `at` of a program. Its contents are the same at every call: pseudo-random numbers, but for u32
 * values of a State (tables, segments, the status), which are copied, since numbers drawn at random would be no
 * valid indices. Knobs are those of row 0 as written last.
 */
export async function createScratch(gpu: Gpu, arena: Arena, program: Program, at: number): Promise<Scratch> {
  const { device, pipelines } = gpu;
  const d = program.dispatches[at] as Dispatch;
  const contents = await Promise.all(d.values.map(async (v, i): Promise<Uint32Array<ArrayBuffer>> => {
    if (v.home.kind !== 'state' || v.dtype !== 'u32') return pseudoRandom(v.dtype, v.length, i + 1);
    const { buffer, offset, size } = program.resource(at, i);
    const [bytes] = await readNow(device, arena, [{ buffer, offset, bytes: size }]);
    return new Uint32Array(bytes as ArrayBuffer);
  }));
  const made: GPUBuffer[] = [];
  const keep = (buffer: GPUBuffer): GPUBuffer => {
    made.push(buffer);
    return buffer;
  };
  const free = (): void => made.splice(0).forEach((b) => arena.free(b));
  try {
    const uniform = keep(arena.uniform('scratch params', paramBytes(d.kernel)));
    device.queue.writeBuffer(uniform, 0, packParams(d.kernel, d.params));
    const buffers = d.values.map((v) => keep(arena.storage(`scratch ${v.name}`, bytesOf(v.dtype, v.length))));
    const fill = (access: 'read' | 'write'): void => buffers.forEach((buffer, i) => {
      if (d.kernel.bindings[i]?.access === access) device.queue.writeBuffer(buffer, 0, contents[i] as Uint32Array<ArrayBuffer>);
    });
    fill('read');
    fill('write');
    const group = device.createBindGroup({
      label: `scratch ${d.kernel.name}`,
      layout: pipelines.layout(d.kernel),
      entries: [uniform, ...buffers].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const encode = (pass: GPUComputePassEncoder, variant: Variant, times: number): void => {
      pass.setBindGroup(0, program.knobGroup, [0]);
      pass.setBindGroup(1, group);
      pass.setPipeline(pipelines.get({ kernel: d.kernel, variant, slots: d.slots }));
      const grid = variant.grid(d.params);
      for (let i = 0; i < times; i++) pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
    };
    return {
      encode,
      free,
      async outputs(variant) {
        // The scope is closed before anything is awaited: it must not catch what a slice does meanwhile.
        device.pushErrorScope('validation');
        fill('write');
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        encode(pass, variant, 1);
        pass.end();
        device.queue.submit([encoder.finish()]);
        const error = await device.popErrorScope();
        if (error) throw new Error(error.message);
        const written = buffers.filter((_, i) => d.kernel.bindings[i]?.access === 'write');
        const parts = await readNow(device, arena, written.map((buffer) => ({ buffer, offset: 0, bytes: buffer.size })));
        return parts.map((bytes) => new Uint32Array(bytes));
      },
    };
  } catch (error) {
    free();
    throw error;
  }
}

/**
 * The same words for the same arguments. f32: in [-1, 1), one of eight exactly 0, as pruned weights are. u32: 32, 24, 16
 * or 8 bits wide, so that digits and prefixes that a kernel compares do agree now and then. Bits: none past the end.
 * f16: two a word, within (-1, 1), never an infinity or NaN, which would hide what a variant does wrong.
 */
export function pseudoRandom(dtype: DType, length: number, seed: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(bytesOf(dtype, length) / 4);
  const floats = new Float32Array(words.buffer);
  let state = Math.imul(seed, 0x9e3779b9) | 1;
  for (let i = 0; i < words.length; i++) {
    // xorshift32 (Marsaglia 2003): a period of 2^32 - 1 is plenty for test contents.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    if (dtype === 'bits') words[i] = state;
    else if (dtype === 'u32') words[i] = (state >>> 0) >>> (8 * (Math.imul(state, 0x85ebca6b) >>> 30));
    else if (dtype === 'f16') words[i] = halfBits(state >>> 16) * 0x10000 + halfBits(state & 0xffff);
    else floats[i] = (state & 7) === 0 ? 0 : (state >> 8) / 0x800000;
  }
  if (dtype === 'bits' && length % 32 !== 0) words[words.length - 1] = (words.at(-1) ?? 0) & ((1 << (length % 32)) - 1);
  return words;
}

/** A 16-bit float of these bits, its exponent brought to one of the eight below 1; one of eight exactly 0. */
const halfBits = (bits: number): number => ((bits & 7) === 0 ? 0 : (bits & 0x83ff) | ((7 + ((bits >> 10) & 7)) << 10));
