import type { ReactElement } from 'react';
import type { Knob, KnobTable } from '../../engine/experiment/card.ts';
import { getPath } from '../../engine/experiment/paths.ts';
import { Control } from '../controls/index.tsx';
import { session } from '../session/current.ts';
import { baseline, phaseIndexAt, shownValue, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';

/** Settings as controls, by their path in a link. Wherever they stand, a change is the same. @param phase that they belong to */
export function KnobControls({ knobs, phase }: { knobs: KnobTable; phase: number }): ReactElement {
  return <>{Object.entries(knobs).map(([path, knob]) => <KnobControl key={path} path={path} knob={knob} phase={phase} />)}</>;
}

function KnobControl({ path, knob, phase }: { path: string; knob: Knob; phase: number }): ReactElement {
  const state = useExperiment();
  const resting = useView((view) => view.cursor !== null);
  // Live knobs act on the phase under way only.
  const acts = useRun((run) => run.source === 'live' && (run.state === 'training' || run.state === 'paused') && phaseIndexAt(state.experiment, run.step) === phase);
  const actsNow = knob.live === true && acts;
  return (
    <Control
      path={path} knob={knob} value={shownValue(state, path) ?? knob.default} preset={getPath(baseline(state.experiment), path) ?? knob.default}
      actsNow={actsNow} disabled={resting} onChange={(value) => session.setKnob(path, value, actsNow)}
    />
  );
}
