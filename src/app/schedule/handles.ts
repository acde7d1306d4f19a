import type { Experiment, Phase } from '../../engine/experiment/experiment.ts';
import { getPath, setPath } from '../../engine/experiment/paths.ts';
import { phaseStarts } from '../../engine/experiment/phases.ts';
import { methodKnobs } from '../../engine/experiment/schema.ts';
import type { SettingValue } from '../../engine/experiment/values.ts';
import { readPoints, writePoints, type DensityPoint } from '../../engine/sparsity/points.ts';
import { patternOf } from '../../engine/sparsity/pattern.ts';
import { densityAt } from '../../engine/sparsity/schedules.ts';
import { phasePath } from '../stores/experiment.ts';

/** What can be taken hold of on the chart of a schedule. */
export interface Handle {
  id: string;
  phase: number;
  /** `begin`, `end` and `bend` are of a curve, `level` of a fixed density, `prune` of the one step that prunes. */
  role: 'begin' | 'end' | 'bend' | 'level' | 'prune' | 'point';
  /** Place in the list, of a point. */
  index: number;
  label: string;
  /** Of the whole run. */
  step: number;
  density: number;
  /** False where the schedule says nothing of the step: points could. */
  sideways: boolean;
}

/** A setting, by its path, and its new value. */
export type Change = readonly [path: string, value: SettingValue];

/** Where something is dragged to; steps are of the whole run. */
export interface Target {
  step: number;
  density: number;
}

/** Least density of all methods. */
export const LEAST_DENSITY = 0.001;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const number = (phase: Phase, key: string): number => Number(phase.sparsity[key]);

/** The experiment with settings changed one after another. */
export function withSettings(experiment: Experiment, changes: readonly Change[]): Experiment {
  return changes.reduce((next, [path, value]) => setPath(next, path, value), experiment);
}

/** The points of a phase; none where it follows a curve. */
export function pointsOf(experiment: Experiment, phase: number): DensityPoint[] {
  return readPoints(experiment.phases[phase]?.sparsity.points) ?? [];
}

/** Whether the method of a phase takes points, and whether these may only fall. */
export function pointsKind(experiment: Experiment, phase: number): { falls: boolean } | undefined {
  const knob = methodKnobs(experiment.phases[phase]?.sparsity.method ?? '').points;
  return knob?.kind === 'points' ? knob : undefined;
}

/** Everything that can be dragged, phase by phase, in order of steps. Methods without a density have nothing. */
export function handlesOf(experiment: Experiment): Handle[] {
  const starts = phaseStarts(experiment);
  return experiment.phases.flatMap((phase, i) => {
    const several = experiment.phases.length > 1 ? `, phase ${i + 1}` : '';
    return phaseHandles(experiment, phase, i).map(({ label, at, ...handle }) => ({
      ...handle, label: label + several, id: `${i}/${handle.role}/${handle.index}`, phase: i, step: (starts[i] as number) + Math.round(at * phase.steps),
    }));
  });
}

type Placed = Pick<Handle, 'role' | 'index' | 'label' | 'density' | 'sideways'> & { at: number };

function phaseHandles(experiment: Experiment, phase: Phase, i: number): Placed[] {
  const knobs = methodKnobs(phase.sparsity.method);
  const density = number(phase, 'density');
  // A pattern says how many weights stay, and the method no more than when.
  const pattern = patternOf(experiment.masks);
  const points = pointsOf(experiment, i);
  const handle = (role: Handle['role'], label: string, at: number, height: number, sideways = true, index = 0): Placed => ({ role, index, label, at, density: height, sideways });
  if (points.length > 0) return points.map(({ at, density: height }, index) => handle('point', `Point ${index + 1} of ${points.length}`, at, height, true, index));
  if (knobs.initialDensity) {
    const [begin, end] = [number(phase, 'updateStart'), number(phase, 'updateEnd')];
    const middle = (begin + end) / 2;
    return [
      handle('begin', 'Pruning begins', begin, number(phase, 'initialDensity')),
      ...(phase.sparsity.curve === 'polynomial' && end > begin ? [handle('bend', 'Bend', middle, curveDensity(phase, 0.5), false)] : []),
      handle('end', 'Pruning ends', end, density),
    ];
  }
  if (knobs.pruneAt) return [handle('prune', 'Pruned once', number(phase, 'pruneAt'), pattern ? pattern.n / pattern.m : density)];
  return knobs.density && !pattern ? [handle('level', 'Density', 0.5, density, false)] : [];
}

/** Density on the named curve of a phase, at a share of the way from its beginning to its end. */
function curveDensity(phase: Phase, p: number): number {
  const initial = number(phase, 'initialDensity');
  const curve = phase.sparsity.curve as 'polynomial' | 'cosine' | 'linear';
  return densityAt({ curve, initial, final: Math.min(initial, number(phase, 'density')), start: 0, end: 1, power: number(phase, 'power') }, p);
}

/** The settings that take a handle as near to a place as its schedule can; those that stay are left out. */
export function moveHandle(experiment: Experiment, handle: Handle, to: Target): Change[] {
  const phase = experiment.phases[handle.phase] as Phase;
  const path = (key: string): string => phasePath(experiment, handle.phase, `sparsity.${key}`);
  const at = shareOf(experiment, handle.phase, to.step);
  const density = clamp(to.density, LEAST_DENSITY, 1);
  const final = number(phase, 'density');
  const moved = ((): Change[] => {
    switch (handle.role) {
      case 'begin':
        return [[path('updateStart'), Math.min(at, number(phase, 'updateEnd'))], [path('initialDensity'), Math.max(density, final)]];
      case 'end':
        return [[path('updateEnd'), Math.max(at, number(phase, 'updateStart'))], [path('density'), Math.min(density, number(phase, 'initialDensity'))]];
      case 'bend':
        return [[path('power'), powerThrough(phase, density)]];
      case 'prune':
        return [[path('pruneAt'), at], ...(patternOf(experiment.masks) ? [] : [[path('density'), density]] satisfies Change[])];
      case 'level':
        return [[path('density'), density]];
      case 'point':
        return movedPoint(experiment, handle, { at, density });
    }
  })();
  return moved.filter(([changed, value]) => value !== getPath(experiment, changed));
}

/** The share of a phase at which a step lies. */
function shareOf(experiment: Experiment, phase: number, step: number): number {
  const begin = phaseStarts(experiment)[phase] as number;
  return clamp(Number(((step - begin) / (experiment.phases[phase] as Phase).steps).toFixed(6)), 0, 1);
}

/** The exponent of the polynomial that is at this density halfway. */
function powerThrough(phase: Phase, density: number): number {
  const [initial, final] = [number(phase, 'initialDensity'), number(phase, 'density')];
  const left = clamp((density - final) / Math.max(initial - final, 1e-9), 1e-3, 1);
  return clamp(Number((Math.log(left) / Math.log(0.5)).toFixed(2)), 1, 6);
}

function movedPoint(experiment: Experiment, { phase, index }: Handle, to: DensityPoint): Change[] {
  const points = pointsOf(experiment, phase);
  const [before, here, after] = [points[index - 1], points[index] as DensityPoint, points[index + 1]];
  const falls = pointsKind(experiment, phase)?.falls === true;
  const place = {
    at: clamp(to.at, before?.at ?? 0, after?.at ?? 1),
    density: clamp(to.density, (falls && after?.density) || LEAST_DENSITY, (falls && before?.density) || 1),
  };
  // The final density alone may act on a run under way, where points wait for the next start.
  const ends: Change[] = after || place.density === here.density ? [] : [[phasePath(experiment, phase, 'sparsity.density'), place.density]];
  return !after && place.at === here.at ? ends : [pointsChange(experiment, phase, points.with(index, place)), ...ends];
}

function pointsChange(experiment: Experiment, phase: number, points: readonly DensityPoint[]): Change {
  return [phasePath(experiment, phase, 'sparsity.points'), writePoints(points)];
}

/** Where along the named curve points are put when it becomes free: closest where a polynomial bends most. */
const ALONG = [0, 0.15, 0.3, 0.5, 0.75, 1];

/** The points of a phase that draw what its named schedule does now; those that it has where it has some. */
export function freePoints(experiment: Experiment, index: number): DensityPoint[] {
  const points = pointsOf(experiment, index);
  if (points.length > 0) return points;
  const phase = experiment.phases[index] as Phase;
  const density = number(phase, 'density');
  if (!methodKnobs(phase.sparsity.method).initialDensity) return [{ at: 0, density }, { at: 1, density }];
  const [begin, end] = [number(phase, 'updateStart'), Math.max(number(phase, 'updateStart'), number(phase, 'updateEnd'))];
  const along = phase.sparsity.curve === 'linear' ? [0, 1] : ALONG;
  return along.map((p) => ({ at: Number((begin + p * (end - begin)).toFixed(4)), density: p === 1 ? Math.min(density, number(phase, 'initialDensity')) : tidyDensity(curveDensity(phase, p)) }));
}

/** A named schedule as points, which can go anywhere. */
export function makeFree(experiment: Experiment, phase: number): Change {
  return pointsChange(experiment, phase, freePoints(experiment, phase));
}

/** One point more; a named schedule becomes points first. Without a place, in the middle of the widest gap. */
export function addPoint(experiment: Experiment, phase: number, to?: Target): { change: Change; index: number } {
  const points = freePoints(experiment, phase);
  const place = to ? { at: shareOf(experiment, phase, to.step), density: to.density } : widestGap(points);
  const index = points.filter(({ at }) => at <= place.at).length;
  const falls = pointsKind(experiment, phase)?.falls === true;
  const density = clamp(place.density, (falls && points[index]?.density) || LEAST_DENSITY, (falls && points[index - 1]?.density) || 1);
  return { change: pointsChange(experiment, phase, points.toSpliced(index, 0, { at: place.at, density })), index };
}

function widestGap(points: readonly DensityPoint[]): DensityPoint {
  const gaps = points.slice(1).map((point, i) => ({ from: points[i] as DensityPoint, to: point }));
  const { from, to } = gaps.reduce((most, gap) => (gap.to.at - gap.from.at > most.to.at - most.from.at ? gap : most));
  return { at: Number(((from.at + to.at) / 2).toFixed(4)), density: tidyDensity((from.density + to.density) / 2) };
}

/** The points without one of them. */
export function removePoint(experiment: Experiment, { phase, index }: Pick<Handle, 'phase' | 'index'>): Change {
  return pointsChange(experiment, phase, pointsOf(experiment, phase).toSpliced(index, 1));
}

/** A density as a person would type it: whole per cent, or two significant digits below ten. */
export function tidyDensity(density: number): number {
  return density >= 0.1 ? Number(density.toFixed(2)) : Number(density.toPrecision(2));
}
