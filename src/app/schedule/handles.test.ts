import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeLink } from '../../engine/experiment/link.ts';
import { getPath, setPath } from '../../engine/experiment/paths.ts';
import { findPreset, PRESETS } from '../../engine/experiment/presets/index.ts';
import { layerFacts, scheduleOf } from '../session/preview.ts';
import { addPoint, freePoints, handlesOf, makeFree, moveHandle, pointsOf, removePoint, withSettings, type Handle } from './handles.ts';

const gmp = findPreset('gmp-mnist').experiment;
const rigl = findPreset('rigl-mnist').experiment;
const handle = (experiment: typeof gmp, role: Handle['role'], index = 0): Handle => handlesOf(experiment).find((one) => one.role === role && one.index === index)!;
const oneShot = setPath(gmp, 'sparsity.method', 'one-shot');
const drawn = setPath(gmp, 'sparsity.points', '0:1,0.25:0.5,0.75:0.05');

describe('handles', () => {
  it.each([
    ['gmp-mnist', ['begin', 'bend', 'end']], ['granet-mnist', ['begin', 'bend', 'end']], ['rigl-mnist', ['level']], ['snip-mnist', ['level']], ['dense-mnist', []],
    ['dense-then-prune-mnist', ['level']],
  ])('of %s are %j', (id, roles) => expect(handlesOf(findPreset(id).experiment).map(({ role }) => role)).toEqual(roles));

  it('of points are these alone, of one-shot pruning its step', () => {
    expect(handlesOf(drawn).map(({ role }) => role)).toEqual(['point', 'point', 'point']);
    expect(handlesOf(oneShot).map(({ role }) => role)).toEqual(['prune']);
  });

  it('of masks that keep N of M say when, not how many', () => {
    expect(handlesOf(findPreset('sr-ste-moby').experiment)).toEqual([]);
    const asp = findPreset('asp-moby').experiment;
    const [prune] = handlesOf(asp);
    expect(prune).toMatchObject({ role: 'prune', density: asp.masks.n / asp.masks.m });
    expect(moveHandle(asp, prune!, { step: 200, density: 0.9 })).toEqual([['sparsity.pruneAt', 0.1]]);
  });

  it('lie inside the run, and each one can be told from the others', () => {
    for (const { experiment } of Object.values(PRESETS)) {
      const handles = handlesOf(experiment);
      const total = experiment.phases.reduce((sum, { steps }) => sum + steps, 0);
      expect(new Set(handles.map(({ id }) => id)).size).toBe(handles.length);
      for (const { step, density } of handles) expect(step >= 0 && step <= total && density > 0 && density <= 1).toBe(true);
    }
  });

  it('dragged anywhere leave a valid experiment, in which the handle is no further away than before', () => {
    const choice = fc.constantFrom(gmp, rigl, drawn, oneShot, findPreset('granet-mnist').experiment, findPreset('dense-then-prune-mnist').experiment)
      .chain((experiment) => fc.record({ experiment: fc.constant(experiment), one: fc.constantFrom(...handlesOf(experiment)), step: fc.integer({ min: -100, max: 5000 }), density: fc.double({ min: -1, max: 2, noNaN: true }) }));
    fc.assert(fc.property(choice, ({ experiment, one, step, density }) => {
      const changes = moveHandle(experiment, one, { step, density });
      const moved = withSettings(experiment, changes);
      for (const [path, value] of changes) expect(getPath(moved, path)).toBe(value);
      const after = handlesOf(moved).find(({ id }) => id === one.id)!;
      expect(Math.abs(after.density - density)).toBeLessThanOrEqual(Math.abs(one.density - density) + 0.01);
      if (one.sideways) expect(Math.abs(after.step - step)).toBeLessThanOrEqual(Math.abs(one.step - step) + 1);
    }), { numRuns: 500 });
  });

  it('of a curve set its beginning, its end and its exponent', () => {
    expect(moveHandle(gmp, handle(gmp, 'begin'), { step: 0, density: 0.8 })).toEqual([['sparsity.updateStart', 0], ['sparsity.initialDensity', 0.8]]);
    const steps = gmp.phases[0]!.steps;
    expect(moveHandle(gmp, handle(gmp, 'end'), { step: steps / 2, density: 0.02 })).toEqual([['sparsity.updateEnd', 0.5], ['sparsity.density', 0.02]]);
    const straight = withSettings(gmp, moveHandle(gmp, handle(gmp, 'bend'), { step: 0, density: 0.99 }));
    expect(getPath(straight, 'sparsity.power')).toBe(1);
    const bend = handle(gmp, 'bend');
    expect(moveHandle(gmp, bend, bend)).toEqual([]);
  });

  it('of points stay in order, and fall where weights do not return', () => {
    const moved = withSettings(drawn, moveHandle(drawn, handle(drawn, 'point', 1), { step: 1e6, density: 1 }));
    expect(pointsOf(moved, 0)[1]).toEqual({ at: 0.75, density: 1 });
    expect(pointsOf(withSettings(drawn, moveHandle(drawn, handle(drawn, 'point', 1), { step: 0, density: 0 })), 0)[1]).toEqual({ at: 0, density: 0.05 });
    const free = setPath(rigl, 'sparsity.points', '0:0.1,0.5:0.1');
    expect(pointsOf(withSettings(free, moveHandle(free, handle(free, 'point', 1), { step: 1e6, density: 0.5 })), 0)[1]).toEqual({ at: 1, density: 0.5 });
  });

  it('move the last point up and down by the density alone, which may act at once', () => {
    const last = handle(drawn, 'point', 2);
    expect(moveHandle(drawn, last, { step: last.step, density: 0.02 })).toEqual([['sparsity.density', 0.02]]);
    expect(moveHandle(drawn, last, { step: last.step + 10, density: 0.02 }).map(([path]) => path)).toEqual(['sparsity.points', 'sparsity.density']);
  });
});

describe('points', () => {
  it('drawn through a curve stay near it at every step, and begin and end as it does', () => {
    for (const experiment of [gmp, findPreset('granet-mnist').experiment, rigl, setPath(gmp, 'sparsity.curve', 'cosine')]) {
      const free = withSettings(experiment, [makeFree(experiment, 0)]);
      const layers = layerFacts(experiment);
      const [before, after] = [scheduleOf(experiment, layers), scheduleOf(free, layers)];
      for (let step = 0; step <= before.totalSteps; step += 10) expect(Math.abs(after.density(step) - before.density(step))).toBeLessThan(0.12);
      expect([after.density(0), after.density(before.totalSteps)]).toEqual([before.density(0), before.density(before.totalSteps)]);
      expect(freePoints(free, 0)).toEqual(pointsOf(free, 0));
    }
  });

  it('are added where asked, or in the widest gap, and removed', () => {
    const steps = drawn.phases[0]!.steps;
    const asked = addPoint(drawn, 0, { step: steps * 0.5, density: 0.9 });
    expect(asked).toEqual({ change: ['sparsity.points', '0:1,0.25:0.5,0.5:0.5,0.75:0.05'], index: 2 });
    const middle = addPoint(drawn, 0);
    expect(middle.change[1]).toBe('0:1,0.25:0.5,0.5:0.28,0.75:0.05');
    const more = withSettings(drawn, [middle.change]);
    expect(encodeLink(withSettings(more, [removePoint(more, { phase: 0, index: middle.index })]))).toBe(encodeLink(drawn));
  });
});
