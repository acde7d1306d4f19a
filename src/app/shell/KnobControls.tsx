import type { ReactElement } from 'react';
import type { Knob, KnobTable } from '../../engine/experiment/card.ts';
import { getPath } from '../../engine/experiment/paths.ts';
import { Control } from '../controls/index.tsx';
import { session } from '../session/current.ts';
import { useBranch } from '../stores/branch.ts';
import { baseline, phaseIndexAt, shownValue } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { useShownSettings } from './shownSettings.ts';

/** Settings as controls, by their path in a link. Wherever they stand, a change is the same. @param phase that they belong to */
export function KnobControls({ knobs, phase }: { knobs: KnobTable; phase: number }): ReactElement {
  return <>{Object.entries(knobs).map(([path, knob]) => <KnobControl key={path} path={path} knob={knob} phase={phase} />)}</>;
}

function KnobControl({ path, knob, phase }: { path: string; knob: Knob; phase: number }): ReactElement {
  const state = useShownSettings();
  const cursor = useView((view) => view.cursor);
  // Live knobs act on the phase under way only.
  const acts = useRun((run) => run.source === 'live' && (run.state === 'training' || run.state === 'paused') && phaseIndexAt(state.experiment, run.step) === phase);
  const branches = useRun((run) => run.canTrain) && cursor !== null && phaseIndexAt(state.experiment, cursor) === phase;
  const live = knob.live === true;
  return (
    <Control
      path={path} knob={knob} value={shownValue(state, path) ?? knob.default} preset={getPath(baseline(state.experiment), path) ?? knob.default}
      actsNow={live && acts && cursor === null} disabled={cursor !== null && !(branches && live)}
      onChange={(value) => (cursor === null ? session.setKnob(path, value, live && acts) : useBranch.setState(({ changes }) => ({ changes: { ...changes, [path]: Number(value) } })))}
    />
  );
}
