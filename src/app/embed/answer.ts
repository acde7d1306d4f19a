import { encodeLink } from '../../engine/experiment/link.ts';
import { getPath, listPaths, setPath } from '../../engine/experiment/paths.ts';
import { quote, type SettingValue } from '../../engine/experiment/values.ts';
import { summarise } from '../panels/summary.ts';
import type { Session } from '../session/session.ts';
import { settled, useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { isBusy, useRun } from '../stores/run.ts';
import type { FigureState, HostRequest, RequestError } from './messages.ts';
import type { EmbedOptions } from './options.ts';
import type { Turn, Turns } from './turns.ts';

/** What requests act on. */
export interface Answering {
  session: Pick<Session, 'toggle' | 'step' | 'reset' | 'setKnob'>;
  turns: Pick<Turns, 'now' | 'cancel'>;
  options: Pick<EmbedOptions, 'bounds'>;
}

/** Does what a page asked for; null once done, or why it was not. Subscriptions are the caller's. */
export function answer(request: HostRequest, { session, turns, options }: Answering): RequestError | null {
  const run = useRun.getState();
  const impossible: RequestError | null = run.problem && run.source !== 'recording' ? { code: 'impossible', message: run.problem.sentence } : null;
  switch (request.type) {
    case 'play':
      if (!impossible) turns.now();
      return impossible;
    case 'pause':
      turns.cancel();
      if (isBusy(run.state)) session.toggle();
      return null;
    case 'step':
      turns.cancel();
      if (!impossible) session.step();
      return impossible;
    case 'reset':
      turns.cancel();
      session.reset();
      return null;
    case 'set':
      return set(request.key, request.value, session, options);
    case 'subscribe':
    case 'unsubscribe':
      return null;
  }
}

/** Sets a setting whole or not at all: nothing is clamped for a page that can read why. */
function set(key: string, value: SettingValue, session: Answering['session'], { bounds }: Answering['options']): RequestError | null {
  const state = useExperiment.getState();
  const knob = listPaths(state.experiment).get(key);
  if (!knob) return { code: 'unknown-key', message: `${quote(key)} is unknown; known: ${[...listPaths(state.experiment).keys()].join(', ')}.` };
  const notes: string[] = [];
  const changed = setPath(settled(state), key, value, notes);
  if (notes[0] !== undefined) return { code: 'bad-value', message: `${notes.join('; ')}.` };
  const range = bounds.get(key);
  const taken = getPath(changed, key);
  if (range && typeof taken === 'number' && (taken < range.min || taken > range.max)) return { code: 'out-of-bounds', message: `${key} goes from ${range.min} to ${range.max} on this page.` };
  const { source, state: running } = useRun.getState();
  const actsNow = knob.live === true && source === 'live' && (running === 'training' || running === 'paused');
  session.setKnob(key, taken ?? value, actsNow);
  return null;
}

/** The run as it is told to a page. */
export function figureState(turn: Turn): FigureState {
  const { state, source, step, totalSteps } = useRun.getState();
  const { density, accuracy, loss } = summarise(useLog.getState().log, step);
  const { main, random, dense } = accuracy;
  return {
    state, source, turn, step, totalSteps, density, loss: loss?.value ?? null, link: encodeLink(useExperiment.getState().experiment),
    accuracy: { ...(main && { main: main.value }), ...(random && { random: random.value }), ...(dense && { dense: dense.value }) },
  };
}
