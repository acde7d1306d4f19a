import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadDataset } from '../../engine/data/index.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { nodeData } from '../data.ts';
import { explain } from './explain.ts';

/** Listings are rewritten, and then read in review, with UPDATE_GOLDEN=1. */
const update = Boolean(process.env['UPDATE_GOLDEN']);

const golden = (id: string): string => fileURLToPath(new URL(`../golden/${id}.explain.txt`, import.meta.url));

async function listingOf(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await explain.run(args, { say: (line) => void lines.push(line), warn: () => undefined, progress: { write: () => undefined } });
  return `${lines.join('\n')}\n`;
}

test.each(Object.keys(PRESETS))('the listing of %s is the one that was reviewed', async (id) => {
  const listing = await listingOf('--preset', id);
  if (update) {
    mkdirSync(dirname(golden(id)), { recursive: true });
    writeFileSync(golden(id), listing);
  }
  expect(existsSync(golden(id)), 'rewrite with UPDATE_GOLDEN=1').toBe(true);
  expect(listing === readFileSync(golden(id), 'utf8'), `the listing of ${id} changed; if that is meant: UPDATE_GOLDEN=1`).toBe(true);
});

test('settings change the listing: an update program appears with the method that needs it', async () => {
  const fixed = await listingOf('--preset', 'rigl-moons', '--set', 'sparsity.method=random');
  const moving = await listingOf('--preset', 'rigl-moons');
  expect([/program main update step/.test(fixed), /program main update step/.test(moving)]).toEqual([false, true]);
});

test('the listing counts bytes and FLOPs of a product as written on paper', async () => {
  const { train } = await loadDataset({ set: 'moons', batch: 64, noise: 0.1, samples: 1000, evaluateOn: 'test', context: 16 }, 1, nodeData());
  expect(train.count).toBe(1000);
  const listing = await listingOf('--preset', 'rigl-moons');
  const line = listing.split('\n').find((l) => l.includes('linear_forward') && l.includes('fc2'));
  // 32 x 32 weights, 32 x 64 inputs, 32 biases, 32 x 64 outputs; two FLOPs for each product of 32 x 32 x 64.
  expect(line).toMatch(/20,608 B/);
  expect(line).toMatch(/131,072 FLOP$/);
});
