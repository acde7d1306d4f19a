import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { Comparison } from '../peers/compare.ts';
import type { PeerMessage } from '../worker/peerWorker.ts';

const WORDS = { own: 'Training here.', loading: 'Loading TensorFlow.js.', peer: 'Training with TensorFlow.js.' } as const;

type State = { at: 'rest' } | { at: 'busy'; words: string } | { at: 'done'; comparison: Comparison } | { at: 'failed'; message: string };

function verdictOf(state: State): string {
  switch (state.at) {
    case 'rest': return '';
    case 'busy': return state.words;
    case 'failed': return `The comparison stopped: ${state.message}`;
    case 'done': {
      const { largest, own, agrees } = state.comparison;
      return `${agrees ? '✓' : '✗'} The losses of ${own.length} steps differ by at most ${largest.toExponential(1)}; below 0.001 is agreement.`;
    }
  }
}

/** Trains one dense network here and with TensorFlow.js, which is loaded only then, and says how far the losses lie apart. */
export function PeerCheck(): ReactElement {
  const [state, setState] = useState<State>({ at: 'rest' });
  const worker = useRef<Worker | null>(null);
  useEffect(() => () => worker.current?.terminate(), []);
  const begin = (): void => {
    worker.current?.terminate();
    setState({ at: 'busy', words: 'Getting the device ready.' });
    const made = new Worker(new URL('../worker/peerWorker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    made.onmessage = ({ data }: MessageEvent<PeerMessage>) => {
      if (data.type === 'at') return setState({ at: 'busy', words: WORDS[data.what] });
      made.terminate();
      setState(data.type === 'compared' ? { at: 'done', comparison: data.comparison } : { at: 'failed', message: data.message });
    };
    made.onerror = () => setState({ at: 'failed', message: 'its worker could not be started. Reload the page.' });
  };
  return (
    <section>
      <h2>Beside another library</h2>
      <p className="muted">Trains a dense 48-64-64-10 network from the same weights on the same batches, here and with TensorFlow.js (about 2 MB, loaded now), and compares the loss of each step.</p>
      <p><button type="button" className="button" disabled={state.at === 'busy'} onClick={begin}>Compare with TensorFlow.js</button></p>
      <p role="status">{verdictOf(state)}</p>
    </section>
  );
}
