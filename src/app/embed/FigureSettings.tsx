import type { ReactElement } from 'react';
import type { Knob } from '../../engine/experiment/card.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { getPath, listPaths } from '../../engine/experiment/paths.ts';
import { writeValue, type SettingValue } from '../../engine/experiment/values.ts';
import { settingGroups } from '../controls/groups.ts';
import { Control } from '../controls/index.tsx';
import { writeNumber, writingOf } from '../controls/scale.ts';
import { session } from '../session/current.ts';
import { baseline, phaseIndexAt, shownValue, useExperiment } from '../stores/experiment.ts';
import { useFigure } from '../stores/figure.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { boundedKnob, figureKnobs } from './knobs.ts';

/** The settings of a figure: those that act on a run under way, and those that the author of the page named. */
export function FigureSettings(): ReactElement | null {
  const { options } = useFigure();
  const state = useExperiment();
  const { experiment } = state;
  const phase = useRun((run) => phaseIndexAt(experiment, run.step));
  const runs = useRun((run) => run.source === 'live' && (run.state === 'training' || run.state === 'paused'));
  const resting = useView((view) => view.cursor !== null);
  const shown = figureKnobs(knobsOf(experiment, phase), listPaths(experiment), options);
  if (shown.length === 0) return null;
  const base = baseline(experiment);
  return (
    <section className="figure-settings" aria-label="Settings">
      {shown.map(([path, knob]) => {
        const value = shownValue(state, path) ?? knob.default;
        if (options.lock.has(path)) return <Locked key={path} path={path} knob={knob} value={value} />;
        const actsNow = knob.live === true && runs;
        return (
          <Control
            key={path} path={path} knob={boundedKnob(knob, options.bounds.get(path))} value={value} preset={getPath(base, path) ?? knob.default}
            actsNow={actsNow} disabled={resting} onChange={(next) => session.setKnob(path, next, actsNow)}
          />
        );
      })}
    </section>
  );
}

function knobsOf(experiment: Experiment, phase: number): [string, Knob][] {
  return settingGroups(experiment, phase).flatMap(({ knobs }) => Object.entries(knobs));
}

/** A setting that stays as it is: its value, a lock, and who closed it. */
function Locked({ path, knob, value }: { path: string; knob: Knob; value: SettingValue }): ReactElement {
  return (
    <div className="control figure-locked">
      <div className="control-head"><span className="control-name">{knob.label}</span><LockIcon /><span className="figure-locked-value">{valueWords(path, knob, value)}</span></div>
      <p className="control-help">Fixed by the author of this page.</p>
    </div>
  );
}

function valueWords(path: string, knob: Knob, value: SettingValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'number' || (knob.kind !== 'number' && knob.kind !== 'integer')) return writeValue(value);
  const writing = writingOf(path, knob);
  return `${writeNumber(value, writing)} ${writing.unit}`.trim();
}

const LockIcon = (): ReactElement => (
  <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" strokeWidth="1.5" role="img" aria-label="Locked">
    <rect x="3" y="7" width="10" height="7" rx="1.5" fill="currentColor" /><path d="M5 7V5a3 3 0 0 1 6 0v2" />
  </svg>
);
