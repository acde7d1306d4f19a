import { lazy, Suspense, type ComponentType, type ReactElement } from 'react';
import { useChartsWanted } from '../charts/wanted.ts';
import type { PanelProps } from './reading.ts';

/** A panel that has nothing to show before the first step: its code is loaded then, so that the shell stays light. */
export function later(load: () => Promise<ComponentType<PanelProps>>): ComponentType<PanelProps> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return function Later(props: PanelProps): ReactElement | null {
    return useChartsWanted() ? <Suspense fallback={null}><Loaded {...props} /></Suspense> : null;
  };
}
