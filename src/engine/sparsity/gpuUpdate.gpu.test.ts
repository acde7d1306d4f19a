import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readShaders } from '../../node/shaders.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { testGpu } from '../../node/testGpu.ts';
import { epochAndPosition, SAMPLERS } from '../data/samplers.ts';
import { SAMPLER_GOLDEN } from '../data/samplers.golden.ts';
import type { KnobValue } from '../experiment/card.ts';
import type { MasksSpec } from '../experiment/experiment.ts';
import { createArena, type Arena } from '../gpu/arena.ts';
import { openGpu, type Gpu } from '../gpu/device.ts';
import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createWorkspace } from '../gpu/program.ts';
import { readNow } from '../gpu/readback.ts';
import { createState } from '../gpu/state.ts';
import { createTrace } from '../gpu/trace.ts';
import { layoutParams, paramTable, segmentTable, type ParamLayout } from '../nn/layout.ts';
import { PURPOSE, randomU32, randomUniform } from '../random.ts';
import { RANDOM_GOLDEN } from '../random.golden.ts';
import { GRADIENT_AVERAGE } from './averages.ts';
import { packBits, unpackBits } from './bits.ts';
import { shareWord } from './counts.ts';
import { readCounts, traceMaskUpdate, type LayerCounts, type MaskUpdateSpec } from './gpuUpdate.ts';
import { initialMask, randomMaskBits } from './initialMask.ts';
import { grouped, groupCount, SINGLE_WEIGHTS } from './granularity.ts';
import { withGroups } from './groups.ts';
import { writeGroups } from './groupTables.ts';
import { loadUnits } from './units.ts';
import { defaultKnobs } from './knobs.ts';
import type { LayerShape, MaskPlan, Method, ScoreName, UpdateCounts } from './method.ts';
import { METHODS } from './methods/index.ts';
import { activeCounts, applyUpdate, scoreKey, type ReferenceState } from './reference.ts';

// ---------------------------------------------------------------------------------------------------------------------
// Networks, and one and the same State on the CPU and on the GPU

/** Rows of counts: fewer than updates, so that rows are used again. */
const RING_ROWS = 3;
const SLOTS = 2;
/** Sizes below, at and above a word of mask bits, a block of 64 and a workgroup. */
const SHAPES = [[1, 3], [8, 8], [7, 19], [3, 43], [17, 33]] as const;

type Shapes = readonly (readonly [out: number, ...inputs: number[]])[];

function networkOf(shapes: Shapes, masks = SINGLE_WEIGHTS): ParamLayout {
  const trained = { init: 'kaiming', rateScale: 1, decayScale: 1, trainable: true } as const;
  return withGroups(layoutParams(shapes.flatMap(([out, ...inputs], i) => [
    { ...trained, name: `layers.${i}.weight`, shape: [out, ...inputs], maskable: true },
    { ...trained, name: `layers.${i}.bias`, shape: [out], maskable: false },
  ])), masks);
}

/** A CPU state with the given masks, one flag a weight; all else 0. */
function stateOf(layout: ParamLayout, flags: readonly Uint8Array[]): ReferenceState {
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

function randomFlags(layout: ParamLayout, seed: number, counts: readonly number[]): Uint8Array[] {
  return layout.layers.map(({ length }, l) => unpackBits(randomMaskBits(seed, l, length, counts[l]!), length));
}

const full = (layout: ParamLayout): Uint8Array[] => layout.layers.map(({ length }) => new Uint8Array(length).fill(1));

/** Values as training might leave them: at every third step few different ones, so that most scores tie. Biases too. */
function disturb(layout: ParamLayout, state: ReferenceState, seed: number, step: number): void {
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
interface Left {
  weights: Float32Array;
  slots: Float32Array[];
  mask: Uint8Array;
  previous: Uint8Array;
  regrown: Uint8Array;
  fired: Uint8Array;
  status: Uint32Array;
  counts: LayerCounts[];
}

interface Machine {
  /** Kernels of one update, in order. */
  kernels: readonly string[];
  /** Sends all of a CPU state; `flag` is word 0 of the status. */
  write(state: ReferenceState, flag?: number): void;
  run(knobs: { counts: UpdateCounts; step: number; update: number }): Promise<Left>;
  destroy(): void;
}

type Select = 'rank' | 'radix' | 'radix, counts in the workgroup' | 'default';
type Rules = Omit<MaskUpdateSpec, 'layout' | 'slotCount' | 'ringRows' | 'selection'>;

const shareOf = ({ exchange }: UpdateCounts): { share?: number } => (exchange === undefined ? {} : { share: exchange });

/** One update of a network, ready to run. */
async function machine(gpu: Gpu, layout: ParamLayout, rules: Rules, select: Select): Promise<Machine> {
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
function expected(layout: ParamLayout, state: ReferenceState, rules: Rules, now: { counts: UpdateCounts; step: number }): Omit<Left, 'status'> {
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
function expectSame(got: Omit<Left, 'status'>, want: Omit<Left, 'status'>, what: string): void {
  const differing = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
    Buffer.compare(Buffer.from(a.buffer, a.byteOffset, a.byteLength), Buffer.from(b.buffer, b.byteOffset, b.byteLength)) !== 0;
  const wrong = (['mask', 'previous', 'regrown', 'fired', 'weights'] as const).filter((name) => differing(got[name], want[name]));
  const slots = want.slots.flatMap((slot, s) => (differing(got.slots[s]!, slot) ? [`slots ${s}`] : []));
  expect([...wrong, ...slots], what).toEqual([]);
  expect(got.counts, what).toEqual(want.counts);
}

const machines: Machine[] = [];
let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
  await loadUnits({ granularity: 'block' });
});
afterAll(() => machines.forEach((m) => m.destroy()));

async function make(layout: ParamLayout, rules: Rules, selects: readonly Select[], on = gpu): Promise<Machine[]> {
  const made = await Promise.all(selects.map((select) => machine(on, layout, rules, select)));
  machines.push(...made);
  return made;
}

// ---------------------------------------------------------------------------------------------------------------------

const UPDATES = 40;
const DENSITIES = [0.9, 0.5, 0.2, 0.05];
const FLAGS = [true, false].flatMap((regrowAllowed) => [true, false].map((keepValueOnRegrow) => ({ regrowAllowed, keepValueOnRegrow })));
/** One-shot pruning by the scores of SNIP and GraSP, whose masks are found before training. */
const bySensitivity: Method = { ...METHODS['one-shot'], update: (moves) => moves.drop('sensitivity') };
const byCurvature: Method = { ...METHODS['one-shot'], update: (moves) => moves.drop('curvature') };
const ALL: Record<string, Method> = { ...METHODS, 'one-shot by sensitivity': bySensitivity, 'one-shot by curvature': byCurvature };
const UPDATING = Object.entries(ALL).filter(([, method]) => method.update);
const CASES = UPDATING.flatMap(([id, method]) => (['layer', 'global'] as const).flatMap((scope) =>
  DENSITIES.map((density, i) => ({ id, method, scope, density, seed: i + 1, ...FLAGS[i]! }))));

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const shapesOf = (shapes: Shapes): LayerShape[] => shapes.map(([out, ...inputs], i) => ({
  name: `fc${i + 1}`, out, in: inputs.reduce((a, b) => a * b, 1), ...(inputs.length === 3 && { kernel: [inputs[1]!, inputs[2]!] as [number, number] }),
}));

function planOf(method: Method, knobs: Record<string, KnobValue>, layers = shapesOf(SHAPES)): MaskPlan {
  return method.plan({ layers, steps: UPDATES, knobs: { ...defaultKnobs(method.card.knobs), ...knobs } });
}

/** Settings by which a method's updates have a scope; SNFS goes over all layers where it redistributes. */
function scopeKnobs({ card }: Method, scope: 'layer' | 'global'): Record<string, KnobValue> {
  if ('redistribute' in card.knobs) return { redistribute: scope === 'global' };
  return 'scope' in card.knobs ? { scope } : {};
}

/** The score that a method drops by. */
function dropScore(method: Pick<Method, 'update'>): ScoreName {
  let found: ScoreName = 'magnitude';
  method.update?.({ drop: (score) => { found = score; }, grow: () => undefined, choose: (score) => { found = score; } });
  return found;
}

/** I2 to I4 and I6 of the mask invariants, on what the device holds. */
function expectInvariants(layout: ParamLayout, given: ReferenceState, left: Left, rules: Rules, earlier: Uint8Array): void {
  const { scope, exchange, regrowAllowed, keepValueOnRegrow } = rules.plan;
  const groups = scope === 'global' && exchange === undefined ? [layout.layers] : layout.layers.map((layer) => [layer]);
  const wrong: string[] = [];
  for (const group of groups) {
    let [largestDropped, smallestKept] = [0, Number.POSITIVE_INFINITY];
    for (const { offset, length } of group) {
      for (let i = offset; i < offset + length; i++) {
        const [before, now, again] = [given.mask[i]!, left.mask[i]!, left.regrown[i]!];
        const zero = left.weights[i] === 0 && left.slots.every((slot) => slot[i] === 0);
        if (now === 0 && !zero) wrong.push(`I2 at ${i}`);
        if (now > before && !zero) wrong.push(`a grown weight does not start at 0 at ${i}`);
        if (again && (before === 0 || now === 0 || !regrowAllowed)) wrong.push(`I3 at ${i}`);
        if (again && keepValueOnRegrow && left.weights[i] !== given.weights[i]) wrong.push(`a regrown weight lost its value at ${i}`);
        if (left.previous[i] !== before || left.fired[i]! < Math.max(before, earlier[i]!)) wrong.push(`I6 at ${i}`);
        const size = scoreKey(given, dropScore(rules.method), 0, 0, i);
        if (before && (!now || again)) largestDropped = Math.max(largestDropped, size);
        if (before && now && !again) smallestKept = Math.min(smallestKept, size);
      }
    }
    if (largestDropped > smallestKept) wrong.push('I4');
  }
  expect(wrong).toEqual([]);
}

describe.each(CASES)('$id, density $density, scope $scope', ({ id, method, scope, density, seed, ...flags }) => {
  test(`${UPDATES} updates leave what the reference leaves, by rank, by radix and by radix in workgroups`, () => underScopes(gpu, async () => {
    const layout = networkOf(SHAPES);
    const knobs = { density, ...scopeKnobs(method, scope), ...flags, pruneAt: 0, updateStart: 0, updateEnd: 1, updatePeriod: 1 };
    const plan = planOf(method, knobs);
    const rules: Rules = { method, plan: { ...flags, scope, exchange: plan.exchange, redistribute: plan.redistribute }, seed };
    const all = await make(layout, rules, ['rank', 'radix', 'radix, counts in the workgroup']);
    const initial = plan.initial();
    let state = stateOf(layout, initial.choose === 'all' ? full(layout) : randomFlags(layout, seed, initial.counts));
    let fired: Uint8Array = state.fired.slice(0, layout.masked);
    for (let step = 0; step < UPDATES; step++) {
      // One-shot pruning has one update: here it has forty first ones.
      if (id.startsWith('one-shot')) state = stateOf(layout, full(layout));
      disturb(layout, state, seed, step);
      let counts = plan.counts(step, activeCounts(state));
      if (scope === 'global') counts = { ...counts, keep: [sum(counts.keep)], grow: [sum(counts.grow)] };
      const given = structuredClone(state);
      all.forEach((m) => m.write(given));
      const now = { counts, step, update: step + 1 };
      const lefts = await Promise.all(all.map((m) => m.run(now)));
      const want = expected(layout, state, rules, now);
      lefts.forEach((left, i) => expectSame(left, want, `step ${step}, ${['rank', 'radix', 'workgroup'][i]}`));
      expectInvariants(layout, given, lefts[0]!, rules, fired);
      fired = lefts[0]!.fired;
      const active = lefts[0]!.counts.map((layer) => layer.active);
      // I1 and I5; a global cut is free to place weights, and so is pruning where a layer started below its share.
      expect(sum(active)).toBe(sum(plan.target(step)));
      if (scope === 'layer' && !['gmp', 'granet'].includes(id)) expect(active).toEqual(plan.target(step));
    }
  }));
});

// ---------------------------------------------------------------------------------------------------------------------

describe.each([true, false])('redistribution, dropped weights may return: %s', (regrowAllowed) => {
  /** Factors of each layer's averages: alike, far apart, some or all 0, too large to sum. */
  const SCALES = [[1, 2, 3, 4, 5], [1, 1e-3, 1e6, 1e-12, 100], [0, 1, 0, 2 ** -120, 1], [0, 0, 0, 0, 0], [1e-30, 1e30, 1, 1, 3e38]] as const;

  test.each([0.95, 0.6, 0.1])('at density %d grows in every layer what the reference grows, full layers and raised densities too', (density) => underScopes(gpu, async () => {
    const layout = networkOf(SHAPES);
    const plan = planOf(METHODS.snfs, { density, regrowAllowed, updateStart: 0, updateEnd: 1, updatePeriod: 1, dropFraction: 0.4 });
    const rules: Rules = { method: METHODS.snfs, plan: { ...plan, regrowAllowed }, seed: 3 };
    const [m] = await make(layout, rules, ['default']);
    for (const [s, scales] of SCALES.entries()) {
      for (const extra of [0, 37]) {
        const state = stateOf(layout, randomFlags(layout, s, plan.initial().counts));
        disturb(layout, state, s, 0);
        layout.layers.forEach(({ offset, length }, l) => { for (let i = offset; i < offset + length; i++) state.average![i]! *= scales[l]!; });
        const before = activeCounts(state);
        const { keep, exchange } = plan.counts(0, before);
        const now = { counts: { keep, grow: [extra], exchange: exchange! }, step: 1, update: 1 };
        m!.write(structuredClone(state));
        const left = await m!.run(now);
        expectSame(left, expected(layout, state, rules, now), `scales ${s}, extra ${extra}`);
        // Where the dropped may not return and layers are nearly full, a raised density takes more than one update.
        if (regrowAllowed || density < 0.9) expect(sum(left.counts.map((layer) => layer.active))).toBe(Math.min(sum(before) + extra, layout.layers.reduce((all, { length }) => all + length, 0)));
        if (s === 0 && density === 0.1) expect(left.counts.map((layer) => layer.grown)).not.toEqual(left.counts.map((layer) => layer.dropped));
      }
    }
  }));
});

const EVERY_SELECTION: readonly Select[] = ['rank', 'radix', 'radix, counts in the workgroup'];

/** Two linear layers that blocks do not divide, one that fits into a block, one that two blocks fill, filters of convolutions. */
const GROUPED_SHAPES = [[17, 33], [7, 19], [3, 3], [4, 8], [6, 3, 3, 3], [5, 2, 2, 1]] as const;
const MASKS: readonly MasksSpec[] = [
  { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore: 'mean' }, { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore: 'max' },
  { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '16', blockScore: 'mean' }, { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '32', blockScore: 'max' },
  { ...SINGLE_WEIGHTS, granularity: 'kernel', blockSize: '16', blockScore: 'mean' }, { ...SINGLE_WEIGHTS, granularity: 'kernel', blockSize: '16', blockScore: 'max' },
  { ...SINGLE_WEIGHTS, granularity: 'channel', blockSize: '16', blockScore: 'mean' }, { ...SINGLE_WEIGHTS, granularity: 'channel', blockSize: '16', blockScore: 'max' },
];
/** Both scopes meet means and largest scores, and every granularity. */
const GROUPED_CASES = UPDATING.flatMap(([id, method]) => MASKS.map((masks, i) => ({
  id, method, masks, scope: i % 4 === 0 || i % 4 === 3 ? 'layer' as const : 'global' as const,
  what: `${masks.granularity} ${masks.blockSize} ${masks.blockScore}`, seed: i + 1, ...FLAGS[i % 4]!,
})));

/** Weights of each group of a layer, by the definition: who shares rows and columns of the grid. */
function groupsOf(masks: MasksSpec, { out, in: inputs, kernel }: LayerShape): number[][] {
  const side = Number(masks.blockSize);
  const key = (row: number, column: number): string => {
    if (masks.granularity === 'block') return `${Math.floor(row / side)} ${Math.floor(column / side)}`;
    return masks.granularity === 'channel' ? `${row}` : `${row} ${Math.floor(column / (kernel ? kernel[0] * kernel[1] : 1))}`;
  };
  const found = new Map<string, number[]>();
  for (let i = 0; i < out * inputs; i++) {
    const at = key(Math.floor(i / inputs), i % inputs);
    found.set(at, [...(found.get(at) ?? []), i]);
  }
  return [...found.values()];
}

/** Active groups of each layer; fails where a group is switched in part. */
function expectWhole(layout: ParamLayout, layers: readonly LayerShape[], masks: MasksSpec, mask: Uint8Array): number[] {
  return layers.map((layer, l) => {
    const states = groupsOf(masks, layer).map((group) => new Set(group.map((i) => mask[layout.layers[l]!.offset + i])));
    expect(states.filter((state) => state.size > 1)).toEqual([]);
    return states.filter((state) => state.has(1)).length;
  });
}

describe.each(GROUPED_CASES)('$id on groups, $what, scope $scope', ({ method, scope, masks, seed, id, ...flags }) => {
  test('every update leaves whole groups, in the planned number, as the reference does', () => underScopes(gpu, async () => {
    const layout = networkOf(GROUPED_SHAPES, masks);
    const layers = grouped(shapesOf(GROUPED_SHAPES), masks);
    const groups = layers.map((layer) => layer.groups);
    const facts = layers.map((layer, l) => ({ ...layer, maskable: true, wordOffset: layout.layers[l]!.offset / 32, words: Math.ceil(layout.layers[l]!.length / 32) }));
    let all: Machine[] | undefined;
    for (const density of [0, 1 / sum(groups), 0.05, 0.5, 0.95, 1]) {
      const knobs = { density, ...scopeKnobs(method, scope), ...flags, pruneAt: 0, updateStart: 0, updateEnd: 1, updatePeriod: 1 };
      const plan = planOf(method, knobs, layers);
      const rules: Rules = { method, plan: { ...flags, scope, exchange: plan.exchange, redistribute: plan.redistribute }, seed };
      all ??= await make(layout, rules, ['rank', 'radix']);
      const initial = initialMask(facts, plan.initial(), seed, masks);
      let state = stateOf(layout, layout.layers.map(({ length, offset }) => unpackBits(initial, length, offset / 32)));
      expect(expectWhole(layout, layers, masks, state.mask)).toEqual(plan.initial().counts);
      for (let step = 0; step < 2; step++) {
        if (id === 'one-shot') state = stateOf(layout, full(layout));
        disturb(layout, state, seed, step);
        let counts = plan.counts(step, activeCounts(state));
        if (scope === 'global') counts = { ...counts, keep: [sum(counts.keep)], grow: [sum(counts.grow)] };
        const given = structuredClone(state);
        all.forEach((m) => m.write(given));
        const now = { counts, step, update: step + 1 };
        const lefts = await Promise.all(all.map((m) => m.run(now)));
        const want = expected(layout, state, rules, now);
        lefts.forEach((left, i) => expectSame(left, want, `density ${density}, step ${step}, ${EVERY_SELECTION[i]}`));
        const active = expectWhole(layout, layers, masks, lefts[0]!.mask);
        expect(sum(active)).toBe(sum(plan.target(step)));
        if (scope === 'layer' && !['gmp', 'granet'].includes(id)) expect(active).toEqual(plan.target(step));
      }
    }
  }));
});

describe('groups', () => {
  const rules: Rules = { method: METHODS.rigl, plan: { scope: 'layer', regrowAllowed: true, keepValueOnRegrow: false }, seed: 4 };

  test.each(MASKS)('of $granularity $blockSize, $blockScore: empty rows and a full one are updated as in the reference', (masks) => underScopes(gpu, async () => {
    const layout = networkOf(GROUPED_SHAPES, masks);
    const layers = shapesOf(GROUPED_SHAPES);
    // All groups that begin in the last row of groups are active, the others are not.
    const flags = layers.map((layer) => {
      const made = new Uint8Array(layer.out * layer.in);
      const all = groupsOf(masks, layer);
      const last = Math.floor(all.at(-1)![0]! / layer.in);
      all.filter(([first]) => Math.floor(first! / layer.in) === last).flat().forEach((i) => { made[i] = 1; });
      return made;
    });
    const state = stateOf(layout, flags);
    disturb(layout, state, 3, 0);
    const active = activeCounts(state);
    const counts = { keep: active.map((n) => Math.ceil(n / 2)), grow: active.map((n, l) => Math.min(groupCount(masks, layers[l]!) - n, Math.ceil(n / 2))) };
    const given = structuredClone(state);
    const want = expected(layout, state, rules, { counts, step: 1 });
    for (const m of await make(layout, rules, EVERY_SELECTION)) {
      m.write(given);
      const left = await m.run({ counts, step: 1, update: 1 });
      expectSame(left, want, 'empty rows');
      expectWhole(layout, layers, masks, left.mask);
    }
  }));

  test('rank by the mean or by the largest of their weights, those at the edges by their own number', () => underScopes(gpu, async () => {
    // 5 x 6 in blocks of 4: 16, 8, 4 and 2 weights. Means 1, 1.5, 1.25, 2; largest 16, 1.5, 1.25, 2.
    const weights = Array.from({ length: 30 }, (_, i) => {
      const [row, column] = [Math.floor(i / 6), i % 6];
      if (row < 4) return column < 4 ? (i === 0 ? -16 : 0) : 1.5;
      return column < 4 ? -1.25 : 2;
    });
    for (const blockScore of ['mean', 'max'] as const) {
      const layout = networkOf([[5, 6]], { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore });
      for (const keep of [1, 2, 3]) {
        const [m] = await make(layout, { ...rules, method: METHODS.gmp }, ['default']);
        const state = stateOf(layout, full(layout));
        state.weights.set(weights);
        m!.write(state);
        const left = await m!.run({ counts: { keep: [keep], grow: [0] }, step: 0, update: 1 });
        const blocks = [left.mask[0], left.mask[4], left.mask[24], left.mask[28]];
        const want = blockScore === 'mean' ? [0, keep > 1 ? 1 : 0, keep > 2 ? 1 : 0, 1] : [1, keep > 2 ? 1 : 0, 0, keep > 1 ? 1 : 0];
        expect(blocks, `${blockScore}, ${keep}`).toEqual(want);
        expect(left.counts[0]!.active).toBe([16, 8, 4, 2].reduce((n, size, b) => n + size * want[b]!, 0));
      }
    }
  }));

  test('of subnormal weights rank as those of zeros by the mean, by their bits where the largest counts', () => underScopes(gpu, async () => {
    for (const blockScore of ['mean', 'max'] as const) {
      const layout = networkOf([[8, 16]], { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore });
      const state = stateOf(layout, full(layout));
      for (let i = 0; i < 128; i++) state.weights[i] = [0, -1e-45, 1e-39, -1.1754944e-38, 2e-38][randomU32(7, 1, 0, i) % 5]!;
      const given = structuredClone(state);
      const counts = { keep: [5], grow: [0] };
      const drop: Rules = { ...rules, method: METHODS.gmp };
      const want = expected(layout, state, drop, { counts, step: 0 });
      for (const m of await make(layout, drop, EVERY_SELECTION)) {
        m.write(given);
        expectSame(await m.run({ counts, step: 0, update: 1 }), want, blockScore);
      }
    }
  }));

  test('take the mean of numbers with a sign where a score has one', () => underScopes(gpu, async () => {
    for (const [blockScore, kept] of [['mean', [0, 1]], ['max', [1, 0]]] as const) {
      const layout = networkOf([[4, 8]], { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore });
      const state = stateOf(layout, full(layout));
      state.weights.fill(1, 0, 32);
      // The first block has one large product among negative ones, the second small ones throughout.
      for (let i = 0; i < 32; i++) state.gradients[i] = i % 8 < 4 ? (i === 9 ? 3 : -1) : 0.5;
      const [m] = await make(layout, { ...rules, method: byCurvature }, ['default']);
      m!.write(state);
      const left = await m!.run({ counts: { keep: [1], grow: [0] }, step: 0, update: 1 });
      expect([left.mask[0], left.mask[4]], blockScore).toEqual(kept);
    }
  }));

  test('once the flag is up nothing changes', () => underScopes(gpu, async () => {
    const layout = networkOf(GROUPED_SHAPES, MASKS[0]);
    const [m] = await make(layout, rules, ['default']);
    const state = stateOf(layout, full(layout));
    disturb(layout, state, 1, 0);
    m!.write(state, 7);
    const left = await m!.run({ counts: { keep: [1, 1, 1, 1, 1, 1], grow: [1, 1, 1, 1, 1, 1] }, step: 1, update: 1 });
    expect(Buffer.from(left.weights.buffer).equals(Buffer.from(state.weights.buffer))).toBe(true);
    expect(left.mask).toEqual(state.mask.slice(0, layout.masked));
    expect(sum(left.counts.map((c) => c.active))).toBe(0);
  }));
});

// ---------------------------------------------------------------------------------------------------------------------

const { rigl, set } = METHODS;
const LAYER = { scope: 'layer', regrowAllowed: true, keepValueOnRegrow: false } as const;

describe('the worked prune-and-grow example', () => {
  const worked = (layout: ParamLayout): ReferenceState => {
    const weights = [0.9, -0.1, 0, 0.3, 0, 0.05, -0.7, 0, 0.2, 0, 0, -0.4];
    const state = stateOf(layout, [Uint8Array.from(weights, (w) => (w === 0 ? 0 : 1))]);
    state.weights.set(weights);
    state.gradients.set([0.1, 0.2, -0.9, 0.3, 0.5, -0.6, 0.1, -0.05, 0.2, 0.8, -0.3, 0.4]);
    state.slots.forEach((slot) => slot.fill(1, 0, 12));
    return state;
  };
  const layout = networkOf([[3, 4]]);

  test.each([
    { regrowAllowed: true, keepValueOnRegrow: false, mask: [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1], regrown: 1, fifth: 0 },
    { regrowAllowed: true, keepValueOnRegrow: true, mask: [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1], regrown: 1, fifth: 0.05 },
    { regrowAllowed: false, keepValueOnRegrow: false, mask: [1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1], regrown: 0, fifth: 0 },
  ])('drops 5, 1 and 8 and grows three: regrow $regrowAllowed, keep value $keepValueOnRegrow', ({ mask, regrown, fifth, ...flags }) => underScopes(gpu, async () => {
    for (const m of await make(layout, { method: rigl, plan: { ...LAYER, ...flags }, seed: 1 }, EVERY_SELECTION)) {
      m.write(worked(layout));
      const left = await m.run({ counts: { keep: [4], grow: [3] }, step: 0, update: 1 });
      expect([...left.mask.subarray(0, 12)]).toEqual(mask);
      expect(left.counts).toEqual([{ active: 7, dropped: 3, grown: 3, regrown, fired: 10 - regrown }]);
      expect(left.weights[5]).toBe(Math.fround(fifth));
      expect([...left.weights.subarray(0, 5)]).toEqual([0.9, 0, 0, 0.3, 0].map(Math.fround));
      expect(left.slots[1]![5]).toBe(fifth === 0 ? 0 : 1);
    }
  }));
});

test.each(['trunc', 'round', 'ceil'] as const)('shares of what a common threshold left are those of the reference (%s)', (exchange) => underScopes(gpu, async () => {
  // The second layer is longer than a workgroup, the last has a single weight.
  const layout = networkOf([[3, 7], [13, 100], [8, 32], [1, 1]]);
  for (const regrowAllowed of [true, false]) {
    const rules: Rules = { method: METHODS.granet, plan: { scope: 'global', exchange, regrowAllowed, keepValueOnRegrow: true }, seed: 2 };
    const all = await make(layout, rules, ['rank', 'radix']);
    for (const [step, share] of [0, 0.07, 1 / 3, 0.5, 0.999999, 1].entries()) {
      const state = stateOf(layout, randomFlags(layout, 4, [20, 700, step === 0 ? 0 : 256, 1]));
      disturb(layout, state, 5, step);
      const given = structuredClone(state);
      all.forEach((m) => m.write(given));
      const now = { counts: { keep: [[700, 699, 0, 1, 500, 2000][step]!], grow: [0], exchange: shareWord(share) }, step, update: step + 1 };
      const lefts = await Promise.all(all.map((m) => m.run(now)));
      const want = expected(layout, state, rules, now);
      lefts.forEach((left) => expectSame(left, want, `share ${share}, regrow ${regrowAllowed}`));
    }
  }
}));

test('the worked sensitivities: of 2.25, 9 and 9 the first leaves, then by the tie the last', () => underScopes(gpu, async () => {
  // w = (1/2, -1, 2) on x = (1, 2, -1) gives -3.5; for L = (wx - 1)^2 / 2 the gradient is -4.5 x.
  const layout = networkOf([[1, 3]]);
  for (const m of await make(layout, { method: bySensitivity, plan: LAYER, seed: 1 }, EVERY_SELECTION)) {
    for (const [keep, mask] of [[2, [0, 1, 1]], [1, [0, 1, 0]]] as const) {
      const state = stateOf(layout, full(layout));
      state.weights.set([0.5, -1, 2]);
      state.gradients.set([-4.5, -9, 4.5]);
      m.write(state);
      const left = await m.run({ counts: { keep: [keep], grow: [0] }, step: 0, update: 1 });
      expect([...left.mask.subarray(0, 3)]).toEqual(mask);
    }
  }
}));

test('the worked curvatures: w H g is -13.5, 54 and 54, so the first leaves, then by the tie the last', () => underScopes(gpu, async () => {
  // As above: H = x x^T with x = (1, 2, -1), and x g = -27.
  const layout = networkOf([[1, 3]]);
  for (const m of await make(layout, { method: byCurvature, plan: LAYER, seed: 1 }, EVERY_SELECTION)) {
    for (const [keep, mask] of [[3, [1, 1, 1]], [2, [0, 1, 1]], [1, [0, 1, 0]]] as const) {
      const state = stateOf(layout, full(layout));
      state.weights.set([0.5, -1, 2]);
      state.gradients.set([-27, -54, 27]);
      m.write(state);
      const left = await m.run({ counts: { keep: [keep], grow: [0] }, step: 0, update: 1 });
      expect([...left.mask.subarray(0, 3)]).toEqual(mask);
    }
  }
}));

test('products below the least normal number tie, whatever the device makes of them', () => underScopes(gpu, async () => {
  const layout = networkOf([[1, 6]]);
  const rules: Rules = { method: bySensitivity, plan: LAYER, seed: 1 };
  for (const m of await make(layout, rules, EVERY_SELECTION)) {
    const state = stateOf(layout, full(layout));
    state.weights.set([1e-20, 1e-30, 1e-39, 1, 1e20, -2e-19]);
    state.gradients.set([1e-20, 1e-9, 1e30, 1e-40, 1e-39, 1e-19]);
    const given = structuredClone(state);
    const counts = { keep: [3], grow: [0] };
    const want = expected(layout, state, rules, { counts, step: 0 });
    m.write(given);
    expectSame(await m.run({ counts, step: 0, update: 1 }), want, 'small');
    expect([...want.mask.subarray(0, 6)]).toEqual([1, 1, 0, 0, 0, 1]);
  }
}));

test.each([
  { name: 'k = 0', keep: [0, 0], grow: [0, 0] },
  { name: 'k = n', keep: [35, 129], grow: [0, 0] },
  { name: 'nothing kept, all grown', keep: [0, 0], grow: [35, 129] },
  { name: 'more than there are', keep: [36, 1000], grow: [36, 1000] },
  { name: 'one each', keep: [1, 1], grow: [1, 1] },
])('the borders of k: $name', ({ keep, grow }) => underScopes(gpu, async () => {
  const layout = networkOf([[5, 7], [3, 43]]);
  for (const scope of ['layer', 'global'] as const) {
    for (const active of [[0, 0], [20, 64], [35, 129]]) {
      const rules: Rules = { method: set, plan: { ...LAYER, scope }, seed: 9 };
      const counts = scope === 'global' ? { keep: [sum(keep)], grow: [sum(grow)] } : { keep, grow };
      for (const m of await make(layout, rules, EVERY_SELECTION)) {
        const state = stateOf(layout, randomFlags(layout, 4, active));
        disturb(layout, state, 5, 1);
        m.write(state);
        const left = await m.run({ counts, step: 3, update: 1 });
        expectSame(left, expected(layout, state, rules, { counts, step: 3 }), `${scope}, ${active.join()} active`);
      }
    }
  }
}));

test('ties, signed zeros, subnormal and infinite scores have the order of the reference', () => underScopes(gpu, async () => {
  const layout = networkOf([[8, 16], [2, 50]]);
  const values = [0, -0, 1e-45, -2e-45, 1e-39, 1.1754944e-38, 1, -1, 3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const rules: Rules = { method: rigl, plan: LAYER, seed: 1 };
  const all = await make(layout, rules, EVERY_SELECTION);
  for (let step = 0; step < 12; step++) {
    const state = stateOf(layout, randomFlags(layout, step, [64, 50]));
    for (let i = 0; i < layout.n; i++) {
      state.weights[i] = values[randomU32(step, 1, 0, i) % values.length]!;
      state.gradients[i] = values[randomU32(step, 2, 0, i) % values.length]!;
    }
    layout.layers.forEach(({ offset, length }) => state.weights.fill(0, offset + length, Math.ceil((offset + length) / 64) * 64));
    const given = structuredClone(state);
    all.forEach((m) => m.write(given));
    const now = { counts: { keep: [5 * step, 30], grow: [5 * step, 4 * step] }, step, update: step + 1 };
    const lefts = await Promise.all(all.map((m) => m.run(now)));
    const want = expected(layout, state, rules, now);
    lefts.forEach((left) => expectSame(left, want, `step ${step}`));
  }
}));

test.each(['layer', 'global'] as const)('long segments are selected by radix, and agree (%s)', (scope) => underScopes(gpu, async () => {
  const layout = networkOf([[3, 7], [130, 100], [1, 2049], [64, 64], [33, 5]]);
  const rules: Rules = { method: set, plan: { ...LAYER, scope }, seed: 3 };
  const all = await make(layout, rules, ['default', 'radix, counts in the workgroup']);
  expect(all[0]!.kernels.filter((name) => name === 'select_pick')).toHaveLength(14);
  for (const step of [0, 1]) {
    const state = stateOf(layout, randomFlags(layout, step, [11, 4000, 600, 4096, 20]));
    disturb(layout, state, 8, step);
    const given = structuredClone(state);
    all.forEach((m) => m.write(given));
    const counts = { keep: [7, 2500, 500, 4000, 1], grow: [4, 1500, 100, 96, 19] };
    const now = { counts: scope === 'layer' ? counts : { keep: [sum(counts.keep)], grow: [sum(counts.grow)] }, step, update: step };
    const lefts = await Promise.all(all.map((m) => m.run(now)));
    const want = expected(layout, state, rules, now);
    lefts.forEach((left, i) => expectSame(left, want, `step ${step}, machine ${i}`));
  }
}));

test('once the flag is up, masks, weights, slots and counts stay as they are', () => underScopes(gpu, async () => {
  const layout = networkOf(SHAPES);
  for (const method of [rigl, METHODS.gmp]) {
    for (const m of await make(layout, { method, plan: LAYER, seed: 1 }, ['rank', 'radix'])) {
      const state = stateOf(layout, full(layout));
      disturb(layout, state, 1, 0);
      m.write(state);
      const counts = { keep: [1, 30, 60, 60, 200], grow: [1, 1, 1, 1, 1] };
      const before = await m.run({ counts, step: 0, update: 1 });
      const garbage = stateOf(layout, full(layout));
      disturb(layout, garbage, 2, 0);
      m.write(garbage, 7);
      const held = await m.run({ counts: { keep: [0, 0, 0, 0, 0], grow: counts.grow }, step: 1, update: 1 });
      expect(Buffer.from(held.weights.buffer).equals(Buffer.from(garbage.weights.buffer))).toBe(true);
      expect(held.slots).toEqual(garbage.slots);
      expect(held.mask).toEqual(garbage.mask.slice(0, layout.masked));
      expect(held.fired).toEqual(garbage.fired.slice(0, layout.masked));
      expect([held.previous, held.regrown, held.counts]).toEqual([before.previous, before.regrown, before.counts]);
      expect([held.status[0], [...held.status.subarray(1)]]).toEqual([7, [...before.status.subarray(1)]]);
    }
  }
}));

test.each([['set', set], ['rigl', rigl]] as const)('I8: %s without exchange changes no bit', (_, method) => underScopes(gpu, async () => {
  const layout = networkOf(SHAPES);
  const plan = planOf(method, { density: 0.3, dropFraction: 0, updateStart: 0, updateEnd: 1, updatePeriod: 1 });
  const state = stateOf(layout, randomFlags(layout, 6, plan.initial().counts));
  disturb(layout, state, 6, 0);
  for (let i = 0; i < layout.masked; i++) if (!state.mask[i]) [state.weights, ...state.slots].forEach((array) => { array[i] = 0; });
  const [m] = await make(layout, { method, plan, seed: 6 }, ['default']);
  m!.write(state);
  for (let update = 1; update <= 3; update++) {
    const left = await m!.run({ counts: plan.counts(update, activeCounts(state)), step: update, update });
    expect([left.weights, left.slots, left.mask]).toEqual([state.weights, state.slots, state.mask.slice(0, layout.masked)]);
    expect(left.counts.map(({ dropped, grown }) => dropped + grown)).toEqual([0, 0, 0, 0, 0]);
  }
}));

describe('the trace', () => {
  const trace = (method: Pick<Method, 'update'>, shapes: Shapes = SHAPES): readonly string[] => {
    const recorded = createTrace();
    traceMaskUpdate(recorded, createKnobLayout(), { method, plan: LAYER, layout: networkOf(shapes), slotCount: 1, seed: 1, ringRows: 4 });
    return recorded.dispatches.map((d) => d.kernel.name);
  };

  test('has five dispatches for drop and grow, three for a drop, none without an update (I7) or a maskable layer', () => {
    expect(trace(rigl)).toEqual(['score_active', 'select_rank', 'score_inactive', 'select_rank', 'mask_commit']);
    expect(trace(METHODS.gmp)).toEqual(['score_active', 'select_rank', 'mask_commit']);
    expect(trace(METHODS.granet)).toEqual(trace(rigl));
    expect([trace(METHODS.random), trace(METHODS.dense), trace(rigl, [])]).toEqual([[], [], []]);
  });

  test('counts ranks up to 2,048 weights a segment', () => {
    expect(trace(METHODS.gmp, [[32, 64]])).toHaveLength(3);
    expect(trace(METHODS.gmp, [[2049, 1]])).toHaveLength(17);
  });

  test('refuses moves that make no update', () => {
    expect(() => trace({ update: (moves) => moves.grow('random') })).toThrow('after its drop');
    expect(() => trace({ update: (moves) => [1, 2].forEach(() => moves.drop('random')) })).toThrow('drops once');
    expect(() => trace(METHODS.gmp, [[4097, 4096]])).toThrow('at most 16777216');
  });
});

// ---------------------------------------------------------------------------------------------------------------------

const GOLDEN = `
// include sampler
struct Params { n: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> calls: array<u32>;
@group(1) @binding(2) var<storage, read_write> answers: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.n) { return; }
  let at = id.x * 6u;
  if (calls[at] == 0u) { answers[id.x] = random_u32(calls[at + 1u], calls[at + 2u], calls[at + 3u], calls[at + 4u]); }
  else { answers[id.x] = sampled_index(calls[at + 1u], calls[at + 2u], calls[at + 3u], calls[at + 4u], calls[at + 5u]); }
}`;

const golden = kernel({
  name: 'golden',
  bindings: [reads('calls', 'u32'), writes('answers', 'u32')],
  params: { n: 'u32' },
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

describe('a device without any optional feature', () => {
  let bare: Gpu;
  beforeAll(async () => { bare = await openGpu(await testGpu(), { ...readShaders(), golden: GOLDEN }, { features: 'none' }); });
  afterAll(() => bare.device.destroy());

  test('draws the frozen random numbers and sample indices', () => underScopes(bare, async () => {
    const samples = SAMPLER_GOLDEN.flatMap(({ sampler, range: { seed, cursor, size }, indices }) => {
      const { epoch, position } = epochAndPosition(cursor, size);
      return indices.map((value, offset) => ({ call: [1, SAMPLERS[sampler].code, seed, epoch, position + offset, size], value }));
    });
    const calls = [...RANDOM_GOLDEN.map(({ key, value }) => ({ call: [0, ...key, 0], value })), ...samples];
    const n = calls.length;
    const arena = createArena(bare.device);
    const [knobs, trace, state] = [createKnobLayout(), createTrace(), createState(bare.device, arena, 'golden')];
    trace.dispatch(golden, { label: 'golden', params: { n }, bind: { calls: trace.state('calls', 'u32', 6 * n), answers: trace.state('answers', 'u32', n) } });
    const workspace = createWorkspace(bare, arena, knobs);
    const program = workspace.add('golden', trace, state);
    await workspace.prepare([program]);
    state.write('calls', Uint32Array.from(calls.flatMap(({ call }) => call)));
    const encoder = bare.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    program.encode(pass, 0);
    pass.end();
    bare.device.queue.submit([encoder.finish()]);
    const [answers] = await readNow(bare.device, arena, [{ buffer: state.buffer('answers'), offset: 0, bytes: 4 * n }]);
    expect([...new Uint32Array(answers!)]).toEqual(calls.map(({ value }) => value));
    workspace.destroy();
    arena.destroy();
  }));

  test('updates masks', () => underScopes(bare, async () => {
    const layout = networkOf(SHAPES);
    const rules: Rules = { method: rigl, plan: LAYER, seed: 2 };
    const counts = { keep: [1, 30, 60, 60, 200], grow: [1, 10, 20, 20, 100] };
    for (const m of await Promise.all(EVERY_SELECTION.map((select) => machine(bare, layout, rules, select)))) {
      const state = stateOf(layout, randomFlags(layout, 2, [2, 40, 80, 80, 300]));
      disturb(layout, state, 2, 0);
      m.write(state);
      const left = await m.run({ counts, step: 0, update: 1 });
      expectSame(left, expected(layout, state, rules, { counts, step: 0 }), 'bare');
    }
  }));
});

test('error scopes report what the device refuses, and what the test threw', async () => {
  await expect(underScopes(gpu, () => { gpu.device.createBuffer({ size: 4, usage: 0xffff }); })).rejects.toThrow('The device reports');
  await expect(underScopes(gpu, () => { throw new Error('mine'); })).rejects.toThrow('mine');
  expect(await underScopes(gpu, () => 5)).toBe(5);
});
