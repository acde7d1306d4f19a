import { lazy, Suspense, type ComponentType, type ReactElement } from 'react';
import { useChartsWanted } from '../charts/wanted.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import type { PanelProps } from './reading.ts';

/** A panel that has nothing to show before the first step: its code is loaded then, so that the shell stays light. */
export function later<Props extends PanelProps>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return function Later(props: Props): ReactElement | null {
    return useChartsWanted() ? <Suspense fallback={null}><Loaded {...props} /></Suspense> : null;
  };
}

/**
 * A panel that the first picture does not wait for: its code comes once the page stands. Room is kept for it, so that nothing moves.
 * @param height of it, in CSS pixels; 0 for panels that most runs do not have
 * @param has tells logs that it has something to show of; all where left out
 */
export function soon<Props extends PanelProps>(height: number, load: () => Promise<ComponentType<Props>>, has: (log: RunLog) => boolean = () => true): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return function Soon(props: Props): ReactElement | null {
    return has(props.log) ? <Suspense fallback={height > 0 && <div className="panel" style={{ minHeight: height }} />}><Loaded {...props} /></Suspense> : null;
  };
}
