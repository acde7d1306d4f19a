import { type CheckResult, fullSelfTest, type SelfTestReport } from '../engine/experiment/fullSelfTest.ts';
import { openGpu } from '../engine/gpu/device.ts';
import { LATER_FILES } from './laterShaders.ts';
import { byName, SHADERS } from './shaders.ts';

/** What the self-test tells its page. */
export type SelfTestMessage =
  | { type: 'check'; done: number; total: number; check: CheckResult }
  | { type: 'report'; report: SelfTestReport }
  | { type: 'failed'; message: string };

const tell = (message: SelfTestMessage): void => (self as unknown as { postMessage(message: SelfTestMessage): void }).postMessage(message);

async function test(): Promise<void> {
  if (!navigator.gpu) throw new Error('This browser has no WebGPU: open the page in a current Chrome, Edge, Safari or Firefox.');
  const gpu = await openGpu(navigator.gpu, { ...SHADERS, ...byName(LATER_FILES) });
  tell({ type: 'report', report: await fullSelfTest(gpu, (done, total, check) => tell({ type: 'check', done, total, check })) });
}

test().catch((error: unknown) => tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) }));
