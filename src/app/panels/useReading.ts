import { useMemo, useRef } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import { criteriaAt } from '../mask/criteria.ts';
import { flipsAt, type Flips } from '../mask/flips.ts';
import { byGradient, type Reading } from '../mask/weightWords.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { imageShape, type PanelProps } from './reading.ts';
import { useInspected } from './useInspected.ts';

type LogAt = Pick<PanelProps, 'log' | 'version' | 'cursor'>;

/** The changes of a layer's mask up to the step looked at; read only while something shows them. */
export function useFlips({ log, version, cursor }: LogAt, layer: LayerFacts | undefined, shown: boolean): { flips: Flips } | null {
  const before = useRef<Flips>(undefined);
  return useMemo(() => {
    const history = log.masks.get('main');
    if (!shown || !history || !layer) return null;
    before.current = flipsAt(history, layer, cursor, before.current);
    // A new object each time: the changes themselves are kept in place.
    return { flips: before.current };
  }, [log, version, cursor, layer, shown]);
}

/** What is known of the weights of a layer at the step looked at; while wanted, a live run is asked for their values and for what their scores need. */
export function useReading({ log, version, cursor }: LogAt, layer: LayerFacts | undefined, codes: Uint8Array | null, flips: Flips | undefined, wanted: boolean): Reading | null {
  const looksBack = useView((view) => view.cursor !== null);
  const source = useRun((run) => run.source);
  const isLive = source === 'live' && !looksBack;
  const criteria = useMemo(() => criteriaAt(log, cursor), [log, version, cursor]);
  const names = layer ? [layer.name] : [];
  const [weights] = useInspected(log, 'weights', names, wanted && isLive, version);
  const [gradients] = useInspected(log, 'gradients', names, wanted && isLive && (byGradient(criteria.grow) || byGradient(criteria.drop)), version);
  if (!layer || !codes) return null;
  return {
    layer, codes, image: imageShape(log, layer), flips, criteria,
    source: source === 'live' && looksBack ? 'earlier' : source, weights: isLive ? weights : undefined, gradients: isLive ? gradients : undefined,
  };
}
