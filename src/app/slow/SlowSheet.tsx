import { useEffect, useState, type ReactElement } from 'react';
import type { LayerFacts, SlowUpdate } from '../../engine/experiment/events.ts';
import { scoreAtCut } from '../../engine/sparsity/scoreBins.ts';
import { usePanelProps } from '../App.tsx';
import { Sparkline } from '../charts/Sparkline.tsx';
import { SCORE_TITLES } from '../mask/criteria.ts';
import { lossModel } from '../panels/curves.ts';
import { imageShape, layerNamed, type PanelProps } from '../panels/reading.ts';
import { SheetHead } from '../sheets/SheetHead.tsx';
import { useMedia } from '../shell/useElementSize.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { Cells } from './Cells.tsx';
import { framesOf, frameWords, isChoice, lossDigits, movedIn, titleOf, type Frame } from './frames.ts';
import { Histogram } from './Histogram.tsx';
import { histogramOf } from './histogram.ts';
import { useSlow, type Slow } from './useSlow.ts';
import './slow.css';

/** A recording does not go on: a live run takes its place, from the beginning. */
const TRAIN_LIVE = 'Train live to the first update';

/** One mask update, frame by frame. */
export function SlowSheet(): ReactElement {
  const panel = usePanelProps();
  const slow = useSlow(panel);
  const { update } = slow;
  return (
    <div className="sheet-body slow-body">
      <SheetHead title={update ? `Slow motion: mask update ${formatCount(update.update)}, step ${formatCount(update.step)}` : 'Slow motion'} />
      {update ? <Frames key={update.step} update={update} panel={panel} slow={slow} /> : <NoUpdate slow={slow} />}
    </div>
  );
}

function NoUpdate({ slow: { waiting, next, ask } }: { slow: Slow }): ReactElement {
  const { source, step, state } = useRun();
  if (waiting) return <p role="status" className="slow-wait">{state === 'training' || state === 'paused' ? `Training to the next mask update${next === undefined ? '' : `, at step ${formatCount(next)}`}; now at ${formatCount(step)}.` : 'Getting the run ready.'}</p>;
  return (
    <div className="slow-wait">
      <p role="status">{source === 'recording' ? 'This recording holds no mask update in slow motion.' : next === undefined ? 'No mask update follows in this run. Reset to see one, or choose a method that changes its mask.' : 'No mask update was seen in slow motion up to the step that is shown.'}</p>
      {next !== undefined && <button type="button" className="button primary" onClick={ask}>{source === 'recording' ? TRAIN_LIVE : 'Go to the next update'}</button>}
    </div>
  );
}

function Frames({ update, panel, slow }: { update: SlowUpdate; panel: PanelProps; slow: Slow }): ReactElement {
  const frames = framesOf(update);
  const recorded = useRun((run) => run.source === 'recording');
  const [at, setAt] = useState(0);
  const chosen = useView((view) => view.layer);
  const maskable = panel.log.layers.filter((layer) => layer.maskable);
  const [name, setName] = useState(() => layerNamed(panel.log, chosen)?.name);
  const layer = maskable.find((one) => one.name === name) ?? maskable[0];
  useArrowKeys((by) => setAt((now) => Math.min(frames.length - 1, Math.max(0, now + by))));
  const frame = frames[at] as Frame;
  if (!layer) return <p>This network has no layer with a mask.</p>;
  return (
    <>
      <ol className="slow-frames">
        {frames.map((id, i) => <li key={id}><button type="button" className="button" aria-current={i === at ? 'step' : undefined} onClick={() => setAt(i)}><span className="slow-number">{i + 1}</span>{titleOf(id, update)}</button></li>)}
      </ol>
      <FrameView update={update} frame={frame} layer={layer} number={maskable.indexOf(layer)} panel={panel} />
      <Losses update={update} frame={frame} />
      <div className="slow-foot">
        {maskable.length > 1 && <label className="slow-layer">Layer <select className="select" value={layer.name} onChange={(event) => setName(event.target.value)}>{maskable.map((one) => <option key={one.name}>{one.name}</option>)}</select></label>}
        <span className="small faint slow-keys">Arrow keys step, Escape leaves</span>
        <button type="button" className="button" disabled={at === 0} onClick={() => setAt(at - 1)}>Back</button>
        {at === frames.length - 1 && slow.next !== undefined
          ? <button type="button" className="button primary" onClick={slow.ask}>{recorded ? TRAIN_LIVE : 'Next update'}</button>
          : <button type="button" className="button primary" autoFocus disabled={at === frames.length - 1} onClick={() => setAt(at + 1)}>Next frame</button>}
      </div>
    </>
  );
}

function useArrowKeys(go: (by: number) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined || (event.target instanceof HTMLElement && event.target.matches('select, input'))) return;
      event.preventDefault();
      go(by);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}

function FrameView({ update, frame, layer, number, panel }: { update: SlowUpdate; frame: Frame; layer: LayerFacts; number: number; panel: PanelProps }): ReactElement {
  const theme = useView((view) => view.theme);
  const narrow = useMedia('(max-width: 1023px)');
  const thresholdOf = (move: SlowUpdate['grow']): number => (move ? scoreAtCut(move.score, move.cuts[number] ?? 0) : Number.NaN);
  const words = frameWords(frame, update, layer, { drop: thresholdOf(update.drop), grow: thresholdOf(update.grow) });
  const inactive = frame === 'inactive' || frame === 'grow';
  const masks = panel.log.experiment?.masks;
  // Of a pattern those have a key that it lets stay: after a choice anew, the chosen ones.
  const ranked = inactive ? 'inactive' : !isChoice(update) ? 'active' : masks?.granularity === 'nm' ? 'chosen' : '';
  const move = inactive ? update.grow : update.drop;
  const ofWeights = masks?.granularity === 'weight';
  const noun = ofWeights || (masks?.granularity === 'nm' && masks.share === '1') ? 'weights' : 'groups of weights';
  const { kept, grown } = movedIn(update, layer);
  const histogram = move && frame !== 'train' && histogramOf(move, number, ofWeights ? (inactive ? grown : kept) : undefined);
  return (
    <div className="slow-view">
      <Cells update={update} frame={frame} layer={layer} image={imageShape(panel.log, layer)} description={words} />
      <div className="slow-side">
        <p className="slow-words" role="status">{words}</p>
        {!histogram || !move
          ? update.step > 1 && <figure className="slow-loss-curve"><Sparkline model={lossModel(panel.log, update.step, 0)} height={176} theme={theme} /><figcaption className="small faint">Training loss up to this step</figcaption></figure>
          : <Histogram height={narrow ? 168 : 208} of={inactive ? 'inactive' : 'active'} histogram={histogram} cut={frame === 'drop' || frame === 'grow' ? frame : 'line'} title={SCORE_TITLES[move.score]} description={`Histogram of ${SCORE_TITLES[move.score]}. ${words}`} />}
        {histogram && <p className="small faint">{formatCount(histogram.candidates)} {ranked} {noun}, counted on the device; {move?.score === 'random' ? '' : 'logarithmic axis, '}heights by square root.</p>}
      </div>
    </div>
  );
}

const LOSSES: readonly { title: string; from: Frame }[] = [{ title: 'before', from: 'train' }, { title: 'after drop', from: 'drop' }, { title: 'after grow', from: 'grow' }];

/** The loss of the same batch at three places, each from the frame on that brings it. */
function Losses({ update, frame }: { update: SlowUpdate; frame: Frame }): ReactElement {
  const frames = framesOf(update);
  const most = Math.max(...update.losses.slice(0, update.grow ? 3 : 2));
  return (
    <dl className="slow-losses" aria-label="Loss of the same batch">
      {LOSSES.filter(({ from }) => frames.includes(from)).map(({ title, from }, i) => {
        const shown = frames.indexOf(frame) >= frames.indexOf(from);
        const loss = update.losses[i] ?? Number.NaN;
        return <div key={title} className={shown ? '' : 'later'}><dt>Loss {from === 'drop' && isChoice(update) ? 'after choice' : title}</dt><dd><span className="slow-loss-bar" style={{ inlineSize: shown && most > 0 ? `${(loss / most) * 100}%` : 0 }} /><span className="tabular">{shown ? lossDigits(loss) : '–'}</span></dd></div>;
      })}
    </dl>
  );
}
