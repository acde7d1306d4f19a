import { afterAll, beforeAll, expect } from 'vitest';
import { testDevice } from '../../node/testDevice.ts';
import { type Arena, createArena } from '../gpu/arena.ts';
import type { Gpu } from '../gpu/device.ts';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createWorkspace } from '../gpu/program.ts';
import { readNow } from '../gpu/readback.ts';
import { createState } from '../gpu/state.ts';
import { createTrace } from '../gpu/trace.ts';
import { layoutParams, type ParamLayout, paramTable, segmentTable } from '../nn/layout.ts';
import { PURPOSE, randomUniform } from '../random.ts';
import { GRADIENT_AVERAGE } from './averages.ts';
import { packBits, unpackBits } from './bits.ts';
import { type LayerCounts, type MaskUpdateSpec, readCounts, traceMaskUpdate } from './gpuUpdate.ts';
import { SINGLE_WEIGHTS } from './granularity.ts';
import { withGroups } from './groups.ts';
import { writeGroups } from './groupTables.ts';
import { loadUnits } from './units.ts';
import { randomMaskBits } from './initialMask.ts';
import type { UpdateCounts } from './method.ts';
import { applyUpdate, type ReferenceState } from './reference.ts';

/** Rows of counts: fewer than updates, so that rows are used again. */
const RING_ROWS = 3;
const SLOTS = 2;
/** Sizes below, at and above a word of mask bits, a block of 64 and a workgroup. */
export const SHAPES = [[1, 3], [8, 8], [7, 19], [3, 43], [17, 33]] as const;

/** Shapes of the weights of a network, [out, in] or [out, in, height, width]. */
export type Shapes = readonly (readonly [out: number, ...inputs: number[]])[];

/** The layout of a network with these weights and a bias each. */
export function networkOf(shapes: Shapes, masks = SINGLE_WEIGHTS): ParamLayout {
  const trained = { init: 'kaiming', rateScale: 1, decayScale: 1, trainable: true } as const;
  return withGroups(layoutParams(shapes.flatMap(([out, ...inputs], i) => [
    { ...trained, name: `layers.${i}.weight`, shape: [out, ...inputs], maskable: true },
    { ...trained, name: `layers.${i}.bias`, shape: [out], maskable: false },
  ])), masks);
}

/** A CPU state with the given masks, one flag a weight; all else 0. */
export function stateOf(layout: ParamLayout, flags: readonly Uint8Array[]): ReferenceState {
  const mask = new Uint8Array(layout.n);
  layout.layers.forEach((layer, l) => mask.set(flags[l]!, layer.offset));
  return {
    layers: layout.layers.map(({ offset, length }) => ({ offset, size: length })),
    groups: layout.groups,
    weights: new Float32Array(layout.n),
    gradients: new Float32Array(layout.n),
    average: new Float32Array(layout.n),
    slots: Array.from({ length: SLOTS }, () => new Float32Array(layout.n)),
    mask,
    fired: mask.slice(),
  };
}

/** Random masks with `counts` active weights a layer, one flag a weight. */
export function randomFlags(layout: ParamLayout, seed: number, counts: readonly number[]): Uint8Array[] {
  return layout.layers.map(({ length }, l) => unpackBits(randomMaskBits(seed, l, length, counts[l]!), length));
}

/** Masks with all weights. */
export const full = (layout: ParamLayout): Uint8Array[] => layout.layers.map(({ length }) => new Uint8Array(length).fill(1));

/** Values as training might leave them: at every third step few different ones, so that most scores tie. Biases too. */
export function disturb(layout: ParamLayout, state: ReferenceState, seed: number, step: number): void {
  const value = (array: number, i: number): number => {
    const u = 2 * randomUniform(seed + array, PURPOSE.noise, step, i) - 1;
    return step % 3 === 1 ? Math.round(u * 3) / 3 : u;
  };
  for (const { offset, length } of layout.tensors) {
    for (let i = offset; i < offset + length; i++) {
      [state.weights, state.gradients, ...state.slots, state.average!].forEach((array, a) => { array[i] = value(a, i); });
    }
  }
}

/** What an update leaves on the device. */
export interface Left {
  weights: Float32Array;
  slots: Float32Array[];
  mask: Uint8Array;
  previous: Uint8Array;
  regrown: Uint8Array;
  fired: Uint8Array;
  status: Uint32Array;
  counts: LayerCounts[];
}

/** One mask update of a network on the device. */
export interface Machine {
  /** Kernels of one update, in order. */
  kernels: readonly string[];
  /** Sends all of a CPU state; `flag` is word 0 of the status. */
  write(state: ReferenceState, flag?: number): void;
  run(knobs: { counts: UpdateCounts; step: number; update: number }): Promise<Left>;
  destroy(): void;
}

/** How an update selects: by counting ranks, by radix, or what it takes of itself. */
export type Select = 'rank' | 'radix' | 'radix, counts in the workgroup' | 'default';
/** What of an update is fixed once it is traced. */
export type Rules = Omit<MaskUpdateSpec, 'layout' | 'slotCount' | 'ringRows' | 'selection'>;

const shareOf = ({ exchange }: UpdateCounts): { share?: number } => (exchange === undefined ? {} : { share: exchange });

/** One update of a network, ready to run. */
export async function machine(gpu: Gpu, layout: ParamLayout, rules: Rules, select: Select): Promise<Machine> {
  const arena = createArena(gpu.device);
  const knobs = createKnobLayout();
  const trace = createTrace();
  const selection = select === 'default' ? {} : { selection: select === 'rank' ? 'rank' as const : 'radix' as const };
  traceMaskUpdate(trace, knobs, { ...rules, ...selection, layout, slotCount: SLOTS, ringRows: RING_ROWS });
  const state = createState(gpu.device, arena, select);
  const workspace = createWorkspace(gpu, arena, knobs);
  const program = workspace.add('update', trace, state);
  await workspace.prepare([program]);
  if (select === 'radix, counts in the workgroup') {
    const counts = program.dispatches.flatMap(({ kernel }, at) => (kernel.name === 'select_count' ? [{ kernel, at, variant: kernel.variants[1]! }] : []));
    await gpu.pipelines.prepare(counts);
    counts.forEach(({ at, variant }) => program.swap(at, variant));
  }
  state.write('table', paramTable(layout));
  if (layout.groups) writeGroups(state, layout.groups);
  else state.write('segments', segmentTable(layout));
  return {
    kernels: program.dispatches.map((d) => d.kernel.name),
    write(cpu, flag = 0xffffffff) {
      state.write('params', cpu.weights);
      state.write('grads', cpu.gradients);
      if (state.names().includes(GRADIENT_AVERAGE)) state.write(GRADIENT_AVERAGE, cpu.average!.subarray(0, layout.masked));
      cpu.slots.forEach((slot, s) => state.write('slots', slot, s * layout.n));
      state.write('masks', packBits(cpu.mask.subarray(0, layout.masked)));
      state.write('masks', packBits(cpu.fired.subarray(0, layout.masked)), (3 * layout.masked) / 32);
      state.write('status', Uint32Array.of(flag));
    },
    async run({ counts, step, update }) {
      workspace.poison();
      workspace.rows.fill(0, { ...shareOf(counts), keep: counts.keep, grow: counts.grow, step, update });
      workspace.rows.write(1);
      const encoder = gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      program.encode(pass, 0);
      pass.end();
      gpu.device.queue.submit([encoder.finish()]);
      return read(gpu, arena, layout, update, (name) => state.buffer(name));
    },
    destroy() {
      workspace.destroy();
      state.destroy();
    },
  };
}

async function read(gpu: Gpu, arena: Arena, layout: ParamLayout, update: number, buffer: (name: string) => GPUBuffer): Promise<Left> {
  const names = ['params', 'slots', 'masks', 'status'] as const;
  const [params, slots, masks, status] = await readNow(gpu.device, arena, names.map((name) => ({ buffer: buffer(name), offset: 0, bytes: buffer(name).size })));
  const words = new Uint32Array(status!);
  const bits = (set: number): Uint8Array => unpackBits(new Uint32Array(masks!), layout.masked, (set * layout.masked) / 32);
  return {
    weights: new Float32Array(params!),
    slots: Array.from({ length: SLOTS }, (_, s) => new Float32Array(slots!, s * layout.n * 4, layout.n)),
    mask: bits(0), previous: bits(1), regrown: bits(2), fired: bits(3),
    status: words,
    counts: readCounts(words, RING_ROWS, layout.layers.length, update),
  };
}

/** The same update on the CPU; returns what the device must hold after it. `state` is changed. */
export function expected(layout: ParamLayout, state: ReferenceState, rules: Rules, now: { counts: UpdateCounts; step: number }): Omit<Left, 'status'> {
  const before = { mask: state.mask.slice(), fired: state.fired.slice() };
  const { scope, exchange, redistribute, regrowAllowed, keepValueOnRegrow } = rules.plan;
  const sets = applyUpdate(state, { seed: rules.seed, ...now, scope, exchange, redistribute, regrowAllowed, keepValueOnRegrow }, rules.method.update!);
  const within = (flags: Uint8Array): Uint8Array => flags.slice(0, layout.masked);
  const flags = (indices: readonly number[]): Uint8Array => {
    const made = new Uint8Array(layout.masked);
    indices.forEach((i) => { made[i] = 1; });
    return made;
  };
  const count = (of: Uint8Array, l: number): number => of.subarray(layout.layers[l]!.offset, layout.layers[l]!.offset + layout.layers[l]!.length).reduce((a, b) => a + b, 0);
  return {
    weights: state.weights, slots: state.slots.map((slot) => slot),
    mask: within(state.mask), previous: within(before.mask), regrown: flags(sets.regrown), fired: within(before.fired),
    counts: layout.layers.map((_, l) => ({
      active: count(state.mask, l), dropped: count(flags(sets.dropped), l), grown: count(flags(sets.grown), l),
      regrown: count(flags(sets.regrown), l), fired: count(state.fired, l),
    })),
  };
}

/** Bits, because toEqual takes 0 for -0 in typed arrays on some versions and is slow on long ones. */
export function expectSame(got: Omit<Left, 'status'>, want: Omit<Left, 'status'>, what: string): void {
  const differing = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
    Buffer.compare(Buffer.from(a.buffer, a.byteOffset, a.byteLength), Buffer.from(b.buffer, b.byteOffset, b.byteLength)) !== 0;
  const wrong = (['mask', 'previous', 'regrown', 'fired', 'weights'] as const).filter((name) => differing(got[name], want[name]));
  const slots = want.slots.flatMap((slot, s) => (differing(got.slots[s]!, slot) ? [`slots ${s}`] : []));
  expect([...wrong, ...slots], what).toEqual([]);
  expect(got.counts, what).toEqual(want.counts);
}

/** The device of a test file, and what it made there. */
export interface UpdateRig {
  readonly gpu: Gpu;
  /** The same update once for each way to select; destroyed after the file's last test. */
  make(layout: ParamLayout, rules: Rules, selects: readonly Select[]): Promise<Machine[]>;
}

/** Opens the shared device for a test file: called once, at its top. */
export function openUpdateRig(): UpdateRig {
  const machines: Machine[] = [];
  let gpu: Gpu | undefined;
  const device = (): Gpu => {
    if (!gpu) throw new Error('The device is there from the first test on, not before.');
    return gpu;
  };
  beforeAll(async () => {
    gpu = await testDevice();
    await loadUnits({ granularity: 'block' });
  });
  afterAll(() => machines.forEach((m) => m.destroy()));
  return {
    get gpu() { return device(); },
    async make(layout, rules, selects) {
      const made = await Promise.all(selects.map((select) => machine(device(), layout, rules, select)));
      machines.push(...made);
      return made;
    },
  };
}
