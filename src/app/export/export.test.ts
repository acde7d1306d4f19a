import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../engine/experiment/parse.ts';
import { decodeLink } from '../../engine/experiment/link.ts';
import { decodeSafetensors } from '../../engine/experiment/safetensors.ts';
import { madeUpLog, MOONS } from '../compare/runs.testing.ts';
import type { ChartModel } from '../charts/model.ts';
import { lines } from './caption.ts';
import { figureSvg } from './figureSvg.ts';
import { LIGHT_COLOURS } from './lightColours.ts';
import { exportFiles, zipped } from './zip.ts';

const PAGE = 'https://example.org/sparseland/';
const PAINTER = { png: async () => Uint8Array.of(137, 80), masks: async () => ({ 'mask-fc1.png': Uint8Array.of(137) }) };
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

const MODEL: ChartModel = {
  id: 'test', title: 'A < B & "C"', x: [0, 100], y: [0, 1], ticks: [0, 1], levels: [{ value: 0.5, label: 'chance' }], format: String,
  curves: [
    { id: 'a', label: 'RigL', colour: '--run-1', stroke: 'solid', steps: [0, 50, 100], values: [0, 0.5, 1] },
    { id: 'b', label: 'planned', colour: '--text-2', stroke: 'dashed', stepped: true, steps: [0, 100], values: [1, 0.2] },
  ],
};

describe('a figure as SVG', () => {
  const svg = figureSvg(MODEL, { link: `${PAGE}#preset=rigl-moons&seed=2`, words: 'Sparseland, step 100' });

  it('says title, legend, axes, level and where it comes from', () => {
    for (const words of ['A &lt; B &amp; &quot;C&quot;', 'RigL', 'planned', 'Training step', 'chance', 'preset=rigl-moons&amp;seed=2', 'Sparseland, step 100']) expect(svg).toContain(words);
  });

  it('needs nothing of the page: no custom property, class, script or address to load', () => {
    expect(svg).not.toMatch(/var\(|class=|<script|href=|<style|url\((?!#plot)/);
    expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
  });

  it('draws values at their places', () => {
    expect(svg).toContain('d="M64 320L380 196L696 72"');
    expect(svg).toContain('d="M64 72H696V270.4"');
  });
});

it('figures have the colours of the light theme', () => {
  const [light] = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8').split("[data-theme='dark']");
  for (const [token, colour] of Object.entries(LIGHT_COLOURS)) expect(light).toContain(`${token}: ${colour};`);
});

it('a long link is cut into lines and loses nothing', () => {
  const link = 'x'.repeat(250);
  expect(lines(link, 100).map((line) => line.length)).toEqual([100, 100, 50]);
  expect(lines(link, 100).join('')).toBe(link);
});

describe('a zip of two runs', async () => {
  const runs = [{ name: 'calm-fox', log: madeUpLog({ accuracies: [0.5, 0.75] }) }, { name: 'red-owl', log: madeUpLog({ experiment: { ...MOONS, seed: 2 } }) }];
  const files = unzipSync(await zipped(await exportFiles(runs, PAGE, PAINTER)));

  it('holds the same kinds of file for each', () => {
    const own = ['experiment.json', 'figures/accuracy.png', 'figures/accuracy.svg', 'figures/loss.png', 'figures/loss.svg', 'figures/mask-fc1.png', 'figures/schedule.png', 'figures/schedule.svg', 'link.txt', 'masks.safetensors'];
    expect(Object.keys(files).sort()).toEqual([...runs.flatMap(({ name }) => own.map((file) => `${name}/${file}`)), 'runs.csv'].sort());
  });

  it('has one tidy table: six fields a line, a value of each run found by its keys', () => {
    const [head, ...rows] = text(files['runs.csv']).trimEnd().split('\n');
    expect(head).toBe('run,arm,table,step,column,value');
    expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([6]));
    expect(rows).toContain('calm-fox,main,test,100,accuracy,0.75');
    expect(rows).toContain('red-owl,main,test,100,accuracy,0.9');
  });

  it('has the experiment twice, as JSON and as a link, and both say the same', () => {
    const { experiment, notes } = parseExperiment(JSON.parse(text(files['red-owl/experiment.json'])));
    expect(notes).toEqual([]);
    expect(experiment.seed).toBe(2);
    expect(decodeLink(new URL(text(files['red-owl/link.txt']).split('\n')[0] as string).hash).experiment).toEqual(experiment);
  });

  it('has masks under the names of the weights file', () => {
    const { tensors } = decodeSafetensors(files['calm-fox/masks.safetensors'] as Uint8Array);
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([['layers.0.weight.mask', [32, 2]]]);
    expect([...(tensors[0]?.values ?? [])].slice(0, 8)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });
});
