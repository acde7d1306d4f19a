import { session } from '../session/current.ts';
import { useFigure } from '../stores/figure.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { answer, figureState } from './answer.ts';
import { MESSAGE_VERSION, parseMessage, type FigureMessage, type FigureState, type HostRequest } from './messages.ts';
import type { Turns } from './turns.ts';

/** The page around the figure. */
export interface Host {
  /** Tells it how tall the figure is, in CSS pixels. */
  tellHeight(px: number): void;
  tellReady(): void;
}

type Told = FigureMessage extends infer Message ? (Message extends unknown ? Omit<Message, 'sparseland'> : never) : never;

/** Hears what the page around asks, and answers it. Windows other than the one around, and origins that `origin=` does not name, are not answered at all. */
export function listenToHost(turns: Turns): Host {
  const say = (message: Told, origin: string): void => parent.postMessage({ sparseland: MESSAGE_VERSION, ...message }, origin);
  const subscription = createSubscription((state, origin) => say({ type: 'metrics', state }, origin));
  const stateNow = (): FigureState => figureState(useFigure.getState().turn);
  const act = (request: HostRequest, origin: string): void => {
    if (request.type === 'subscribe') subscription.begin(request.everyMs, origin);
    if (request.type === 'unsubscribe') subscription.end();
    const error = answer(request, { session, turns, options: useFigure.getState().options });
    say(error ? { type: 'answer', id: request.id, ok: false, error } : { type: 'answer', id: request.id, ok: true, state: stateNow() }, origin);
  };
  addEventListener('message', ({ data, origin, source }: MessageEvent<unknown>) => {
    if (source !== parent || parent === window || !useFigure.getState().options.origins.includes(origin)) return;
    const parsed = parseMessage(data);
    if (parsed?.ok) act(parsed.request, origin);
    else if (parsed) say({ type: 'answer', id: parsed.id, ok: false, error: parsed.error }, origin);
  });
  return {
    // Neither holds anything that is not to be known by the page around, whoever it is.
    tellHeight: (px) => say({ type: 'height', px }, '*'),
    tellReady: () => say({ type: 'ready' }, '*'),
  };
}

/** Tells the state of the run when it changed, at most as often as asked. */
function createSubscription(tell: (state: FigureState, origin: string) => void): { begin(everyMs: number, origin: string): void; end(): void } {
  let wanted: { everyMs: number; origin: string } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last = Number.NEGATIVE_INFINITY;
  const send = (): void => {
    timer = null;
    if (!wanted) return;
    last = performance.now();
    tell(figureState(useFigure.getState().turn), wanted.origin);
  };
  const changed = (): void => {
    if (wanted) timer ??= setTimeout(send, Math.max(0, last + wanted.everyMs - performance.now()));
  };
  useLog.subscribe(changed);
  useRun.subscribe(changed);
  useFigure.subscribe(changed);
  return {
    begin(everyMs, origin) {
      wanted = { everyMs, origin };
      changed();
    },
    end() {
      wanted = null;
    },
  };
}
