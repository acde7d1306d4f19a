import type { RunEvent } from '../../engine/experiment/events.ts';
import { useRun, type Problem } from '../stores/run.ts';
import { formatCount } from '../text/numbers.ts';

/** What keeps this browser from training, if anything: known before a worker is asked. */
export function browserProblem(scope: { isSecureContext: boolean; navigator: object }): Problem | null {
  if (!scope.isSecureContext) {
    return { kind: 'insecure', action: 'recording', sentence: 'Browsers offer WebGPU to secure pages only: open this page over https, or from localhost.' };
  }
  if (!('gpu' in scope.navigator)) {
    return {
      kind: 'no-webgpu', action: 'recording',
      sentence: 'This browser has no WebGPU, which training here needs: open the page in a current Chrome, Edge, Safari or Firefox.',
    };
  }
  return null;
}

/** A run whose loss or gradients stopped being numbers. */
export function divergedProblem(event: Extract<RunEvent, { type: 'diverged' }>): Problem {
  const who = event.arm === 'main' ? 'Training diverged.' : `The ${event.arm === 'random' ? 'random-mask' : 'dense'} twin diverged.`;
  return { kind: 'diverged', action: 'halve-rate', sentence: `${who} ${event.message}` };
}

/**
 * A device that went away for good; `keptAt` is the step of the state that is kept over a reload. There is no button:
 * after two losses Chromium gives a page no adapter until the reader reloads it, and a reload by script does not count.
 */
export function lostProblem(message: string, keptAt?: number): Problem {
  const after = keptAt === undefined ? 'its link then trains it again from the beginning, to the same numbers' : `it is kept, and goes on from step ${formatCount(keptAt)}`;
  return { kind: 'lost', action: null, sentence: `${message} What the run measured until then stays below. Reload the page with the browser's own button: ${after}.` };
}

/** A run that could not begin or go on. */
export function failedProblem(message: string): Problem {
  return { kind: 'failed', action: 'reset', sentence: message };
}

/** Words of the button that a problem offers. */
export const REMEDY_WORDS: Readonly<Record<NonNullable<Problem['action']>, string>> = {
  reset: 'Reset', 'halve-rate': 'Halve the rate and reset', recording: 'Watch a recording',
};

/** No adapter, though the browser has WebGPU. */
const NO_ADAPTER: Problem = {
  kind: 'no-adapter', action: 'recording',
  sentence: 'This browser has WebGPU but found no graphics adapter for it: update the graphics driver, or try another browser.',
};

/** Problems of the browser itself: a Reset does not end them. */
export function isLasting({ kind }: Problem): boolean {
  return kind === 'no-webgpu' || kind === 'insecure' || kind === 'no-adapter';
}

/** What this browser can train on; problems are shown as they are found. */
export async function findAdapter(): Promise<'gpu' | 'software' | 'none'> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) {
    useRun.setState({ problem: NO_ADAPTER, canTrain: false });
    return 'none';
  }
  return adapter.info.isFallbackAdapter ? 'software' : 'gpu';
}

/** Says at once what keeps this browser from training; true when nothing does. */
export function checkBrowser(): boolean {
  const problem = browserProblem(window);
  if (problem) useRun.setState({ problem, canTrain: false });
  return problem === null;
}
