import { type ReactElement } from 'react';
import type { KnobTable, MethodCard } from '../../engine/experiment/card.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';
import { methodKnobs } from '../controls/groups.ts';
import { methodOf, useExperiment } from '../stores/experiment.ts';
import { useView } from '../stores/view.ts';
import { wholeCard } from '../text/whole.ts';
import { Equations } from './Equations.tsx';
import { KnobControls } from './KnobControls.tsx';
import { useFetched } from './useFetched.ts';
import './learn.css';

/** The card of the current method: idea, paper, equations, what is and is not as in the paper, and its settings: they are those of the settings, at another place. */
export function Learn({ open }: { open: boolean }): ReactElement {
  const wanted = useView((view) => view.phase);
  const experiment = useExperiment((state) => state.experiment);
  const phase = Math.min(wanted, experiment.phases.length - 1);
  const id = methodOf(experiment, phase);
  const knobs = methodKnobs(experiment, phase);
  const card = useFetched(id, wholeCard);
  return (
    <section className="learn" aria-label="About the method">
      <h2>{findMethod(id).card.title}</h2>
      {card && (
        <>
          <p>{card.idea}</p>
          <Equations sources={card.equations} wanted={open} />
          <h3>Paper</h3>
          <p className="muted">{card.paper.authors} ({card.paper.year}): {card.paper.url ? <a href={card.paper.url} target="_blank" rel="noreferrer">{card.paper.title}</a> : card.paper.title}</p>
          <Fidelity card={card} />
          <Switches card={card} knobs={knobs} phase={phase} />
        </>
      )}
    </section>
  );
}

function Fidelity({ card: { fidelity } }: { card: MethodCard }): ReactElement | null {
  if (fidelity.length === 0) return null;
  return <><h3>How close to the paper</h3><ul className="bullets muted">{fidelity.map((line) => <li key={line}>{line}</li>)}</ul></>;
}

/** The settings of the method: first those in which codes differ, each with what is known of them. */
function Switches({ card: { deviations }, knobs, phase }: { card: MethodCard; knobs: KnobTable; phase: number }): ReactElement {
  const pathOf = (knob: string): string | undefined => Object.keys(knobs).find((path) => path.endsWith(`sparsity.${knob}`));
  const notesOf = Map.groupBy(deviations, ({ knob }) => knob);
  const others = Object.entries(knobs).filter(([path]) => ![...notesOf.keys()].some((knob) => pathOf(knob) === path));
  return (
    <>
      {notesOf.size > 0 && <h3>Where the authors' code differs</h3>}
      {[...notesOf].map(([knob, own]) => {
        const path = pathOf(knob);
        const control = path === undefined ? undefined : knobs[path];
        return (
          <div key={knob} className="switch">
            {path !== undefined && control ? <KnobControls knobs={{ [path]: control }} phase={phase} /> : <code>{knob}</code>}
            <ul className="bullets muted">{own.map(({ note }) => <li key={note}>{note}</li>)}</ul>
          </div>
        );
      })}
      {others.length > 0 && <><h3>{notesOf.size > 0 ? 'Its other settings' : 'Its settings'}</h3><KnobControls knobs={Object.fromEntries(others)} phase={phase} /></>}
    </>
  );
}
