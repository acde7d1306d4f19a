import { type ReactElement, type ReactNode } from 'react';
import type { KnobTable } from '../../engine/experiment/card.ts';
import { METHODS, findMethod } from '../../engine/sparsity/methods/index.ts';
import { Control } from '../controls/index.tsx';
import { DATA_KNOBS, getPath, MODEL_KNOBS, OPTIMIZER_KNOBS, PRESETS, RUN_KNOBS } from '../dev/contract.ts';
import { session } from '../session/current.ts';
import { differences, methodOf, needsReset, presetOf, shownValue, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount, plural } from '../text/numbers.ts';
import { ResetHint } from './PlayBar.tsx';

interface Group {
  id: string;
  title: string;
  open: boolean;
  /** Knobs by their path in a link. */
  knobs: KnobTable;
}

/** The settings in their groups, from the knob tables of the schema and the method's card. */
export function settingGroups(method: string): Group[] {
  const at = (prefix: string, table: KnobTable): KnobTable => Object.fromEntries(Object.entries(table).map(([key, knob]) => [prefix + key, knob]));
  const part = (table: KnobTable, advanced: boolean): KnobTable => Object.fromEntries(Object.entries(table).filter(([, knob]) => (knob.advanced === true) === advanced));
  const tables = {
    sparsity: at('sparsity.', findMethod(method).card.knobs), optimizer: at('optimizer.', OPTIMIZER_KNOBS),
    data: at('data.', DATA_KNOBS), model: at('model.', MODEL_KNOBS), run: at('', RUN_KNOBS),
  };
  return [
    { id: 'method', title: 'Sparsity', open: true, knobs: part(tables.sparsity, false) },
    { id: 'train', title: 'Train', open: true, knobs: part({ ...tables.optimizer, ...tables.run }, false) },
    { id: 'data', title: 'Data', open: false, knobs: part(tables.data, false) },
    { id: 'network', title: 'Network', open: false, knobs: part(tables.model, false) },
    { id: 'advanced', title: 'Advanced', open: false, knobs: Object.assign({}, ...Object.values(tables).map((table) => part(table, true))) as KnobTable },
  ];
}

/** All settings of the experiment, generated; nothing in here knows a single knob by name but the method. */
export function Settings({ extra }: { extra?: ReactNode }): ReactElement {
  const state = useExperiment();
  const method = methodOf(state.experiment);
  const groups = settingGroups(method);
  const paths = ['sparsity.method', ...groups.flatMap((group) => Object.keys(group.knobs))];
  const different = differences(state, paths);
  return (
    <section className="settings" aria-label="Settings">
      {extra}
      <MethodChoice method={method} />
      {groups.filter((group) => Object.keys(group.knobs).length > 0).map((group) => (
        <SettingGroup key={group.id} group={group} different={different} />
      ))}
      <EditList />
      <p className="small settings-foot">
        {different.length === 0 ? <span className="faint">All settings are the preset's.</span> : (
          <><span className="muted">Only {plural(different.length, 'setting')} {different.length === 1 ? 'differs' : 'differ'} from the preset · </span><button type="button" className="link-button" onClick={() => session.resetToPreset()}>reset</button></>
        )}
      </p>
      {needsReset(state) && <p className="small"><ResetHint /></p>}
    </section>
  );
}

function MethodChoice({ method }: { method: string }): ReactElement {
  const resting = useView((view) => view.cursor !== null);
  const { card } = findMethod(method);
  const sentence = useExperiment((state) => PRESETS[state.experiment.preset]?.sentence);
  return (
    <div className="method-choice">
      <p className="muted preset-sentence">{sentence}</p>
      <label htmlFor="method" className="control-name">Method</label>
      <select id="method" className="select" value={method} disabled={resting} onChange={(event) => session.setKnob('sparsity.method', event.target.value, false)}>
        {Object.values(METHODS).map(({ card: { id, title } }) => <option key={id} value={id}>{title}</option>)}
      </select>
      <p className="small muted">{card.idea}</p>
    </div>
  );
}

function SettingGroup({ group, different }: { group: Group; different: readonly string[] }): ReactElement {
  const state = useExperiment();
  const resting = useView((view) => view.cursor !== null);
  const running = useRun((run) => run.source === 'live' && (run.state === 'training' || run.state === 'paused'));
  const preset = presetOf(state.experiment);
  const changed = Object.keys(group.knobs).filter((path) => different.includes(path)).length;
  return (
    <details className="group" open={group.open}>
      <summary>{group.title}{changed > 0 && <span className="changed">{formatCount(changed)} changed</span>}</summary>
      <div className="group-body">
        {Object.entries(group.knobs).map(([path, knob]) => {
          const value = shownValue(state, path) ?? knob.default;
          return (
            <Control
              key={path} path={path} knob={knob} value={value} preset={getPath(preset, path) ?? knob.default}
              actsNow={knob.live === true && running} disabled={resting}
              onChange={(next) => session.setKnob(path, next, knob.live === true)}
            />
          );
        })}
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
