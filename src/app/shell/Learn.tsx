import type { ReactElement } from 'react';
import { findMethod } from '../../engine/sparsity/methods/index.ts';
import { methodOf, useExperiment } from '../stores/experiment.ts';
import { useView } from '../stores/view.ts';
import { Equations } from './Equations.tsx';

/** The card of the current method: idea, paper, equations, and what is and is not as in the paper. */
export function Learn({ open }: { open: boolean }): ReactElement {
  const phase = useView((view) => view.phase);
  const { card } = findMethod(useExperiment((state) => methodOf(state.experiment, phase)));
  const { paper } = card;
  return (
    <section className="learn" aria-label="About the method">
      <h2>{card.title}</h2>
      <p>{card.idea}</p>
      <Equations sources={card.equations} wanted={open} />
      <h3>Paper</h3>
      <p className="muted">{paper.authors} ({paper.year}): {paper.url ? <a href={paper.url} target="_blank" rel="noreferrer">{paper.title}</a> : paper.title}</p>
      {card.fidelity.length > 0 && <><h3>How close to the paper</h3><ul className="bullets muted">{card.fidelity.map((line) => <li key={line}>{line}</li>)}</ul></>}
      {card.deviations.length > 0 && (
        <><h3>Where the authors' code differs</h3><ul className="bullets muted">{card.deviations.map(({ knob, note }) => <li key={note}><code>{knob}</code>: {note}</li>)}</ul></>
      )}
    </section>
  );
}
