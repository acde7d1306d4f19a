import { describe, expect, it } from 'vitest';
import type { Compared } from '../../engine/claims/claim.ts';
import { judge } from '../../engine/claims/judge.ts';
import type { ComparisonResult } from '../compare/comparing.ts';
import { comparisonOf, usualChoice } from '../compare/comparison.ts';
import { overlapCsv, type OverlapTable } from '../compare/overlap.ts';
import { OVERLAY_METRICS, overlayCsv, overlayModel, type OverlayMetric } from '../compare/overlay.ts';
import { pastRunOf } from '../compare/pastRun.ts';
import { limitsOf, pointRows } from '../compare/points.ts';
import type { DoneRun } from '../compare/queue.ts';
import { resultCsv } from '../compare/resultCsv.ts';
import { madeUpLog, MOONS } from '../compare/runs.testing.ts';
import { printOf } from './compareFigures.ts';
import { overlapFigure } from './overlapFigure.ts';
import { overlayFigure } from './overlayFigure.ts';
import { pointsFigure } from './pointsFigure.ts';
import { sweepFigure } from './sweepFigure.ts';

const SMALL = ['Sparseland, seeds 1, 2, 3', 'https://example.org/#preset=rigl-moons&seed=2'];
const { figures } = pastRunOf(madeUpLog());

/** A result whose runs came to `base`, a percent more with each seed. */
function madeUpResult(compared: Compared, base: (arm: string) => number, density: (arm: string) => number): ComparisonResult {
  const runs = compared.arms.flatMap(({ id }) => [1, 2, 3].map((seed): DoneRun => ({
    arm: id, seed, value: base(id) + seed / 100, edits: 0, experiment: MOONS, figures: { ...figures, density: density(id) }, diverged: false,
  })));
  // A seed that not all arms have is not judged, and stands in no figure.
  const alone = { ...runs[0]!, seed: 4, value: 0 };
  return { claim: null, key: '', compared, runs: [...runs, alone], judgement: judge(compared, [...runs, alone]) };
}

const isRandom = (id: string): boolean => id.startsWith('random');
const plain = madeUpResult(comparisonOf(MOONS, usualChoice(MOONS)), (id) => (isRandom(id) ? 0.7 : 0.92), (id) => (id === 'dense' ? 1 : 0.2));
const swept = madeUpResult(
  comparisonOf(MOONS, { ...usualChoice(MOONS), densities: [0.1, 0.5] }), (id) => (isRandom(id) ? 0.7 : 0.92),
  (id) => (id.startsWith('dense') ? 1 : id.endsWith('-1') ? 0.1 : 0.5),
);
const runs = [{ seed: 1, accuracies: [0.5, 0.9] }, { seed: 2, accuracies: [0.4, 0.8] }].map(({ seed, accuracies }) => pastRunOf(madeUpLog({ experiment: { ...MOONS, seed }, accuracies })));
const [accuracy, , density] = OVERLAY_METRICS as readonly [OverlayMetric, OverlayMetric, OverlayMetric];
const overlay = (metric: OverlayMetric, smoothing = 0): string => overlayFigure({
  title: metric.title, model: overlayModel(runs, metric, { x: 'step', smoothing, logX: false, logY: false }), runs: runs.map(({ name }, look) => ({ name, look })),
  stepped: metric.stepped, along: 'Step', formatX: String, formatY: metric.format,
}, SMALL);
const table: OverlapTable = { methods: ['RigL, 20 %', 'SET, 20 %'], cells: [[{ share: 0.5, chance: 0.11, pairs: 3 }, null], [{ share: 0.3, chance: 0.11, pairs: 1 }, null]] };

describe.each([
  ['curves', overlay(accuracy)], ['points', pointsFigure(plain, SMALL)], ['a sweep', sweepFigure(swept, SMALL)], ['overlaps', overlapFigure(table, 'moons, 2 to 32', SMALL)],
])('a figure of %s', (_, svg) => {
  it('says where it comes from, and needs nothing of the page', () => {
    for (const line of SMALL) expect(svg).toContain(line.replaceAll('&', '&amp;'));
    expect(svg).not.toMatch(/var\(|class=|<script|href=|<style|NaN|undefined/);
    expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
  });

  it('ends below all that it says', () => {
    const height = Number(/viewBox="0 0 720 (\d+)"/.exec(svg)?.[1]);
    const lowest = Math.max(...[...svg.matchAll(/<text x="[^"]*" y="([\d.]+)"/g)].map(([, y]) => Number(y)));
    expect(height - lowest).toBeGreaterThan(4);
    expect(height - lowest).toBeLessThan(30);
  });
});

describe('curves of several runs', () => {
  it('are named, with a line and a marker each', () => {
    const svg = overlay(accuracy);
    for (const { name } of runs) expect(svg).toContain(name);
    // A line in the plot for each run, solid for the first look and dashed for the second.
    expect(svg.match(/<path [^>]*fill="none"[^>]*stroke-width="2"/g)).toHaveLength(2);
    expect(svg).toContain('stroke-dasharray="7 3"');
  });

  it('stand behind a smoothed one as measured; what holds until the next value is never smoothed', () => {
    expect(overlay(accuracy, 0.5).match(/opacity="0.28"/g)).toHaveLength(2);
    expect(overlay(density, 0.5)).not.toContain('opacity');
  });

  it('are the same numbers as CSV, smoothed ones beside', () => {
    const lines = overlayCsv(runs, [accuracy], 0.5).trimEnd().split('\n');
    expect(lines[0]).toBe('run,id,metric,step,seconds,training_flops,value,smoothed');
    // Smoothing forgets half: (0.5 / 4 + 0.9 / 2) / (3 / 4).
    expect(lines.slice(1, 3).map((line) => Number(line.split(',').at(-1)))).toEqual([0.5, expect.closeTo((0.125 + 0.45) / 0.75, 6)]);
    expect(overlayCsv(runs, [density], 0.5).trimEnd().split('\n')[1]).toMatch(/,$/);
  });
});

describe('a result', () => {
  it('has all points, means and intervals, and its verdicts in words', () => {
    const svg = pointsFigure(plain, SMALL);
    expect(svg.match(/<circle/g)).toHaveLength(9);
    expect(svg.match(/stroke-width="6"/g)).toHaveLength(3);
    expect(svg).toContain('✓ Shown. RigL better than random mask?');
    expect(svg).toContain('3 seeds, Two moons');
  });

  it('has an axis that holds all points', () => {
    const [low, high] = limitsOf(pointRows(plain));
    for (const { value } of plain.runs.filter(({ seed }) => seed < 4)) expect(value > low && value < high).toBe(true);
  });

  it('over densities is a line for each method, and dense a level', () => {
    const svg = sweepFigure(swept, SMALL);
    expect(svg.match(/<circle/g)).toHaveLength(12);
    expect(svg.match(/>dense</g)).toHaveLength(1);
    expect(svg).toContain('Density, logarithmic');
  });

  it('is tidy CSV: a row for each run, the interval of each arm, and each verdict', () => {
    const rows = resultCsv(plain).trimEnd().split('\n');
    expect(rows[0]).toBe('of,density,seed,quantity,value');
    expect(rows.filter((row) => row.includes(',accuracy,'))).toHaveLength(9);
    expect(rows).toContain('random mask,0.2,2,accuracy,0.72');
    expect(rows).toContain(`random mask,0.2,,mean,${(0.71 + 0.72 + 0.73) / 3}`);
    expect(rows.filter((row) => /interval_(low|high)/.test(row))).toHaveLength(6);
    expect(rows.find((row) => row.startsWith('RigL better than random mask?'))).toMatch(/,,,verdict,"shown: RigL - random mask = \+22\.0 points/);
  });
});

it('overlaps are bars from 0 to 1, a tick at chance, and the same numbers as CSV', () => {
  const svg = overlapFigure(table, 'moons, 2 to 32', SMALL);
  const [full = 0, half = 0] = [...svg.matchAll(/<rect [^>]*width="([\d.]+)" height="8"/g)].map(([, width]) => Number(width));
  expect(half / full).toBeCloseTo(0.5);
  expect(overlapCsv(table)).toBe('method,other,share,chance,pairs\n"RigL, 20 %","RigL, 20 %",0.5,0.11,3\n"SET, 20 %","RigL, 20 %",0.3,0.11,1\n');
});

it('small print links each run, and counts those beyond eight', () => {
  const named = Array.from({ length: 10 }, (_, i) => ({ name: `run-${i}`, experiment: { ...MOONS, seed: i + 2 } }));
  const print = printOf('Sparseland', named, 'https://example.org/');
  expect(print).toHaveLength(10);
  expect(print[1]).toBe('run-0: https://example.org/#preset=rigl-moons&seed=2&v=1');
  expect(print.at(-1)).toBe('and 2 more runs');
});
