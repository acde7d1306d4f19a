import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stripWords } from './strip-words.mjs';

test('sentences and lists go, numbers, labels and code stay', () => {
  const code = "  card: {\n    paper: {\n      title: 'T',\n    },\n    idea: 'Don\\'t stop.',\n    equations: [\n      String.raw`a_{[0]}`,\n    ],\n    knobs: { k: { default: 0.5, label: 'K', help: 'Why, and when.' } },\n    deviations: [\n      { knob: 'k', note: 'x' },\n    ],\n  },\n  plan: exchangePlan,\n";
  expect(stripWords(code)).toBe("  card: {\n    paper: { title: '', authors: '', year: 0 },\n    idea: '',\n    equations: [],\n    knobs: { k: { default: 0.5, label: 'K', help: '' } },\n    deviations: [],\n  },\n  plan: exchangePlan,\n");
});

test('no method keeps notes of more than a line, and all keep their plan', () => {
  const folder = new URL('../src/engine/sparsity/methods/', import.meta.url);
  for (const name of readdirSync(folder).filter((file) => !file.includes('test') && file !== 'index.ts')) {
    const code = stripWords(readFileSync(new URL(name, folder), 'utf8'));
    expect(code, name).toMatch(/^ {2}plan[:(]/m);
    expect(code.match(/^ +(equations|fidelity|deviations): \[$/gm), name).toBeNull();
    expect(code.match(/(help|idea|authors): '[^']/g), name).toBeNull();
    expect(code).toBe(stripWords(code));
  }
});
