import { lazy, Suspense, type ReactElement } from 'react';
import type { PanelProps } from './reading.ts';

/** Only masks that keep N of M have groups to look at. */
const Microscope = lazy(async () => ({ default: (await import('../microscope/Microscope.tsx')).Microscope }));

/** The N:M microscope, where masks keep a pattern. */
export function MicroscopePanel(props: PanelProps): ReactElement | null {
  const { log } = props;
  if (log.experiment?.masks.granularity !== 'nm' || !log.layers.some(({ maskable }) => maskable)) return null;
  return <Suspense fallback={<div className="panel" style={{ minHeight: 560 }} />}><Microscope {...props} /></Suspense>;
}
