import type { RunEvent } from '../../engine/experiment/events.ts';
import { useRun, type Problem } from '../stores/run.ts';

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

/** A device that went away. */
export function lostProblem(message: string): Problem {
  return { kind: 'lost', action: 'reload', sentence: `The GPU was lost (${message || 'no reason given'}). What was measured until then stays below.` };
}

/** A run that could not begin or go on. */
export function failedProblem(message: string): Problem {
  return { kind: 'failed', action: 'reset', sentence: message };
}

/** Words of the button that a problem offers. */
export const REMEDY_WORDS: Readonly<Record<Problem['action'], string>> = {
  reload: 'Reload the page', reset: 'Reset', 'halve-rate': 'Halve the rate and reset', recording: 'Watch a recording',
};

/** Sets the problem of the browser, if it has one; returns true when training is possible. */
export function checkBrowser(): boolean {
  const problem = browserProblem(window);
  if (problem) useRun.setState({ problem });
  return problem === null;
}
