import type { MetricRows, RunEventBody } from '../engine/experiment/events.ts';
import type { Edit } from '../engine/experiment/experiment.ts';

/** What a run told the page so far: a run that repeats some of its steps must not tell them twice. */
export interface Told {
  /** The newest step that any event told of. */
  step(): number;
  /** Edits that were told, in order. */
  edits(): Edit[];
  /** From here on a run repeats what is known, with masks as they are at step `from`; `fresh` lets only news through. */
  repeat(from: number): void;
  /** The part of an event that is news, which is taken as told; undefined where all of it is known. */
  fresh(event: RunEventBody): RunEventBody | undefined;
}

/** Nothing told yet; what happened up to the step `floor` is known all the same, where one is given. */
export function createTold(floor = -1): Told {
  const newest = new Map<string, number>();
  const edits = new Map<string, Edit>();
  let known: ReadonlyMap<string, number> = new Map();
  let step = Math.max(0, floor);
  const knownUntil = (what: string): number => known.get(what) ?? floor;
  /** True where it is news that `what` reached a step. */
  const reach = (what: string, at: number): boolean => {
    if (at <= knownUntil(what)) return false;
    newest.set(what, Math.max(at, newest.get(what) ?? -1));
    step = Math.max(step, at);
    return true;
  };
  const freshRows = (rows: MetricRows): MetricRows[] => {
    const what = `${rows.arm}/${rows.table}`;
    const from = rows.step.findIndex((at) => at > knownUntil(what));
    if (from === -1) return [];
    reach(what, rows.step.at(-1) as number);
    return [from === 0 ? rows : { ...rows, step: rows.step.slice(from), columns: Object.fromEntries(Object.entries(rows.columns).map(([name, values]) => [name, values.slice(from)])) }];
  };
  return {
    step: () => step,
    edits: () => [...edits.values()],
    repeat(from) {
      // A run begins by telling its masks, also those that have not changed since.
      known = new Map([...newest].map(([what, at]) => [what, /masks?$/.test(what) ? Math.max(at, from) : at]));
    },
    fresh(event) {
      switch (event.type) {
        case 'metrics': {
          const rows = event.rows.flatMap(freshRows);
          return rows.length > 0 ? { type: 'metrics', rows } : undefined;
        }
        case 'masks': return reach(`${event.snapshot.arm}/masks`, event.snapshot.step) ? event : undefined;
        case 'answers': return reach(`${event.answers.arm}/answers`, event.answers.step) ? event : undefined;
        case 'written': return event.written.asked || reach(`${event.written.arm}/written`, event.written.step) ? event : undefined;
        case 'phase': return reach('phase', event.step) ? event : undefined;
        case 'edit': {
          const key = `${event.step}/${event.path}/${event.value}`;
          if (event.step < floor || edits.has(key)) return undefined;
          edits.set(key, { step: event.step, path: event.path, value: event.value });
          return event;
        }
        // How layers are stored is not what it was in the run before: it holds from here on.
        case 'storage': return event.step < floor ? { ...event, step: floor } : event;
        case 'paused':
          step = Math.max(step, event.step);
          return event;
        default: return event;
      }
    },
  };
}
