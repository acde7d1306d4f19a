import { describe, expect, it } from 'vitest';
import type { Dataset, Examples } from '../data/dataset.ts';
import { createPipelines } from '../gpu/pipelines.ts';
import { createNetworks } from './network.ts';
import { parseExperiment } from './parse.ts';
import { PRESETS } from './presets/index.ts';
import { estimateRun, mayBeLarge, refuseTooLarge, type RunParts, RunTooLargeError } from './runEstimate.ts';

const examples: Examples = { count: 200, values: new Uint8Array(200 * 784), labels: new Uint8Array(200) };
const digits: Dataset = {
  id: 'digits', title: 'Digits', features: 784, classes: 10, train: examples, test: examples, scale: 1, shift: 0, mean: 0, std: 1, image: { width: 28, height: 28 }, licence: '', source: '',
};
const of = (input: object) => parseExperiment(input).experiment;
const parts: RunParts = { createNetworks, pipelinesOf: (device) => createPipelines(device, {}) };
const MIB = 2 ** 20;

describe('the estimate of a run', () => {
  it('grows with the network, the batch, the optimizer\'s state and the networks beside', async () => {
    const base = { preset: 'rigl-mnist', model: { hidden: [256] }, data: { batch: 128 }, phases: [{ steps: 10 }], beside: { random: true, dense: true } };
    const bytes = async (change: object): Promise<number> => (await estimateRun(parts, of({ ...base, ...change }), digits)).peakBytes;
    const [plain, wide, batch, adam, alone] = await Promise.all([
      {}, { model: { hidden: [1024] } }, { data: { batch: 2048 } }, { phases: [{ steps: 10, optimizer: { name: 'adam' } }] }, { beside: { random: false, dense: false } },
    ].map(bytes));
    for (const larger of [wide, batch, adam]) expect(larger).toBeGreaterThan(plain as number);
    expect(alone).toBeLessThan(plain as number);
  });

  it('counts the arithmetic of all steps of all phases', async () => {
    const flops = async (...steps: number[]): Promise<number> => (await estimateRun(parts, of({ preset: 'dense-mnist', phases: steps.map((n) => ({ steps: n })) }), digits)).flops;
    expect(await flops(20)).toBe(2 * (await flops(10)));
    expect(await flops(10, 10)).toBe(await flops(20));
  });
});

describe('a run that is too large', () => {
  const refusal = async (input: object, most?: number): Promise<string> => {
    const error = await refuseTooLarge(parts, of(input), digits, most).then(() => null, (thrown: unknown) => thrown);
    if (error === null) return '';
    expect(error).toBeInstanceOf(RunTooLargeError);
    return (error as Error).message;
  };

  it.each(Object.keys(PRESETS))('is none of the presets: %s', async (preset) => {
    expect(await refusal({ preset })).toBe('');
  });

  it('is refused where one of its buffers fits no binding, with what would fit', async () => {
    const said = await refusal({ preset: 'rigl-fashion-cnn', data: { batch: 2048 }, model: { kind: 'cnn', channels: [16, 32, 64], norm: 'batch' }, phases: [{ optimizer: { name: 'adam' }, sparsity: { method: 'rigl' } }] });
    expect(said).toMatch(/^This run does not fit: .* needs \d+ bytes; a WebGPU binding holds at most 134217728\..* Nothing was made\. It would need \d+ MiB with an eighth of the batch, and about \d+ \w+ at 1 TFLOP\/s\.$/);
  });

  it('is refused where it needs more memory than it may take, and told what to lower', async () => {
    const input = { preset: 'rigl-mnist', model: { hidden: [1024] }, beside: { random: true, dense: true } };
    const { peakBytes } = await estimateRun(parts, of(input), digits);
    expect(await refusal(input, peakBytes)).toBe('');
    expect(await refusal(input, peakBytes - 1)).toMatch(/^This run needs \d+ MiB of GPU memory, more than the \d+ MiB that it may take; .* Nothing was made\. It would need \d+ MiB without the networks beside/);
    expect(await refusal(input, 4 * MIB)).toMatch(/Nothing was made\. Lower the hidden widths and the batch\.$/);
  });

  it('is looked for only where it might be', () => {
    expect(mayBeLarge(of({}))).toBe(false);
    expect(mayBeLarge(of({ model: { hidden: [4096, 2048] } }))).toBe(true);
    expect(mayBeLarge(of({ data: { batch: 4096 }, model: { hidden: [2048] } }))).toBe(true);
  });
});
