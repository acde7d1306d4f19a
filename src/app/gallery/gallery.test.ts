import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { readThumbnails } from '../../engine/experiment/thumbnail.ts';
import { FAMILIES, familyOf } from './families.ts';

const stored: unknown = JSON.parse(readFileSync('public/thumbnails.json', 'utf8'));

test.each(Object.values(PRESETS).map((preset) => [preset.id, preset] as const))('%s has a family and a picture (npm run thumbnails)', (id, preset) => {
  expect(Object.keys(FAMILIES)).toContain(familyOf(preset));
  const thumbnail = readThumbnails(stored).get(id);
  expect(thumbnail?.small).toBe(preset.small !== null);
  expect(new Set(thumbnail?.cells).size).toBeGreaterThan(preset.experiment.phases.at(-1)!.sparsity.method === 'dense' ? 0 : 1);
});

test('presets that read a text stand together, apart from those with patterns on pictures', () => {
  const families = ['dense-moby', 'static-moby', 'sr-ste-moby', 'sr-ste-fashion', 'dense-mnist', 'lottery-mnist'].map((id) => familyOf(PRESETS[id]!));
  expect(families).toEqual(['text', 'text', 'text', 'patterns', 'baselines', 'phases']);
});

test('a file that is not what it should be has no pictures', () => {
  const whole = stored as Record<string, object>;
  for (const change of [{ cells: 'zz' }, { columns: 1e9 }, { rows: 3 }, { density: Number.NaN }, { steps: -1 }]) {
    expect(readThumbnails({ ...whole, 'hello-mnist': { ...whole['hello-mnist'], ...change } }).size).toBe(0);
  }
  for (const input of [null, 3, [], 'x', { a: null }]) expect(readThumbnails(input).size).toBe(0);
});
