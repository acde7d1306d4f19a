import * as fc from 'fast-check';
import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { FORMAT } from '../../../scripts/pack-data.mjs';
import { nodeData } from '../../node/data.ts';
import type { DataSpec } from '../experiment/experiment.ts';
import { DataError, type Examples, type FetchBytes } from './dataset.ts';
import { digest, histogram } from './data.testing.ts';
import { sine } from './generated.ts';
import { DATASETS, datasetCard } from './cards.ts';
import { loadDataset } from './index.ts';
import { PACKED_FORMAT } from './manifest.ts';

const spec = (set: string, changes: Partial<DataSpec> = {}): DataSpec => ({ set, batch: 16, noise: 0.1, samples: 400, evaluateOn: 'test', context: 16, ...changes });
const noFiles: FetchBytes = async (file) => {
  throw new DataError(`no ${file}`);
};
const generated = Object.values(DATASETS).filter(({ downloadBytes }) => downloadBytes === 0).map(({ id }) => id);

test.each(generated)('%s is what its card says', async (id) => {
  const card = datasetCard(id)!;
  const data = await loadDataset(spec(id), 3, noFiles);
  expect(data).toMatchObject({ id: card.id, features: card.features, classes: card.classes });
  expect(data.image).toEqual(card.image);
  for (const { count, values, labels } of [data.train, data.test]) {
    expect([values.length, labels.length]).toEqual([count * card.features, count]);
    expect(Math.min(...histogram(labels, card.classes)) / count).toBeGreaterThan(0.05);
    expect(histogram(labels, card.classes).reduce((a, b) => a + b)).toBe(count);
  }
});

test('an unknown set is answered with the known ones', async () => {
  await expect(loadDataset(spec('nothing'), 1, noFiles)).rejects.toThrow(/nothing; there are mnist-10k, mnist, fashion-mnist-10k, fashion-mnist, moby-dick, moons, spirals, teacher/);
  await expect(loadDataset(spec('toString'), 1, noFiles)).rejects.toThrow(DataError);
});

test('for validation a fifth of the training examples is held out, and the test set is not looked at', async () => {
  const [whole, held] = await Promise.all([loadDataset(spec('teacher'), 3, noFiles), loadDataset(spec('teacher', { evaluateOn: 'validation' }), 3, noFiles)]);
  const rows = ({ values, labels, count }: Examples): string[] => Array.from({ length: count }, (_, i) => `${labels[i]}: ${values.subarray(i * 16, (i + 1) * 16).join()}`);
  const train = rows(whole.train);
  expect(rows(held.test)).toEqual(train.filter((_, i) => i % 5 === 4));
  expect(rows(held.train)).toEqual(train.filter((_, i) => i % 5 !== 4));
});

describe('generated sets', () => {
  /** sha256 of values and labels of the training examples; for 400 examples, noise 0.1, seed 3. */
  const GOLDEN: Record<string, readonly [string, string]> = {
    moons: ['452aab3ff1dc62ab3bfa750880f779528c526f219bf3dc4c6f50fe90490abc29', 'cc12d88de9091133334d518b292d234806f77359a850dced14b2a027f8cb2186'],
    spirals: ['91ec6c5aa2cc96afaf019b3217f2877aefa230562af37d30eba746d111b30254', 'cc12d88de9091133334d518b292d234806f77359a850dced14b2a027f8cb2186'],
    teacher: ['b4f406a8473fa8770c9429547d9f5017649847e162dac59c6be37218d354f9f7', 'e5180957978d1de3cd312bd8bdf4b65b4a29159afebbb5c5bfeb6345eb438c00'],
  };

  test.each(generated)('%s has its frozen bits', async (set) => {
    const { train } = await loadDataset(spec(set), 3, noFiles);
    expect([digest(train.values), digest(train.labels)]).toEqual(GOLDEN[set]);
  });

  test.each(generated)('%s is a function of the seed; more examples begin with the same, and none is in both halves', async (set) => {
    const [a, again, more, other] = await Promise.all([
      loadDataset(spec(set), 3, noFiles), loadDataset(spec(set), 3, noFiles),
      loadDataset(spec(set, { samples: 401 }), 3, noFiles), loadDataset(spec(set), 4, noFiles),
    ]);
    expect(again).toEqual(a);
    expect([a.train.count, more.train.count, a.test.count]).toEqual([400, 401, 1000]);
    expect(more.train.values.subarray(0, a.train.values.length)).toEqual(a.train.values);
    expect(other.train.values).not.toEqual(a.train.values);
    const rows = ({ values, count }: Examples): string[] => Array.from({ length: count }, (_, i) => values.subarray(i * a.features, (i + 1) * a.features).join());
    expect(new Set([...rows(a.train), ...rows(a.test)]).size).toBe(1400);
  });

  test.each(generated)('%s stays in range with no noise and with the most', async (set) => {
    const reach = async (noise: number): Promise<number> => {
      const { train } = await loadDataset(spec(set, { noise }), 5, noFiles);
      return (train.values as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    };
    expect(await reach(0)).toBeLessThanOrEqual(1.5);
    // A sum of twelve uniforms is at most 6 deviations out.
    expect(await reach(2)).toBeLessThanOrEqual(1.5 + 2 * 6);
  });

  test('moons and spirals have classes of the same size', async () => {
    for (const set of ['moons', 'spirals']) {
      const { train, test } = await loadDataset(spec(set), 9, noFiles);
      expect([histogram(train.labels, 2), histogram(test.labels, 2)]).toEqual([[200, 200], [500, 500]]);
    }
  });

  test('moons without noise lie on their half circles', async () => {
    const { values, labels, count } = (await loadDataset(spec('moons', { noise: 0 }), 2, noFiles)).train;
    for (let i = 0; i < count; i++) {
      const sign = labels[i] === 0 ? 1 : -1;
      const [x, y] = [sign * values[2 * i]! + 0.5, sign * values[2 * i + 1]! + 0.25];
      expect(Math.hypot(x, y)).toBeCloseTo(1, 6);
      expect(y).toBeGreaterThan(-1e-6);
    }
  });

  test('noise has the deviation that is asked for', async () => {
    const [noisy, plain] = await Promise.all([0.3, 0].map((noise) => loadDataset(spec('moons', { noise, samples: 20_000 }), 2, noFiles)));
    const difference = Array.from(noisy!.train.values, (value, i) => value - plain!.train.values[i]!);
    const mean = difference.reduce((a, b) => a + b) / difference.length;
    expect(mean).toBeCloseTo(0, 2);
    expect(Math.sqrt(difference.reduce((sum, d) => sum + d * d, 0) / difference.length)).toBeCloseTo(0.3, 2);
  });

  test('the sine is one', () => {
    for (let x = -20; x < 20; x += 0.01) expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(1e-9);
  });
});

describe('packed files', () => {
  const images = Uint8Array.from({ length: 3 * 784 }, (_, i) => (i * 7) % 256);
  const part = (file: string, values: Uint8Array) => ({ file, bytes: zlibSync(values).length, inflatedBytes: values.length, sha256: digest(values), dtype: 'u8', shape: [values.length] });
  const half = (name: string) => ({
    rows: 3,
    images: [part(`${name}-0.bin`, images.subarray(0, 784)), part(`${name}-1.bin`, images.subarray(784))],
    labels: [part(`${name}-labels.bin`, Uint8Array.of(1, 0, 1))],
  });
  const manifest = () => ({
    format: 1, encoding: 'zlib',
    datasets: { 'mnist-10k': { title: 'Three', classes: ['0', '1'], shape: [28, 28], mean: 0.5, std: 0.25, licence: 'none', source: 'made up', train: half('train'), test: half('test') } },
  });
  const set = (m: ReturnType<typeof manifest>) => m.datasets['mnist-10k'];

  /** A folder of small files, some replaced; null stands for a missing one. */
  const folder = (replaced: Record<string, Uint8Array | null> = {}): FetchBytes => async (file) => {
    const own = file.endsWith('labels.bin') ? Uint8Array.of(1, 0, 1) : file.endsWith('-0.bin') ? images.subarray(0, 784) : images.subarray(784);
    const bytes = file in replaced ? replaced[file] : file === 'manifest.json' ? json(manifest()) : zlibSync(own);
    if (!bytes) throw new DataError(`The server has no ${file}.`);
    return bytes;
  };
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const load = (files: FetchBytes, tell?: (done: number, total: number) => void) => loadDataset(spec('mnist-10k'), 1, files, tell);
  const withManifest = (change: (m: ReturnType<typeof manifest>) => void): FetchBytes => {
    const changed = manifest();
    change(changed);
    return folder({ 'manifest.json': json(changed) });
  };

  test('have the format that the packer writes', () => {
    expect(PACKED_FORMAT).toBe(FORMAT);
  });

  test('are joined in order', async () => {
    const { train, test, scale, shift } = await load(folder());
    expect([...train.values]).toEqual([...images]);
    expect([...test.labels]).toEqual([1, 0, 1]);
    expect([scale * 255 * 0.5 + shift, scale * 255 + shift].map((x) => Number(x.toFixed(9)))).toEqual([0, 2]);
  });

  test('tell of bytes as they come, up to all of them and never fewer', async () => {
    const plain = folder();
    const told: [number, number][] = [];
    await load(async (file, received) => {
      received?.(1);
      received?.(5);
      return plain(file);
    }, (done, total) => told.push([done, total]));
    const m = set(manifest());
    const total = [m.train, m.test].flatMap((h) => [...h.images, ...h.labels]).reduce((sum, p) => sum + p.bytes, 0);
    expect(told.every(([done, all], i) => all === total && done > (told[i - 1]?.[0] ?? 0))).toBe(true);
    expect(told.at(-1)).toEqual([total, total]);
    expect(told).toHaveLength(3 * 6);
  });

  const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 4 : byte));
  const whole = zlibSync(images.subarray(784));
  const other = zlibSync(flipped(images.subarray(784), 0));
  test.each<[string, FetchBytes, RegExp]>([
    ['a missing file', folder({ 'test-1.bin': null }), /no test-1\.bin/],
    ['a file that was cut off', folder({ 'test-1.bin': whole.subarray(0, 20) }), /test-1\.bin has 20 bytes instead of \d+: it was cut off/],
    ['a page in place of the file', folder({ 'test-1.bin': new TextEncoder().encode('<!doctype html>') }), /test-1\.bin has 15 bytes/],
    ['a damaged head', folder({ 'test-1.bin': flipped(whole, 0) }), /test-1\.bin is damaged/],
    ['another file', withOther(), /test-1\.bin is not the file that was packed/],
    ['a missing manifest', folder({ 'manifest.json': null }), /no manifest\.json/],
    ['a page in place of the manifest', folder({ 'manifest.json': new TextEncoder().encode('<!doctype html>') }), /no JSON/],
    ['a manifest of null', folder({ 'manifest.json': json(null) }), /manifest\.json is damaged or of another version/],
    ['another format', withManifest((m) => (m.format = 2)), /another version at format/],
    ['a manifest without the set', folder({ 'manifest.json': json({ ...manifest(), datasets: { cats: {} } }) }), /does not know mnist-10k; it knows cats/],
    ['a set without rows', withManifest((m) => (set(m).train.rows = 0)), /at mnist-10k\.train\.rows/],
    ['too many rows', withManifest((m) => (set(m).train.rows = 4)), /mnist-10k, train images hold 2352 bytes, of 3136/],
    ['a file outside of the folder', withManifest((m) => (set(m).test.images[0]!.file = '../secret.bin')), /at mnist-10k\.test\.images\.0\.file/],
    ['a bomb', withManifest((m) => (set(m).test.images[0]!.inflatedBytes = 2 ** 33)), /at mnist-10k\.test\.images\.0\.inflatedBytes/],
    ['many bombs', withManifest((m) => {
      set(m).test.rows = 100_000;
      set(m).test.images = Array.from({ length: 2 }, () => ({ ...set(m).test.images[0]!, inflatedBytes: 39_200_000 }));
    }), /67108864 that are allowed/],
    ['a deviation of 0', withManifest((m) => (set(m).std = 0)), /at mnist-10k\.std/],
    ['a label that is no class', withLabels(Uint8Array.of(1, 0, 2)), /label of mnist-10k, train/],
  ])('%s is refused by name', async (_, files, message) => {
    const failure: unknown = await load(files).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DataError);
    expect((failure as DataError).message).toMatch(message);
  });

  function withOther(): FetchBytes {
    const changed = manifest();
    set(changed).test.images[1]!.bytes = other.length;
    return folder({ 'manifest.json': json(changed), 'test-1.bin': other });
  }

  function withLabels(labels: Uint8Array): FetchBytes {
    const changed = manifest();
    set(changed).train.labels = [part('train-labels.bin', labels)];
    return folder({ 'manifest.json': json(changed), 'train-labels.bin': zlibSync(labels) });
  }

  test('with more in them than was promised are cut at the promise, and refused where it is another', async () => {
    const bomb = zlibSync(new Uint8Array(5_000_000));
    const changed = manifest();
    set(changed).test.images[1]!.bytes = bomb.length;
    await expect(load(folder({ 'manifest.json': json(changed), 'test-1.bin': bomb }))).rejects.toThrow(DataError);
  });

  test('with any value of the manifest replaced give a set or a DataError, nothing else', async () => {
    const paths = pathsOf(manifest());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const changed: unknown = manifest();
        let holder = changed as Record<string, unknown>;
        for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
        holder[path.at(-1)!] = value;
        const outcome: unknown = await load(folder({ 'manifest.json': json(changed) })).catch((error: unknown) => error);
        expect(outcome instanceof DataError || (typeof outcome === 'object' && outcome !== null && 'train' in outcome)).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  function pathsOf(value: unknown, path: string[] = []): string[][] {
    if (typeof value !== 'object' || value === null) return [path];
    const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
    return path.length > 0 ? [path, ...inner] : inner;
  }
});

describe('files on Node', () => {
  test('are told by name where they are missing', async () => {
    await expect(nodeData()('no-such.bin')).rejects.toThrow(/no-such\.bin cannot be read.*npm run data/);
    await expect(nodeData()('no-such.bin')).rejects.toThrow(DataError);
  });
});
