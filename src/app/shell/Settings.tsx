import { type ReactElement, type ReactNode } from 'react';
import { METHODS } from '../../engine/sparsity/methods/index.ts';
import { settingGroups, type SettingGroup } from '../controls/groups.ts';
import { session } from '../session/current.ts';
import { differences, methodOf, needsReset, phasePath, useExperiment } from '../stores/experiment.ts';
import { useShownSettings } from './shownSettings.ts';
import { look, useView } from '../stores/view.ts';
import { formatCount, plural } from '../text/numbers.ts';
import { wholeCard, wholePreset } from '../text/whole.ts';
import { KnobControls } from './KnobControls.tsx';
import { ResetHint } from './PlayBar.tsx';
import { useFetched } from './useFetched.ts';

/** All settings of the experiment, generated from the schema and the method's card. */
export function Settings({ extra }: { extra?: ReactNode }): ReactElement {
  const state = useShownSettings();
  const { experiment } = state;
  const cursor = useView((view) => view.cursor);
  const changed = useExperiment(needsReset);
  const phase = Math.min(useView((view) => view.phase), experiment.phases.length - 1);
  const different = differences(state);
  const sentence = useFetched(experiment.preset, wholePreset)?.sentence;
  return (
    <section className="settings" aria-label="Settings">
      {extra}
      {cursor !== null && <p className="small preset-sentence">As they were at step {formatCount(cursor)}. Live settings can be changed for a branch from there; the others rest.</p>}
      <p className="muted preset-sentence">{sentence}</p>
      {experiment.phases.length > 1 && <PhaseChoice phase={phase} count={experiment.phases.length} />}
      <MethodChoice phase={phase} />
      {settingGroups(experiment, phase).map((group) => <Group key={group.id} group={group} phase={phase} different={different} />)}
      <EditList />
      <p className="small settings-foot">
        {different.length === 0 ? <span className="faint">All settings are the preset's.</span> : (
          <><span className="muted">Only {plural(different.length, 'setting')} {different.length === 1 ? 'differs' : 'differ'} from the preset · </span><button type="button" className="link-button" onClick={() => session.resetToPreset()}>reset</button></>
        )}
      </p>
      {changed && <p className="small"><ResetHint /></p>}
    </section>
  );
}

function PhaseChoice({ phase, count }: { phase: number; count: number }): ReactElement {
  return (
    <div className="segmented phase-choice" role="radiogroup" aria-label="Phase whose settings are shown">
      {Array.from({ length: count }, (_, i) => (
        <label key={i}><input type="radio" name="phase" checked={i === phase} onChange={() => look({ phase: i })} />Phase {i + 1}</label>
      ))}
    </div>
  );
}

function MethodChoice({ phase }: { phase: number }): ReactElement {
  const resting = useView((view) => view.cursor !== null);
  const { experiment } = useShownSettings();
  const method = methodOf(experiment, phase);
  const idea = useFetched(method, wholeCard)?.idea;
  return (
    <div className="method-choice">
      <label htmlFor="method" className="control-name">Method</label>
      <select id="method" className="select" value={method} disabled={resting} onChange={(event) => session.setKnob(phasePath(experiment, phase, 'sparsity.method'), event.target.value, false)}>
        {Object.values(METHODS).map(({ card: { id, title } }) => <option key={id} value={id}>{title}</option>)}
      </select>
      <p className="small muted">{idea}</p>
    </div>
  );
}

function Group({ group, phase, different }: { group: SettingGroup; phase: number; different: readonly string[] }): ReactElement {
  const changed = Object.keys(group.knobs).filter((path) => different.includes(path)).length;
  return (
    <details className="group" open={group.open}>
      <summary>{group.title}{changed > 0 && <span className="changed">{formatCount(changed)} changed</span>}</summary>
      <div className="group-body">
        <KnobControls knobs={group.knobs} phase={phase} />
      </div>
    </details>
  );
}

function EditList(): ReactElement | null {
  const edits = useExperiment((state) => state.experiment.edits);
  if (edits.length === 0) return null;
  return (
    <details className="group">
      <summary>Changes while running<span className="changed">{edits.length}</span></summary>
      <ul className="small muted edit-list">
        {edits.map((edit) => <li key={`${edit.step}/${edit.path}`}>Step {formatCount(edit.step)}: <code>{edit.path}</code> to {edit.value}</li>)}
      </ul>
    </details>
  );
}
