import { useRef, useState, type ReactElement } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { PanelProps } from '../panels/reading.ts';
import { layerNamed } from '../panels/reading.ts';
import { useOnScreen } from '../shell/useOnScreen.ts';
import { useRun } from '../stores/run.ts';
import { look, useView } from '../stores/view.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';
import { Bench } from './Bench.tsx';
import { FlipsChart } from './FlipsChart.tsx';
import { useSpecimen, type Specimen } from './useSpecimen.ts';
import { patternWords } from './words.ts';
import './microscope.css';

/** Groups of N of M under a microscope: the whole matrix, a strip of groups against their cuts, and what they were over time. */
export function Microscope(props: PanelProps): ReactElement {
  const { log } = props;
  const frame = useRef<HTMLElement>(null);
  const seen = useOnScreen(frame);
  const chosen = useView((view) => view.layer);
  const [direction, setDirection] = useState(0);
  const masked = log.layers.filter(({ maskable }) => maskable);
  const wanted = layerNamed(log, chosen);
  const layer = (wanted?.maskable ? wanted : masked[0]) as LayerFacts;
  const specimen = useKept(useSpecimen(props, layer, direction, seen), layer, direction);
  return (
    <section className="panel microscope" aria-label="N:M microscope" ref={frame}>
      <h2>
        N:M microscope {specimen && <span className="aside">{headWords(specimen)}</span>}
        {masked.length > 1 && (
          <select className="select microscope-layer" aria-label="Layer under the microscope" value={layer.name} onChange={(event) => look({ layer: event.target.value, unit: null })}>
            {masked.map(({ name, in: inputs, out }) => <option key={name} value={name}>{name}: {formatCount(inputs)} → {formatCount(out)}</option>)}
          </select>
        )}
      </h2>
      {specimen && specimen.directions.length > 1 && <Directions specimen={specimen} onChange={setDirection} />}
      {specimen?.agreeing !== undefined && <p className="small microscope-agreement">Forward and backward masks agree on <b>{formatPercent(specimen.agreeing.share)}</b> of {layer.name} ({formatPercent(specimen.agreeing.byChance)} would by chance), both chosen from the weights of step {formatCount(specimen.step)}.</p>}
      {specimen
        ? <Bench key={`${layer.name} ${specimen.direction}`} layer={layer} specimen={specimen} log={log} />
        : <p className="small faint microscope-waiting">Masks are being read.</p>}
      <SourceWords specimen={specimen} />
      <FlipsChart {...props} layer={layer} />
    </section>
  );
}

/** Nothing is read while nobody can see it; what was there then stays, so that the page keeps its height. */
function useKept(specimen: Specimen | undefined, layer: LayerFacts, direction: number): Specimen | undefined {
  const kept = useRef<{ specimen: Specimen; layer: LayerFacts; direction: number }>(undefined);
  if (specimen) kept.current = { specimen, layer, direction };
  const last = kept.current;
  return specimen ?? (last?.layer === layer && last.direction === direction ? last.specimen : undefined);
}

function headWords({ rules, step }: Specimen): string {
  const { pattern, dense } = rules;
  return dense ? `dense until its first update, then ${patternWords(pattern)}` : `${patternWords(pattern)} as of step ${formatCount(step)}`;
}

/** Along which axis groups are looked at, and of which of two masks. */
function Directions({ specimen, onChange }: { specimen: Specimen; onChange(direction: number): void }): ReactElement {
  return (
    <div className="segmented" role="radiogroup" aria-label="Groups that are looked at">
      {specimen.directions.map(({ along, mask }, i) => {
        const absent = mask === 'backward' && !specimen.view.values;
        return (
          <label key={`${along} ${mask}`} title={absent ? 'The log has no backward mask: it is chosen from the weights of a live run' : undefined}>
            <input type="radio" name="microscope-direction" checked={i === specimen.direction} disabled={absent} aria-label={specimen.rules.backward ? `${mask} mask, along ${along === 'in' ? 'inputs' : 'outputs'}` : undefined} onChange={() => onChange(i)} />{directionWords(specimen, along, mask)}
          </label>
        );
      })}
    </div>
  );
}

function directionWords({ rules }: Specimen, along: 'in' | 'out', mask: 'forward' | 'backward'): ReactElement {
  const words = along === 'in' ? 'along inputs' : 'along outputs';
  return rules.backward ? <>{mask === 'forward' ? 'Forward' : 'Backward'}<span className="direction-axis">, {words}</span></> : <>{words[0]!.toUpperCase() + words.slice(1)}</>;
}

/** Why there are no weights, or what they mean for the mask. */
function SourceWords({ specimen }: { specimen: Specimen | undefined }): ReactElement | null {
  const source = useRun((run) => run.source);
  const looksBack = useView((view) => view.cursor !== null);
  if (!specimen) return null;
  const { view, rules, isBackward } = specimen;
  const words = !view.values
    ? source === 'recording' ? 'Masks alone: sizes, ranks and margins are shown of a live run, a recording holds no weights.'
      : source === 'live' ? looksBack ? 'Masks alone: weights are not kept for earlier steps.' : 'Weights are being read.' : 'Weights are read off the device once it trains.'
    : isBackward ? 'The backward mask is chosen here from these weights, by the rule of the device; the log does not keep it.'
      : !rules.chooses ? 'Weights outside the mask are 0 with this method, so that margins are whole: what enters is told by another score.'
        : rules.pattern.axis === 'both' ? 'A transposable mask weighs both directions, so that what it keeps of a group need not have the first ranks.' : '';
  return words ? <p className="small faint">{words}</p> : null;
}
