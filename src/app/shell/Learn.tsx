import { useEffect, useState, type ReactElement } from 'react';
import { findMethod } from '../../engine/sparsity/methods/index.ts';
import { methodOf, useExperiment } from '../stores/experiment.ts';
import { useView } from '../stores/view.ts';
import { Equations } from './Equations.tsx';
import { loadNotes, type MethodNotes } from './methodNotes.ts';
import './learn.css';

/** The card of the current method: idea, paper, equations, and what is and is not as in the paper. */
export function Learn({ open }: { open: boolean }): ReactElement {
  const phase = useView((view) => view.phase);
  const id = useExperiment((state) => methodOf(state.experiment, phase));
  const { title, idea, paper } = findMethod(id).card;
  const notes = useNotes(id);
  return (
    <section className="learn" aria-label="About the method">
      <h2>{title}</h2>
      <p>{idea}</p>
      {notes && <Equations sources={notes.equations} wanted={open} />}
      <h3>Paper</h3>
      <p className="muted">{paper.authors} ({paper.year}): {paper.url ? <a href={paper.url} target="_blank" rel="noreferrer">{paper.title}</a> : paper.title}</p>
      {notes && <Fidelity notes={notes} />}
    </section>
  );
}

function Fidelity({ notes: { fidelity, deviations } }: { notes: MethodNotes }): ReactElement {
  return (
    <>
      {fidelity.length > 0 && <><h3>How close to the paper</h3><ul className="bullets muted">{fidelity.map((line) => <li key={line}>{line}</li>)}</ul></>}
      {deviations.length > 0 && (
        <><h3>Where the authors' code differs</h3><ul className="bullets muted">{deviations.map(({ knob, note }) => <li key={note}><code>{knob}</code>: {note}</li>)}</ul></>
      )}
    </>
  );
}

/** The notes of a method once they are there; null before, and where they cannot be fetched. */
function useNotes(id: string): MethodNotes | null {
  const [loaded, setLoaded] = useState<{ id: string; notes: MethodNotes } | null>(null);
  useEffect(() => {
    let current = true;
    loadNotes(id).then((notes) => {
      if (current) setLoaded({ id, notes });
    }, () => undefined);
    return () => {
      current = false;
    };
  }, [id]);
  return loaded?.id === id ? loaded.notes : null;
}
