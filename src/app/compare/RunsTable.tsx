import { memo, useMemo, type ReactElement } from 'react';
import { formatCount, formatDensity, formatPercent, formatQuantity } from '../text/numbers.ts';
import { changesBetween, changeWords } from './changes.ts';
import { comparedWith, deleteRun, setNote, toggleBaseline, toggleShown, usePastRuns, type ListedRun } from './pastRuns.ts';
import { RUN_LOOKS } from './looks.ts';
import { RunSign } from './RunSign.tsx';

const ENDINGS = { finished: '', stopped: 'stopped', diverged: 'diverged', failed: 'cut off' } as const;

/** Most changes that a row tells before it counts the rest. */
const MOST_CHANGES = 4;

/** All runs of the session, newest first. Roles are written out, because narrow screens lay rows out as cards. */
export function RunsTable(): ReactElement {
  const { runs, baseline } = usePastRuns();
  const full = runs.filter(({ look }) => look !== null).length >= RUN_LOOKS.length;
  return (
    <table className="runs" role="table">
      <caption className="visually-hidden">Runs of this session, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {['Run', 'Changes', 'Accuracy', 'Density', 'On average', 'Training FLOPs', 'Note', 'Actions'].map((title) => <th key={title} role="columnheader" scope="col">{title}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {[...runs].reverse().map((run) => <RunRow key={run.id} run={run} against={comparedWith(runs, baseline, run)} pinned={run.id === baseline} full={full} />)}
      </tbody>
    </table>
  );
}

interface RunRowProps {
  run: ListedRun;
  against: ListedRun | undefined;
  pinned: boolean;
  /** As many runs are drawn as can be told apart. */
  full: boolean;
}

const RunRow = memo(function RunRow({ run, against, pinned, full }: RunRowProps): ReactElement {
  const { name, look, figures, experiment, ending, steps, purpose, log: { branch } } = run;
  const changes = useMemo(() => (against && against !== run ? changesBetween(against.experiment, experiment) : []), [against, run, experiment]);
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <label className="run-name">
          <input type="checkbox" checked={look !== null} disabled={look === null && full} aria-label={`Draw ${name}`} title={look === null && full ? `${RUN_LOOKS.length} runs are drawn already: hide one first` : 'Draw this run'} onChange={() => toggleShown(run.id)} />
          <RunSign look={look} />
          <span>{name}</span>
        </label>
        <span className="small faint run-place">{[purpose ?? experiment.preset, `seed ${experiment.seed}`, `${formatCount(steps)} steps`, ENDINGS[ending], branch && `branch of ${branch.from} at step ${formatCount(branch.step)}`].filter(Boolean).join(' · ')}</span>
      </th>
      <td role="cell" className="run-changes small">{pinned ? 'The baseline of all others' : <Changes words={changes.map(changeWords)} against={against} />}</td>
      <Figure title="Accuracy" text={formatPercent(figures.accuracy)} />
      <Figure title="Density" text={formatDensity(figures.density)} />
      <Figure title="On average" text={formatDensity(figures.averageDensity)} />
      <Figure title="Training FLOPs" text={formatQuantity(figures.flops, 'FLOP')} />
      <td role="cell" className="run-note"><input className="number-box wide" aria-label={`Note on ${name}`} placeholder="Note" maxLength={200} value={run.note} onChange={(event) => setNote(run.id, event.target.value)} /></td>
      <td role="cell" className="run-actions">
        <button type="button" className="link-button small" aria-pressed={pinned} aria-label={pinned ? `Unpin ${name}` : `Pin ${name} as baseline`} onClick={() => toggleBaseline(run.id)}>{pinned ? 'Unpin' : 'Pin'}</button>
        <button type="button" className="link-button small" aria-label={`Delete ${name}`} onClick={() => deleteRun(run.id)}>Delete</button>
      </td>
    </tr>
  );
});

function Figure({ title, text }: { title: string; text: string }): ReactElement {
  return <td role="cell" className="run-figure"><span className="run-figure-title small faint" aria-hidden="true">{title}</span>{text}</td>;
}

function Changes({ words, against }: { words: readonly string[]; against: ListedRun | undefined }): ReactElement {
  if (!against) return <span className="faint">first run</span>;
  if (words.length === 0) return <span className="faint">none against {against.name}</span>;
  const rest = words.length - MOST_CHANGES;
  return <span title={words.join('\n')}>{words.slice(0, rest === 1 ? undefined : MOST_CHANGES).join('; ')}{rest > 1 && `; and ${rest} more`}</span>;
}
