import { expect, test } from 'vitest';
import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';
import { graphOf, isDrawable, largestWeight, linkWidth } from './graph.ts';
import { CODE } from './states.ts';

const layer = (name: string, inputs: number, out: number, wordOffset: number): LayerFacts => ({ name, in: inputs, out, maskable: true, wordOffset, words: Math.ceil((inputs * out) / 32), activation: 'relu' });
const LAYERS = [layer('fc1', 2, 3, 0), layer('fc2', 3, 1, 1)];
const bits = (...places: number[]): number => places.reduce((word, at) => word | (1 << at), 0) >>> 0;
/** fc1: unit 0 from input 0, unit 1 from input 1; unit 2 lost its link to input 0. fc2: from units 0 and 2. */
const snapshot: MaskSnapshot = {
  arm: 'main', step: 10, update: 1, mask: Uint32Array.of(bits(0, 3), bits(0, 2)), previous: Uint32Array.of(bits(0, 4), bits(0, 2)),
  regrown: new Uint32Array(2), fired: Uint32Array.of(bits(0, 4), bits(0, 2)),
};

test('links are those that are active, and those that left in the last update', () => {
  const { widths, edges } = graphOf(snapshot, LAYERS);
  expect(widths).toEqual([2, 3, 1]);
  expect(edges).toEqual([
    { layer: 0, from: 0, to: 0, code: CODE.kept }, { layer: 0, from: 1, to: 1, code: CODE.grown }, { layer: 0, from: 0, to: 2, code: CODE.dropped },
    { layer: 1, from: 0, to: 0, code: CODE.kept }, { layer: 1, from: 2, to: 0, code: CODE.kept },
  ]);
});

test('a node is alive where active links lead to it and on from it', () => {
  // Input 1 and unit 1 lead nowhere; unit 2 has no input any more.
  expect(graphOf(snapshot, LAYERS).alive).toEqual([[true, false], [true, false, false], [true]]);
});

test('networks of convolutions, or of too many nodes or links, are not drawn', () => {
  expect(isDrawable(LAYERS)).toBe(true);
  expect(isDrawable([])).toBe(false);
  expect(isDrawable([{ ...LAYERS[0]!, kernel: [3, 3] }])).toBe(false);
  expect(isDrawable([layer('fc1', 784, 10, 0)])).toBe(false);
  expect(isDrawable([layer('fc1', 64, 64, 0), layer('fc2', 64, 2, 128)])).toBe(false);
});

test('a link has the weight of its place in the layer, and a width by it', () => {
  const graph = graphOf(snapshot, LAYERS, [Float32Array.of(-4, 0, 0, 1, 0, 0), Float32Array.of(2, 9, 0)]);
  expect(graph.edges.map(({ weight }) => weight)).toEqual([-4, 1, 0, 2, 0]);
  // The 9 belongs to no link.
  expect(largestWeight(graph)).toBe(4);
  const widths = [0, 1, -4].map((weight) => linkWidth({ weight }, 4));
  expect(widths).toEqual([0.5, 2, 3.5]);
  expect(linkWidth({}, 4)).toBe(linkWidth({ weight: undefined }, 0));
});
