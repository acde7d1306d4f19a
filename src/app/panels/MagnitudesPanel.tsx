import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import type { LayerFacts, SlowMove } from '../../engine/experiment/events.ts';
import { inspectionKey } from '../../engine/experiment/runLog.ts';
import { scoreAtCut } from '../../engine/sparsity/scoreBins.ts';
import { plansOf } from '../session/preview.ts';
import { session } from '../session/current.ts';
import { movedIn } from '../slow/frames.ts';
import { Histogram } from '../slow/Histogram.tsx';
import { histogramOf } from '../slow/histogram.ts';
import { dropsNow, moveOfKeys, sortedKeys } from '../slow/nextDrop.ts';
import { nextUpdate } from '../slow/nextUpdate.ts';
import { useExperiment, withChanges } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount, formatValue } from '../text/numbers.ts';
import { masks, type PanelProps } from './reading.ts';

/** A panel reads the weights of the device at most this often. */
const EVERY_MS = 1000;

/** What is shown: a histogram a maskable layer, and in words where it is from. */
interface Shown {
  moves: readonly { layer: LayerFacts; move: SlowMove; at: number; kept: number | undefined }[];
  caption: string;
}

/** Sizes of the active weights of each layer, and the threshold of the drop that comes next. Read off the device while it is open; of a recording, the newest update in slow motion. */
export function MagnitudesPanel(props: PanelProps): ReactElement | null {
  const [open, setOpen] = useState(false);
  const layers = props.log.layers.filter(({ maskable }) => maskable);
  if (layers.length === 0) return null;
  return (
    <section className="panel" aria-label="Weights by size">
      <details className="slow-sizes-panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary><h2>Weights by size</h2></summary>
        {open && <Sizes {...props} layers={layers} />}
      </details>
    </section>
  );
}

function Sizes({ log, version, cursor, layers }: PanelProps & { layers: readonly LayerFacts[] }): ReactElement {
  const live = useRun((run) => run.source === 'live');
  const looksBack = useView((view) => view.cursor !== null);
  useFreshWeights(layers, live && !looksBack, version);
  const experiment = useExperiment((state) => state.experiment);
  const changed = useExperiment((state) => state.changed);
  const shown = useMemo<Shown | null>(() => {
    const ofWeights = log.experiment?.masks.granularity === 'weight';
    const slow = log.slowUpdates.findLast(({ step }) => step <= cursor);
    if (!live || looksBack) return slow ? { moves: layers.map((layer, at) => ({ layer, move: slow.drop, at, kept: ofWeights ? movedIn(slow, layer).kept : undefined })), caption: `The drop of the mask update at step ${formatCount(slow.step)}, in slow motion` } : null;
    return sizesNow({ log, cursor, layers, experiment: withChanges(experiment, changed) });
  }, [log, version, cursor, layers, live, looksBack, experiment, changed]);
  if (!shown) return <p className="small faint">{live && !looksBack ? 'Reading the weights off the device.' : 'Weights are read off the device of a live run, or shown at an update seen in slow motion.'}</p>;
  return (
    <>
      {shown.moves.map(({ layer, move, at, kept }) => {
        const histogram = histogramOf(move, at, kept);
        const threshold = scoreAtCut(move.score, move.cuts[at] ?? 0);
        const words = `${layer.name}: ${formatCount(histogram.candidates)} active${Number.isFinite(threshold) ? `, threshold ${formatValue(threshold)}` : ', no threshold'}`;
        return <figure key={layer.name} className="slow-sizes"><figcaption className="small">{words}</figcaption><Histogram histogram={histogram} of="active" cut="drop" title="|w|" height={128} description={`Sizes of the active weights of ${words}.`} /></figure>;
      })}
      <p className="small faint">{shown.caption}; logarithmic axis, heights by square root.</p>
    </>
  );
}

function sizesNow({ log, cursor, layers, experiment }: { log: PanelProps['log']; cursor: number; layers: readonly LayerFacts[]; experiment: Parameters<typeof plansOf>[0] }): Shown | null {
  const found = layers.map((layer) => log.inspections.get(inspectionKey({ what: 'weights', arm: 'main', layer: layer.name })));
  const step = Math.min(...found.map((one) => one?.step ?? -1));
  const snapshot = masks(log, 'main', Math.max(0, step));
  if (step < 0 || !snapshot) return null;
  const keys = layers.map((layer, l) => {
    const inspection = found[l]?.inspection;
    return inspection ? sortedKeys(inspection.values, snapshot, layer) : new Uint32Array(0);
  });
  const next = nextUpdate(experiment, log.layers, cursor);
  const drops = next === undefined || experiment.masks.granularity !== 'weight' ? keys.map(() => 0) : dropsAt(experiment, log.layers, next - 1, keys);
  const caption = `As of step ${formatCount(step)}${drops.some((drop) => drop > 0) && next !== undefined ? `; hollow is what the mask update at step ${formatCount(next)} would drop if it came now` : ''}`;
  return { moves: layers.map((layer, l) => ({ layer, move: moveOfKeys(keys[l] as Uint32Array, drops[l] ?? 0), at: 0, kept: (keys[l] as Uint32Array).length - (drops[l] ?? 0) })), caption };
}

/** The drops of the plan of the phase that a step belongs to. */
function dropsAt(experiment: Parameters<typeof plansOf>[0], layers: readonly LayerFacts[], step: number, keys: readonly Uint32Array[]): number[] {
  const { plans } = plansOf(experiment, layers);
  let begin = 0;
  for (const [i, phase] of experiment.phases.entries()) {
    const plan = plans[i];
    // A frozen layer drops nothing, which the plan of the method does not know.
    if (plan && step < begin + phase.steps) return phase.frozen.length > 0 ? keys.map(() => 0) : dropsNow(plan, step - begin, keys);
    begin += phase.steps;
  }
  return keys.map(() => 0);
}

/** Asks a live run for the weights of all layers now and then: a new version of the log means that training went on. */
function useFreshWeights(layers: readonly LayerFacts[], wanted: boolean, version: number): void {
  const asked = useRef(-EVERY_MS);
  useEffect(() => {
    const now = performance.now();
    if (!wanted || now - asked.current < EVERY_MS) return;
    asked.current = now;
    for (const { name } of layers) session.inspect({ type: 'inspect', what: 'weights', arm: 'main', layer: name });
  }, [wanted, layers, version]);
}
