import { describe, expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import type { DataSpec } from '../experiment/experiment.ts';
import { DataError } from './dataset.ts';
import { DATASETS, loadDataset } from './index.ts';

const spec = (set: string): DataSpec => ({ set, batch: 16, noise: 0.1, samples: 400 });
const noFiles = async (file: string): Promise<Uint8Array> => {
  throw new DataError(`no ${file}`);
};

describe('generated sets', () => {
  it.each(['moons', 'spirals', 'teacher'])('%s is a function of the seed, of the promised shape, with every class', async (set) => {
    const a = await loadDataset(spec(set), 3, noFiles);
    const b = await loadDataset(spec(set), 3, noFiles);
    const other = await loadDataset(spec(set), 4, noFiles);
    expect(a.train.values).toEqual(b.train.values);
    expect(a.train.values).not.toEqual(other.train.values);
    expect(a.features).toBe(DATASETS[set]?.features);
    expect(a.train.values.length).toBe(400 * a.features);
    expect(new Set(a.train.labels).size).toBe(a.classes);
    expect(a.train.values.every((v) => Number.isFinite(v) && Math.abs(v) < 4)).toBe(true);
    expect(Array.from(a.test.values.subarray(0, 8))).not.toEqual(Array.from(a.train.values.subarray(0, 8)));
  });

  it('two moons keep their frozen first point', async () => {
    const { train } = await loadDataset(spec('moons'), 1, noFiles);
    expect(Array.from(train.values.subarray(0, 2))).toMatchInlineSnapshot(`
      [
        -0.8202909231185913,
        0.7118483185768127,
      ]
    `);
  });
});

describe('packed digits', () => {
  it('are the real MNIST: balanced classes, the mean ink of the manifest', async () => {
    const data = await loadDataset(spec('mnist-10k'), 1, nodeData());
    expect([data.train.count, data.test.count, data.features, data.classes]).toEqual([10000, 2000, 784, 10]);
    const ink = (data.train.values as Uint8Array).reduce((sum, v) => sum + v, 0) / data.train.values.length / 255;
    expect(ink).toBeCloseTo(data.mean, 6);
    for (let c = 0; c < 10; c++) expect(data.train.labels.filter((l) => l === c).length).toBeGreaterThan(800);
  });

  it('all 60,000 and 10,000 are there, the subset first', async () => {
    const [all, some] = await Promise.all([loadDataset(spec('mnist'), 1, nodeData()), loadDataset(spec('mnist-10k'), 1, nodeData())]);
    expect([all.train.count, all.test.count]).toEqual([60000, 10000]);
    expect(all.train.labels.subarray(0, 10000)).toEqual(some.train.labels);
  });

  it('damage is told by name: a flipped byte, a short file, a missing file, a broken manifest', async () => {
    const good = nodeData();
    const broken = (wanted: string, change: (bytes: Uint8Array) => Uint8Array) => async (file: string) => {
      const bytes = await good(file);
      return file.includes(wanted) ? change(bytes.slice()) : bytes;
    };
    const flip = (bytes: Uint8Array): Uint8Array => {
      bytes[100] = (bytes[100] ?? 0) ^ 64;
      return bytes;
    };
    await expect(loadDataset(spec('mnist-10k'), 1, broken('test-0-labels', flip))).rejects.toThrow(/mnist-test-0-labels/);
    await expect(loadDataset(spec('mnist-10k'), 1, broken('test-0-labels', (b) => b.subarray(0, 50)))).rejects.toThrow(DataError);
    await expect(loadDataset(spec('mnist-10k'), 1, broken('manifest', () => new Uint8Array([123])))).rejects.toThrow(/no JSON/);
    await expect(loadDataset(spec('mnist-10k'), 1, noFiles)).rejects.toThrow(DataError);
    await expect(loadDataset(spec('nothing'), 1, noFiles)).rejects.toThrow(/mnist-10k, mnist, moons/);
  });
});
