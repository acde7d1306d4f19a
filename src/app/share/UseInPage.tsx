import { useState, type ReactElement } from 'react';
import { writeExpected } from '../../engine/experiment/expected.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import { settingGroups } from '../controls/groups.ts';
import { PARTS, type Part } from '../embed/options.ts';
import { isText } from '../panels/reading.ts';
import { useFinalNumbers } from '../reproduce/finalNumbers.ts';
import { RECORDED } from '../session/recorded.ts';
import { SheetHead } from '../sheets/SheetHead.tsx';
import { presetOf, sameSettings, useExperiment } from '../stores/experiment.ts';
import { CopyField } from './CopyField.tsx';
import { figureAddress, snippet, type SnippetParts } from './snippet.ts';
import './share.css';

/** Parts that the dialog offers to hide, in its words; the rest can be written by hand. */
const OFFERED: readonly Part[] = ['sentence', 'text', 'mask', 'views', 'legend', 'twin', 'accuracy', 'reset', 'step', 'seed', 'speed', 'scrubber', 'state', 'expected', 'knobs', 'link'];

const toggled = (list: readonly string[], id: string): string[] => (list.includes(id) ? list.filter((other) => other !== id) : [...list, id]);

/** Settings that a figure can show locked: those that a reader of the page sees first. */
function useLockable(): [string, string][] {
  const experiment = useExperiment((state) => state.experiment);
  return settingGroups(experiment, 0).filter(({ id }) => id === 'sparsity' || id === 'train').flatMap(({ knobs }) => Object.entries(knobs).map(([path, knob]): [string, string] => [path, knob.label]));
}

/** Makes the snippet of a live figure from the experiment as it stands. */
export function UseInPage(): ReactElement {
  const experiment = useExperiment((state) => state.experiment);
  const lockable = useLockable();
  const [kind, setKind] = useState<SnippetParts['kind']>('element');
  const [hide, setHide] = useState<readonly string[]>(['speed', 'state']);
  const [lock, setLock] = useState<readonly string[]>([]);
  const [plays, setPlays] = useState(false);
  const [predict, setPredict] = useState(false);
  const [asked, setAsked] = useState(false);
  const numbers = useFinalNumbers();
  const [height, setHeight] = useState(760);
  const { title, id, experiment: preset } = presetOf(experiment);
  const recorded = RECORDED.includes(id) && experiment.edits.length === 0 && sameSettings(experiment, preset);
  const parts: SnippetParts = {
    kind, site: document.baseURI.replace(/#.*/, '').replace(/[^/]*$/, ''), link: encodeLink(experiment) + (asked && numbers ? `&${writeExpected(numbers)}` : ''), label: title, height,
    options: { hide, lock: lock.filter((path) => lockable.some(([known]) => known === path)), start: plays ? 'play' : 'paused', predict, ...(recorded && { record: id }) },
  };
  return (
    <div className="sheet-body">
      <SheetHead title="Use in a page" />
      <p className="muted">A live figure of this experiment for a course page, a blog or an article. It trains on the reader's own device, only while it is in view, and one figure of a page at a time.</p>
      <div className="segmented use-kind" role="radiogroup" aria-label="Kind of snippet">
        <label><input type="radio" name="kind" checked={kind === 'element'} onChange={() => setKind('element')} />Element and script</label>
        <label><input type="radio" name="kind" checked={kind === 'frame'} onChange={() => setKind('frame')} />Plain frame</label>
      </div>
      <p className="small faint">{kind === 'element' ? 'Loads when it comes into view, and is as tall as what it shows.' : 'For pages that take no scripts; keeps its height.'}</p>
      <Checks title="Show" all={OFFERED.filter((part) => part !== 'text' || isText({ experiment })).map((part) => [part, PARTS[part]])} on={(part) => !hide.includes(part)} onToggle={(part) => setHide(toggled(hide, part))} />
      <Checks title="Keep fixed, shown with a lock" all={lockable} on={(path) => lock.includes(path)} onToggle={(path) => setLock(toggled(lock, path))} />
      <fieldset className="use-checks">
        <legend className="control-name">Beginning</legend>
        <label className="check-row"><input type="checkbox" checked={plays} onChange={() => setPlays(!plays)} />Plays when it comes into view</label>
        <label className="check-row"><input type="checkbox" checked={predict} onChange={() => setPredict(!predict)} />Asks for a prediction first</label>
        <label className="check-row"><input type="checkbox" disabled={!numbers} checked={asked && numbers !== null} onChange={() => setAsked(!asked)} />With the final numbers, to be compared</label>
        <label className="use-height">Height <input className="number-box" type="number" min={200} max={3000} step={10} value={height} onChange={(event) => setHeight(Math.min(3000, Math.max(0, Math.round(event.target.valueAsNumber) || 0)))} /> px</label>
      </fieldset>
      <CopyField label="Snippet" text={snippet(parts)} rows={kind === 'element' ? 9 : 6} />
      <p className="small faint">{recorded ? 'Where a device has no WebGPU, its recording plays. ' : 'Where a device has no WebGPU, the figure says so. '}<a href={figureAddress(parts)} target="_blank" rel="noopener">Open the figure by itself</a></p>
    </div>
  );
}

interface ChecksProps {
  title: string;
  all: readonly (readonly [id: string, words: string])[];
  on(id: string): boolean;
  onToggle(id: string): void;
}

function Checks({ title, all, on, onToggle }: ChecksProps): ReactElement {
  return (
    <details className="group">
      <summary>{title}<span className="changed">{all.filter(([id]) => on(id)).length} of {all.length}</span></summary>
      <div className="use-checks">{all.map(([id, words]) => <label key={id} className="check-row"><input type="checkbox" checked={on(id)} onChange={() => onToggle(id)} />{words}</label>)}</div>
    </details>
  );
}
