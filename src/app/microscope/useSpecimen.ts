import { useMemo } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import { classify } from '../mask/states.ts';
import type { Flips } from '../mask/flips.ts';
import { masks, type PanelProps } from '../panels/reading.ts';
import { useInspected } from '../panels/useInspected.ts';
import { useFlips } from '../panels/useReading.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { agreement, agreementByChance, chosenMask, patternMask } from './agreement.ts';
import { bytesOf, type LayerMask, type View } from './groups.ts';
import type { Lens } from './lens.ts';
import { directionsOf, rulesAt, type Rules } from './specimen.ts';

/** A layer as it lies under the microscope. */
export interface Specimen {
  rules: Rules;
  /** Ways to look at it, and which one it is. */
  directions: ReturnType<typeof directionsOf>;
  direction: number;
  /** Step of the mask, and of the weights where these are known. */
  step: number;
  view: View;
  /** The mask is that of the backward pass, of which the log has no history. */
  isBackward: boolean;
  /** States of all weights, [out, in], and their changes so far. */
  codes: Uint8Array | undefined;
  flips: Flips | undefined;
  /** The other of two masks, the share of weights whose bits agree when both are chosen from these weights, and how many would by chance. */
  other: { name: 'forward' | 'backward'; mask: LayerMask } | undefined;
  agreeing: { share: number; byChance: number } | undefined;
}

/** What is known of a layer at the step looked at; a live run is asked for its weights while somebody looks. @param direction number of the way to look, of those that `directionsOf` tells */
export function useSpecimen({ log, version, cursor }: PanelProps, layer: LayerFacts, direction: number, seen: boolean): Specimen | undefined {
  const isLive = useRun((run) => run.source === 'live');
  const looksBack = useView((view) => view.cursor !== null);
  const [found] = useInspected(log, 'weights', [layer.name], seen && isLive && !looksBack, version);
  // Weights of a later step than the one looked at say nothing about its mask.
  const weights = found && found.step <= cursor && found.values.length === layer.out * layer.in ? found : undefined;
  const step = weights?.step ?? cursor;
  const snapshot = useMemo(() => masks(log, 'main', step), [log, version, step]);
  const rules = useMemo(() => snapshot && rulesAt(log, snapshot), [log, snapshot]);
  const flips = useFlips({ log, version, cursor: step }, layer, seen)?.flips;
  const read = flips?.read;
  const forward = useMemo(() => flips && bytesOf(flips), [flips, read]);
  const codes = useMemo(() => snapshot && classify(snapshot, layer), [snapshot, layer]);
  const values = weights?.values;
  const directions = rules && directionsOf(rules, layer);
  const wanted = directions?.[direction];
  // The log has no backward mask: without weights there is none.
  const at = wanted && (wanted.mask === 'forward' || values) ? direction : 0;
  const looking = directions?.[at];
  const isBackward = looking?.mask === 'backward';
  const masksSpec = log.experiment?.masks;

  const lens = useMemo<Lens | undefined>(() => {
    if (!rules || !looking || !masksSpec) return undefined;
    const pattern = isBackward ? { ...rules.pattern, axis: looking.along } : rules.pattern;
    return { layer, along: looking.along, pattern, share: isBackward || pattern.axis === 'both' ? 1 : Number(masksSpec.share), score: masksSpec.blockScore };
  }, [layer, looking?.along, isBackward, masksSpec, rules?.pattern.n, rules?.pattern.m, rules?.pattern.axis]);
  const two = rules !== undefined && rules.backward && layer.kernel === undefined;
  const backward = useMemo(() => (two && values ? (rules.dense ? new Uint8Array(values.length).fill(1) : patternMask(values, layer, 'out', rules.pattern)) : undefined), [two, values, layer, rules?.dense, rules?.pattern.n, rules?.pattern.m]);
  const agreeing = useMemo(() => {
    if (!backward || !values || !rules || !masksSpec) return undefined;
    if (rules.dense) return undefined;
    const chosen = chosenMask({ layer, along: rules.pattern.axis === 'out' ? 'out' : 'in', pattern: rules.pattern, share: Number(masksSpec.share), score: masksSpec.blockScore }, values);
    return { share: agreement(chosen, backward), byChance: agreementByChance(chosen, backward) };
  }, [backward]);

  const mask = isBackward ? backward : forward;
  const chooses = rules !== undefined && rules.chooses && !isBackward && !rules.dense;
  const view = useMemo<View | undefined>(() => lens && mask && { lens, mask, values, chooses }, [lens, mask, values, chooses]);
  if (!rules || !directions || !view || !forward) return undefined;
  const other = backward && (isBackward ? { name: 'forward', mask: forward } as const : { name: 'backward', mask: backward } as const);
  return { rules, directions, direction: at, step, view, isBackward, codes: isBackward ? undefined : codes, flips: isBackward ? undefined : flips, other, agreeing };
}
