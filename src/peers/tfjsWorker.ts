import type { PeerMlp, PeerStart } from './peer.ts';

/** What the page asks of the worker, one after another. */
export type TfjsCommand = { type: 'start'; start: PeerStart } | { type: 'step'; x: Float32Array; labels: Int32Array } | { type: 'stop' };
/** What it answers: `ready` to a start, `loss` to a step. */
export type TfjsAnswer = { type: 'ready' } | { type: 'loss'; step: number; loss: number } | { type: 'failed'; message: string };

const tell = (answer: TfjsAnswer): void => (self as unknown as { postMessage(answer: TfjsAnswer): void }).postMessage(answer);

let peer: PeerMlp | undefined;
let steps = 0;

async function obey(command: TfjsCommand): Promise<void> {
  if (command.type === 'step') {
    if (!peer) throw new Error('TensorFlow.js was not started.');
    peer.setBatches([command]);
    peer.step();
    tell({ type: 'loss', step: ++steps, loss: await peer.loss() });
    return;
  }
  peer?.destroy();
  peer = undefined;
  steps = 0;
  if (command.type === 'stop') return;
  if (!navigator.gpu) throw new Error('This browser has no WebGPU.');
  const { createTfjsMlp } = await import('./tfjsMlp.ts');
  peer = await createTfjsMlp(navigator.gpu, command.start);
  tell({ type: 'ready' });
}

let queue = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<TfjsCommand>) => {
  queue = queue.then(() => obey(data)).catch((error: unknown) => tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) }));
};
