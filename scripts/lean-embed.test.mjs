import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EMBED_LIMIT, leanEmbed } from './lean-embed.mjs';

const source = readFileSync(new URL('../public/embed.js', import.meta.url), 'utf8');

test('the script of the embedding element is small, asks for nothing else and keeps its styles', async () => {
  const lean = await leanEmbed(source);
  expect(lean.length).toBeLessThan(EMBED_LIMIT);
  expect(lean).not.toMatch(/\bimport\b|\bfetch\b|\beval\b|innerHTML/);
  expect(lean).toContain('customElements.define("sparse-playground"');
  // A selector of a child element needs its space, and a declaration its colon.
  for (const piece of [':host([hidden]){display:none', '.poster img{max-width:100%', 'color-scheme:light dark', 'outline:2px solid light-dark(#1f5fbf,#7db0ff)']) expect(lean).toContain(piece);
});

test('the element allows its frame what a plain frame is allowed', async () => {
  const { SANDBOX } = await import('../src/app/share/snippet.ts');
  expect(source).toContain(`sandbox = '${SANDBOX}'`);
});

test('the element passes on every option that a figure reads', async () => {
  const passed = /const PASSED = \[([^\]]+)\]/.exec(source)?.[1]?.match(/\w+/g);
  const { EMBED_KEYS } = await import('../src/app/embed/options.ts');
  expect(passed?.toSorted()).toEqual(EMBED_KEYS.filter((key) => key !== 'embed' && key !== 'origin').toSorted());
});
