import { useState, type ReactElement } from 'react';
import { TOLERANCE, type Difference } from '../peer/difference.ts';
import { plural } from '../text/numbers.ts';

type State =
  | { is: 'idle' }
  | { is: 'busy'; done: number; total: number }
  | { is: 'done'; difference: Difference }
  | { is: 'failed'; message: string };

/** Compares this engine with TensorFlow.js on this device when asked to: the same dense network, the same batches. */
export function PeerPanel(): ReactElement {
  const [state, setState] = useState<State>({ is: 'idle' });
  const check = async (): Promise<void> => {
    setState({ is: 'busy', done: 0, total: 0 });
    try {
      const { checkAgainstTfjs } = await import('../peer/tfjsCheck.ts');
      setState({ is: 'done', difference: await checkAgainstTfjs((done, total) => setState({ is: 'busy', done, total })) });
    } catch (error) {
      setState({ is: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <section className="panel peer-check" aria-label="Check">
      <h2>Check of the arithmetic <span className="aside">dense, 64 wide, 20 steps</span></h2>
      <p className="small muted">Trains the same dense network here and in TensorFlow.js, which is loaded for it (about {TFJS_KB} kB), and compares the losses.</p>
      <button type="button" className="button" disabled={state.is === 'busy'} onClick={() => void check()}>Check against TensorFlow.js</button>
      <p className="small" role="status">{words(state)}</p>
    </section>
  );
}

/** Gzipped size of what the check loads. */
const TFJS_KB = 130;

function words(state: State): string {
  switch (state.is) {
    case 'idle': return '';
    case 'busy': return state.total > 0 ? `TensorFlow.js: step ${state.done} of ${state.total}` : 'Training here, then loading TensorFlow.js';
    case 'failed': return state.message;
    case 'done': {
      const { largest, step, steps, first, last } = state.difference;
      const verdict = largest <= TOLERANCE ? 'Equal' : 'Not equal';
      return `${verdict}: over ${plural(steps, 'step')} the losses differ by at most ${largest.toExponential(1)} (step ${step}); up to ${TOLERANCE} counts as equal. Here the loss went from ${first[0].toFixed(4)} to ${last[0].toFixed(4)}, in TensorFlow.js from ${first[1].toFixed(4)} to ${last[1].toFixed(4)}.`;
    }
  }
}
