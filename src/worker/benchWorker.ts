import { countCalls } from '../bench/count.ts';
import { measureRow, type RowReport, stepsOf } from '../bench/measure.ts';
import type { BenchHost } from '../bench/row.ts';
import { BENCH_ROWS } from '../bench/rows/index.ts';
import { adapterName, openGpu } from '../engine/gpu/device.ts';
import { quickSelfTest } from '../engine/gpu/selftest.ts';
import type { PeerLibrary, PeerName } from '../peers/peer.ts';
import { fetchFrom } from './data.ts';
import { LATER_SHADERS } from './laterShaders.ts';
import { SHADERS } from './shaders.ts';

/** What the page asks for: rows to be measured. To stop, it ends the worker and starts another. */
export interface BenchCommand {
  /** Names of the rows to measure. */
  rows: readonly string[];
  rounds: number;
  peers: boolean;
  /** The folder of packed data, with a slash at its end. */
  dataUrl: string;
}

/** A row that can be measured. */
export interface BenchOffer {
  name: string;
  title: string;
  /** It takes many times as long as others, so that it is left out until it is asked for. */
  long: boolean;
}

/** What the benchmark tells its page: `ready` at first, `ended` at last. A row that fails does not end it. */
export type BenchMessage =
  | { type: 'ready'; adapter: string; software: boolean; rows: readonly BenchOffer[] }
  | { type: 'progress'; done: number; total: number; words: string }
  | { type: 'row'; row: RowReport }
  | { type: 'rowFailed'; name: string; message: string }
  | { type: 'ended' }
  | { type: 'failed'; message: string };

const tell = (message: BenchMessage): void => (self as unknown as { postMessage(message: BenchMessage): void }).postMessage(message);
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Other libraries are large: fetched when they are wanted. */
const PEERS: Readonly<Record<PeerName, (gpu: GPU) => Promise<PeerLibrary>>> = {
  tfjs: async (gpu) => (await import('../peers/tfjs.ts')).tfjsLibrary(gpu),
  jax: async () => (await import('../peers/jax.ts')).jaxLibrary,
};

async function begin(): Promise<Omit<BenchHost, 'fetchBytes'>> {
  if (!navigator.gpu) throw new Error('This browser has no WebGPU: open the page in a current Chrome, Edge, Safari or Firefox.');
  const api = navigator.gpu;
  const gpu = await openGpu(api, { ...SHADERS, ...LATER_SHADERS });
  const test = await quickSelfTest(gpu);
  if (!test.ok) throw new Error(test.message);
  tell({ type: 'ready', adapter: adapterName(gpu.facts), software: gpu.facts.software, rows: BENCH_ROWS.map(({ name, title, grid }) => ({ name, title, long: grid ?? false })) });
  return { gpu, peer: (name) => PEERS[name](api) };
}

async function measure(host: BenchHost, { rows: names, rounds, peers }: BenchCommand): Promise<void> {
  const rows = BENCH_ROWS.filter(({ name }) => names.includes(name));
  const total = rows.reduce((sum, row) => sum + stepsOf(row, { rounds, peers }), 0);
  let before = 0;
  for (const row of rows) {
    try {
      const measured = await measureRow(row, host, {
        rounds, peers, calls: countCalls(), tell: (done, _, words) => tell({ type: 'progress', done: before + done, total, words }),
      });
      tell({ type: 'row', row: measured });
    } catch (error) {
      tell({ type: 'rowFailed', name: row.name, message: wordsOf(error) });
    }
    before += stepsOf(row, { rounds, peers });
  }
  tell({ type: 'ended' });
}

const host = begin();
host.catch((error: unknown) => tell({ type: 'failed', message: wordsOf(error) }));
// Listens from the start: a command may come before the device is ready.
self.onmessage = ({ data }: MessageEvent<BenchCommand>) => void host.then((ready) => measure({ ...ready, fetchBytes: fetchFrom(data.dataUrl) }, data), () => undefined);
