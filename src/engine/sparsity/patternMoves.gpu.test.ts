import { beforeAll, describe, expect, test } from 'vitest';
import { runOnce } from '../../node/testRig.ts';
import { layoutParams, paramTable, segmentTable } from '../nn/layout.ts';
import { PURPOSE, randomUniform } from '../random.ts';
import { packBits, unpackBits } from './bits.ts';
import { traceMaskUpdate, type MaskUpdateSpec } from './gpuUpdate.ts';
import { SINGLE_WEIGHTS } from './granularity.ts';
import { withGroups } from './groups.ts';
import { groupTables } from './groupTables.ts';
import type { MasksSpec } from '../experiment/experiment.ts';
import type { MaskMoves, UpdateCounts } from './method.ts';
import { loadUnits } from './units.ts';
import { applyUpdate, type ReferenceState } from './reference.ts';

/** Layers that most groups do not divide, one narrower than a group, filters of a convolution. */
const SHAPES = [[17, 33], [7, 19], [3, 3], [16, 64], [6, 3, 3, 3]] as const;

beforeAll(() => loadUnits({ granularity: 'nm' }));

const MOVES = {
  drop: (moves: MaskMoves): void => moves.drop('magnitude'),
  exchange(moves: MaskMoves): void {
    moves.drop('magnitude');
    moves.grow('gradient');
  },
  choose: (moves: MaskMoves): void => moves.choose('magnitude'),
} as const;

const nm = (n: number, m: number, axis: MasksSpec['axis'] = 'in', share: MasksSpec['share'] = '1'): MasksSpec => ({ ...SINGLE_WEIGHTS, granularity: 'nm', n, m, axis, share });
const MASKS: readonly MasksSpec[] = [
  nm(1, 2), nm(2, 4), nm(1, 4), nm(2, 8), nm(1, 16), nm(31, 32), nm(4, 4), nm(2, 4, 'out'), nm(3, 7, 'out'),
  nm(2, 4, 'in', '4'), nm(1, 8, 'in', '8'), nm(2, 8, 'in', '16'), nm(2, 8, 'out', '8'), nm(2, 4, 'both'), nm(4, 8, 'both'), nm(3, 16, 'both'), nm(1, 1, 'both'),
];

/** A network at a step: weights of which some tie, all active or every second one. */
function given(masks: MasksSpec, dense: boolean): { layout: ReturnType<typeof withGroups>; state: ReferenceState } {
  const trained = { init: 'kaiming', rateScale: 1, decayScale: 1, trainable: true, maskable: true } as const;
  const layout = withGroups(layoutParams(SHAPES.map((shape, i) => ({ ...trained, name: `layers.${i}.weight`, shape }))), masks);
  const state: ReferenceState = {
    layers: layout.layers.map(({ offset, length }) => ({ offset, size: length })), groups: layout.groups, pattern: layout.pattern,
    weights: new Float32Array(layout.n), gradients: new Float32Array(layout.n), slots: [new Float32Array(layout.n)], mask: new Uint8Array(layout.n), fired: new Uint8Array(layout.n),
  };
  for (const { offset, length } of layout.layers) for (let i = offset; i < offset + length; i++) {
    const u = (array: number): number => 2 * randomUniform(masks.m + array, PURPOSE.noise, 0, i) - 1;
    state.weights[i] = i % 5 < 2 ? Math.round(4 * u(0)) / 4 : u(0);
    state.gradients[i] = u(1);
    state.slots[0]![i] = u(2);
    state.mask[i] = dense ? 1 : 0;
  }
  return { layout, state };
}

/** Updates a network on the device. */
async function updated({ layout, state }: ReturnType<typeof given>, run: (moves: MaskMoves) => void, counts: UpdateCounts, plan: MaskUpdateSpec['plan']): Promise<{ mask: Uint8Array; weights: Float32Array; slots: Float32Array }> {
  const groups = layout.groups ? Object.fromEntries(groupTables(layout.groups)) : { segments: segmentTable(layout) };
  const masks = new Uint32Array((4 * layout.masked) / 32);
  masks.set(packBits(state.mask.subarray(0, layout.masked)));
  let left: { mask: Uint8Array; weights: Float32Array; slots: Float32Array } | undefined;
  await runOnce(
    (trace, { knobs }) => traceMaskUpdate(trace, knobs, { method: { update: run }, plan, layout, slotCount: 1, seed: 1, ringRows: 1 }),
    { params: state.weights, ...(run === MOVES.exchange && { grads: state.gradients }), slots: state.slots[0]!, masks, status: Uint32Array.of(0xffffffff, 0xffffffff), table: paramTable(layout), ...groups },
    { keep: counts.keep, grow: counts.grow, step: 0, update: 1, ...counts.pattern },
    async (rig) => {
      const [words, slots] = await rig.words('masks', 'slots') as [Uint32Array, Uint32Array];
      left = { mask: unpackBits(words, layout.masked), weights: Float32Array.from(await rig.floats('params')), slots: new Float32Array(slots.buffer) };
    },
  );
  return left!;
}

const PLAN = { scope: 'layer', regrowAllowed: true, keepValueOnRegrow: false } as const;
const what = ({ n, m, axis, share }: MasksSpec): string => `${n}:${m} along ${axis}, shared by ${share}`;

describe('updates of masks that keep N of M have the bits of the reference', () => {
  test.each(MASKS.map((masks) => ({ masks, what: what(masks) })))('$what', async ({ masks }) => {
    for (const [name, run] of Object.entries(MOVES)) {
      const start = given(masks, true);
      const { layout, state } = start;
      const kept = layout.pattern!.layers.map(({ rows, columns }) => Math.ceil((rows * columns) / 4));
      const counts = { keep: kept, grow: kept };
      const want = structuredClone(state);
      applyUpdate(want, { seed: 1, step: 0, counts, ...PLAN, keepsInactive: name === 'choose' }, run);
      const left = await updated(start, run, counts, { ...PLAN, keepsInactive: name === 'choose' });
      expect(left.mask, name).toEqual(want.mask.subarray(0, layout.masked));
      expect(left.weights, name).toEqual(want.weights);
      expect(left.slots, name).toEqual(want.slots[0]);
      expect(want.mask.some((flag, i) => flag === 0 && state.mask[i] === 1), name).toBe(masks.n < masks.m);
    }
  });

  test('chosen anew where nothing is active, with N and M of the update, up to 256', async () => {
    for (const [axis, pattern] of [['in', { n: 15, m: 16 }], ['in', { n: 8, m: 256 }], ['out', { n: 3, m: 40 }]] as const) {
      const start = given(nm(1, 4, axis), false);
      const want = structuredClone(start.state);
      const counts = { keep: [], grow: [], pattern };
      applyUpdate(want, { seed: 1, step: 0, counts, ...PLAN }, MOVES.choose);
      const left = await updated(start, MOVES.choose, { ...counts, keep: [0, 0, 0, 0, 0], grow: [0, 0, 0, 0, 0] }, { ...PLAN, patternMoves: true });
      expect(left.mask).toEqual(want.mask.subarray(0, start.layout.masked));
      expect(left.mask.some((flag) => flag === 1)).toBe(true);
    }
  });

  test('a transposable pattern that moves is refused, and a choice over all layers', async () => {
    const { layout } = given(nm(2, 4, 'both'), true);
    const spec = { method: { update: MOVES.choose }, slotCount: 1, seed: 1, ringRows: 1 };
    await runOnce((trace, { knobs }) => {
      expect(() => traceMaskUpdate(trace, knobs, { ...spec, plan: { ...PLAN, patternMoves: true }, layout })).toThrow('Take one along in or out');
      expect(() => traceMaskUpdate(trace, knobs, { ...spec, plan: { ...PLAN, scope: 'global' }, layout })).toThrow('layer by layer');
    }, {}, {}, async () => undefined);
  });
});
