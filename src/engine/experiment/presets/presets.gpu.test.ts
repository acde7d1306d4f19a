import { beforeAll, describe, expect, it } from 'vitest';
import { nodeData } from '../../../node/data.ts';
import { finalValue, smallCopy } from '../../../node/measurePresets.ts';
import { testDevice } from '../../../node/testDevice.ts';
import { bitsOfLoss, textBaselines } from '../../data/baselines.ts';
import { loadDataset } from '../../data/index.ts';
import type { Gpu } from '../../gpu/device.ts';
import { PRESETS } from './index.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

describe.each(Object.values(PRESETS).map((preset) => [preset.id, preset] as const))('%s', (id, preset) => {
  // Where several adapters are tested, one of them trains all copies.
  it.skipIf(process.env.SPARSELAND_TARGETS === 'elsewhere')('its small copy reaches its target: three standard deviations of five seeds behind their mean', async () => {
    const experiment = smallCopy(id);
    const recorded = preset.small?.recorded;
    if (!experiment || !recorded) throw new Error(`${id} has no small copy, or nothing was recorded of it: npm run measure -- ${id} --small`);
    expect(recorded.seeds).toBe(5);
    // Of bits, fewer are better.
    const sign = preset.metric === 'testBits' ? -1 : 1;
    expect(sign * await finalValue(gpu, experiment, preset.metric)).toBeGreaterThan(sign * recorded.mean - 3 * recorded.sd);
  });
});

it('the target of dense-moby lies below what counts of characters reach', async () => {
  const { experiment, small } = PRESETS['dense-moby']!;
  const [unigram] = textBaselines(await loadDataset(experiment.data, 1, nodeData()));
  expect(small!.recorded!.mean + 3 * small!.recorded!.sd).toBeLessThan(bitsOfLoss(unigram!.loss));
});
