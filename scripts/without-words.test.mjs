import { parseAst } from 'vite';
import { expect, test } from 'vitest';
import { withoutWords } from './without-words.mjs';

const without = (/** @type {string} */ code) => withoutWords(code, parseAst(code));

test('words that only people read are left out, at any depth', () => {
  expect(without('const card = { id: "a", idea: "An idea.", knobs: { rate: { max: 1, help: `What it is.` } } };'))
    .toBe("const card = { id: \"a\", idea: '', knobs: { rate: { max: 1, help: '' } } };");
  expect(without('const card = { paper: { title: "A title", year: 2020 }, id: "a" };')).toBe('const card = { paper: {}, id: "a" };');
  expect(without('const card = { equations: [String.raw`a_b`], fidelity: ["One.", "Two."], deviations: [{ knob: "rate", note: "Other." }], label: "Rate" };'))
    .toBe('const card = { equations: [], fidelity: [], deviations: [], label: "Rate" };');
});

test('what is computed under such a name stays', () => {
  for (const code of ['const a = { help };', 'const a = { help: helpOf(1) };', 'const a = { idea: `An ${noun}.` };', 'const { help } = knob;', 'a.help = "Not a card.";']) {
    expect(without(code)).toBe(code);
  }
});
