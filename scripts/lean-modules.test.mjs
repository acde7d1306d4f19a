import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { leanModule, versionFor, withoutNotes } from './lean-modules.mjs';

const WORKER = '/here/src/worker/worker.ts';
const CARD = `const card = { id: 'x', idea: "An idea.", equations: [\`a\`], knobs: { density: { kind: 'number', min: 0, help: f('a') + "b", label: 'Density' } } }; const label = 'stays';`;
const OPERATION = `import { f } from './f.ts';
const terms = 1;
export const linear = op({ name: 'linear', forward(tape) { tape.run({ terms: 2 }); }, reference(x) { return f(x); }, cases: [{ name: 'a' }],
  backward() {}, terms: (s) => s, magnitude: f });`;

/** @param {string} path @param {string} code */
const lean = (path, code, entry = WORKER) => leanModule(`/here/src/engine/${path}.ts`, code, parseAst, entry);

describe('a module in a worker', () => {
  it.each(['sparsity/methods/rigl', 'sparsity/knobs', 'experiment/schema', 'experiment/presets/helloMnist', 'data/cards'])('has no words in %s; ids, kinds and numbers stay', (path) => {
    expect(lean(path, CARD)).toBe(`const card = { id: 'x', idea: "", equations: [], knobs: { density: { kind: 'number', min: 0, help: "", label: "" } } }; const label = 'stays';`);
  });

  it('keeps names that are taken out of an object, or put into one', () => {
    const MAKER = 'const make = ({ id, sentence }) => ({ id, sentence });';
    expect(lean('experiment/presets/moby', MAKER)).toBe(MAKER);
  });

  it('has of an operation what computes it, and nothing that tests it', () => {
    const left = lean('ops/linear', OPERATION);
    expect(left).toBe(`import { f } from './f.ts';
const terms = 1;
export const linear = op({ name: 'linear', forward(tape) { tape.run({ terms: 2 }); }, backward() {}, });`);
    expect(() => parseAst(String(left))).not.toThrow();
  });

  it('is whole in the worker of the self-test, and where nothing can be left out', () => {
    expect(lean('ops/linear', OPERATION, '/here/src/worker/selftestWorker.ts')).toBeNull();
    expect(lean('experiment/trainer', CARD)).toBeNull();
  });
});

describe('a module in the page', () => {
  const method = '/here/src/engine/sparsity/methods/rigl.ts';

  it('has of a method its names, but not what its card says of it', () => {
    expect(withoutNotes(method, CARD, parseAst)).toBe(CARD.replace('"An idea."', '""').replace('[`a`]', '[]').replace(`f('a') + "b"`, '""'));
  });

  it('has of settings all but their help', () => {
    for (const path of ['sparsity/knobs', 'experiment/schema']) expect(withoutNotes(`/here/src/engine/${path}.ts`, CARD, parseAst)).toBe(CARD.replace(`f('a') + "b"`, '""'));
  });

  it('has of a preset its experiment and its title; what a call is given under the name of a word stays', () => {
    const preset = `const preset = of({ title: 'T', sentence: 'S.', small: { steps: 3 }, recorded, experiment: { steps: 5 } }); function of({ sentence, small = 1 }) {}`;
    expect(withoutNotes('/here/src/engine/experiment/presets/riglMnist.ts', preset, parseAst)).toBe(preset.replace("'S.'", '""').replace('{ steps: 3 }', 'null'));
  });

  it('is a card alone where nothing but cards is read', () => {
    const readers = ['/here/src/engine/experiment/parse.ts', `${method}?cards`];
    expect(readers.map((reader) => versionFor(method, reader))).toEqual([`${method}?cards`, `${method}?cards`]);
    expect(versionFor('/here/src/engine/sparsity/knobs.ts', `${method}?cards`)).toBeNull();
    const rigl = "import { f } from '../plan.ts'; export const rigl = { card: { id: 'rigl', idea: 'An idea.' }, storedAs: ['masked'], plan: (context) => f(context), update(moves) { moves.drop('x'); } };";
    expect(withoutNotes(`${method}?cards`, rigl, parseAst)).toBe(" export const rigl = { card: { id: 'rigl', idea: \"\" }, storedAs: ['masked'], plan: (context) => f(context), update(moves) { moves.drop('x'); } };".replace('(context) => f(context)', 'undefined').replace("update(moves) { moves.drop('x'); }", 'update: undefined'));
  });

  it('is whole where the notes are asked for, with all that it imports, and where it has none', () => {
    expect(withoutNotes(`${method}?whole`, CARD, parseAst)).toBeNull();
    expect(withoutNotes('/here/src/engine/sparsity/plan.ts', CARD, parseAst)).toBeNull();
    const knobs = '/here/src/engine/sparsity/knobs.ts';
    const preset = '/here/src/engine/experiment/presets/riglMnist.ts';
    expect(versionFor(preset, '/here/src/engine/experiment/presets/index.ts?whole')).toBe(`${preset}?whole`);
    expect([versionFor(knobs, `${method}?whole`), versionFor(knobs, method), versionFor('/here/src/engine/sparsity/plan.ts', `${method}?whole`)]).toEqual([`${knobs}?whole`, null, null]);
  });
});
