import { beforeAll, expect, test } from 'vitest';
import type { Gpu } from '../engine/gpu/device.ts';
import { testDevice, underScopes } from './testDevice.ts';

let gpu: Gpu;
beforeAll(async () => { gpu = await testDevice(); });

test('error scopes report what the device refuses, and what the test threw', async () => {
  await expect(underScopes(gpu, () => { gpu.device.createBuffer({ size: 4, usage: 0xffff }); })).rejects.toThrow('The device reports');
  await expect(underScopes(gpu, () => { throw new Error('mine'); })).rejects.toThrow('mine');
  expect(await underScopes(gpu, () => 5)).toBe(5);
});
