import { openGpu, type Gpu } from '../../engine/gpu/device.ts';
import { quickSelfTest } from '../../engine/gpu/selftest.ts';
import { adapterFromEnvironment, openNodeGpu } from '../adapter.ts';
import { readShaders } from '../shaders.ts';
import { firstLine } from './chooseExperiment.ts';
import { UsageError } from './usageError.ts';

/** A device that has passed the quick self-test. */
export interface OpenDevice {
  gpu: Gpu;
  /** Where further devices come from. */
  api: GPU;
  /** The adapter in one line, software or hardware. */
  name: string;
  /** What the quick self-test said. */
  tested: string;
}

/** Opens the device that SPARSELAND_ADAPTER names. @throws UsageError that says what is missing. */
export async function openDevice(): Promise<OpenDevice> {
  let opened: { gpu: Gpu; api: GPU; name: string };
  try {
    const { gpu: api, describe } = await openNodeGpu(adapterFromEnvironment());
    opened = { gpu: await openGpu(api, readShaders()), api, name: describe };
  } catch (error) {
    throw new UsageError(`${firstLine(error)}.`);
  }
  const test = await quickSelfTest(opened.gpu);
  if (!test.ok) throw new UsageError(test.message);
  return { ...opened, tested: test.message };
}
