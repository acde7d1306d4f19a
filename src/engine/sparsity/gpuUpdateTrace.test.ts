import { describe, expect, test } from 'vitest';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createTrace } from '../gpu/trace.ts';
import { networkOf, type Shapes, SHAPES } from './gpuUpdate.testing.ts';
import { traceMaskUpdate } from './gpuUpdate.ts';
import type { Method } from './method.ts';
import { METHODS } from './methods/index.ts';
import { LAYER } from './updateCases.testing.ts';

const { rigl } = METHODS;

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
