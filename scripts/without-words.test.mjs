import { parseAst } from 'vite';
import { expect, test } from 'vitest';
import { describes, withoutWords } from './without-words.mjs';

const CODE = `const card = { id: 'x', idea: "An idea.", equations: [\`a\`], knobs: { density: { kind: 'number', min: 0, help: f('a') + "b", label: 'Density' } } }; const label = 'stays';`;

test('words go; ids, kinds and numbers stay', () => {
  expect(withoutWords(CODE, parseAst(CODE))).toBe(`const card = { id: 'x', idea: "", equations: [], knobs: { density: { kind: 'number', min: 0, help: "", label: "" } } }; const label = 'stays';`);
});

test('only modules that describe are touched', () => {
  expect(['sparsity/methods/rigl', 'sparsity/knobs', 'experiment/schema', 'experiment/presets/helloMnist', 'data/cards'].map((name) => describes(`/here/src/engine/${name}.ts`))).toEqual(Array.from({ length: 5 }, () => true));
  expect(['experiment/trainer', 'sparsity/gpuUpdate', 'ops/linear'].map((name) => describes(`/here/src/engine/${name}.ts`))).toEqual([false, false, false]);
});
