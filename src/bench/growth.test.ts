import { expect, test } from 'vitest';
import { crossoverWords, growthCells, growthPanels, logTicks, msDomain } from './growth.ts';
import { growthSvg } from './growthSvg.ts';
import type { ContenderReport, RowReport } from './measure.ts';

const spread = (median: number) => ({ median, lower: median, upper: median, best: median, worst: median });

/** Reports of the dense network at 100 ms, and of formats at densities with the times given. */
function rowOf(width: number, times: Readonly<Record<'masked' | 'csr', readonly (readonly [density: number, ms: number])[]>>): RowReport {
  const contender = (name: string, ms: number, point: ContenderReport['point']): ContenderReport => ({
    name, peer: null, point, wall: spread(ms), cpu: null, rare: null, n: 5, relative: ms / 100, flops: 1, gflops: 1, dispatches: 1, submits: 1, variants: null, passes: null,
  });
  const points = (['masked', 'csr'] as const).flatMap((format) => times[format].map(([density, ms]) => contender(`${format} ${density}`, ms, { width, density, format })));
  return { name: `growth-${width}`, title: 'Growth', baseline: 'dense', executions: 1, contenders: [contender('dense', 100, null), ...points] };
}

const flat = [[0.01, 95], [1, 105]] as const;

test('a format crosses the dense step between two densities, by powers; masked has no crossover', () => {
  const [panel] = growthPanels([rowOf(512, { masked: flat, csr: [[1, 400], [0.01, 10], [0.1, 50], [0.4, 200]] })]);
  expect(panel).toMatchObject({ width: 512, denseMs: 100, curves: [{ format: 'masked', crossover: null }, { format: 'csr' }] });
  // From 50 to 200 ms, 100 lies half way, as 20 % does from 10 to 40 %.
  const crossing = panel?.curves[1]?.crossover as { density: number; ms: number };
  expect([crossing.density, crossing.ms]).toEqual([expect.closeTo(0.2, 9), expect.closeTo(100, 9)]);
  expect(panel?.curves[1]?.samples.map(({ density }) => density)).toEqual([0.01, 0.1, 0.4, 1]);
});

test('a format may be faster or slower at all densities', () => {
  const words = (low: number, high: number) => crossoverWords(growthPanels([rowOf(256, { masked: flat, csr: [[0.01, low], [1, high]] })])[0]!.curves[1]!.crossover);
  expect([words(10, 90), words(110, 500)]).toEqual(['always faster', 'never faster']);
});

test('rows become a table, with a dash where nothing was measured', () => {
  const panels = growthPanels([rowOf(256, { masked: flat, csr: [[0.01, 5], [0.1, 400]] }), { ...rowOf(1, { masked: [], csr: [] }), name: 'matmul' }]);
  expect(growthCells(panels)).toEqual([
    ['width', 'format', '1 %', '10 %', '100 %', 'dense', 'faster than dense below'],
    ['256', 'masked', '95.0', '-', '105', '100', '-'],
    ['256', 'csr', '5.00', '400', '-', '100', '4.8 %'],
  ]);
});

test('logarithmic axes have round ends and ticks', () => {
  const [panel] = growthPanels([rowOf(256, { masked: flat, csr: [[0.01, 7], [1, 430]] })]);
  expect(msDomain(panel!)).toEqual([5, 500]);
  expect(logTicks([5, 500])).toEqual([5, 10, 20, 50, 100, 200, 500]);
  expect(logTicks([0.01, 1])).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  expect(logTicks([1, 10_000])).toEqual([1, 10, 100, 1000, 10_000]);
});

test('the drawing has a panel a width, a line a format, a mark at each crossover, and no markup from outside', () => {
  const svg = growthSvg(growthPanels([rowOf(256, { masked: flat, csr: [[0.01, 5], [1, 400]] }), rowOf(512, { masked: flat, csr: [[0.01, 5], [1, 50]] })]), 'A <b> & C');
  expect(svg.match(/<polyline/g)).toHaveLength(4);
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(svg).toContain('csr, always faster');
  expect(svg).toContain('A &lt;b&gt; &amp; C');
  expect(svg).not.toMatch(/NaN|undefined/);
});
