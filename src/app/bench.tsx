import { StrictMode, useState, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/plainPage.css';
import './styles/panels.css';
import './bench/bench.css';
import { GrowthPlot } from './bench/GrowthPlot.tsx';
import { RowBars } from './bench/RowBars.tsx';
import { useBench, type BenchState } from './bench/useBench.ts';
import type { BenchOffer } from '../worker/benchWorker.ts';
import { Wordmark } from './shell/Wordmark.tsx';
import { formatDuration } from './text/numbers.ts';
import { saveText } from './text/saveText.ts';

const ROUNDS = [5, 12, 30];

/** Offers what was measured as a file, in the format of `sparseland bench --out`. */
function save({ ready, rows }: BenchState, rounds: number): void {
  const report = { format: 1, adapter: ready?.adapter, software: ready?.software, agent: navigator.userAgent, rounds, rows };
  saveText('sparseland-bench.json', 'application/json', JSON.stringify(report, null, 2));
}

function statusOf({ problem, ready, running, progress, rows }: BenchState): string {
  if (problem) return problem;
  if (!ready) return 'Getting the device ready.';
  if (!running) return rows.length > 0 ? 'Done.' : 'Ready. Nothing is measured before you press Start.';
  if (!progress) return 'Beginning.';
  const left = progress.msLeft === null ? '' : `, about ${formatDuration(1000 * Math.ceil(progress.msLeft / 1000))} left`;
  return `${progress.done} of ${progress.total} samples${left}: ${progress.words}`;
}

/** The benchmark page: what to measure, progress, and a chart for each row. */
function Bench(): ReactElement {
  const bench = useBench();
  const { ready, running, progress, rows, faults, problem } = bench;
  // Ticked or not by hand; all but long rows are ticked at first.
  const [chosen, setChosen] = useState<Readonly<Record<string, boolean>>>({});
  const [rounds, setRounds] = useState(12);
  const [peers, setPeers] = useState(false);
  const isWanted = ({ name, long }: BenchOffer): boolean => chosen[name] ?? !long;
  const wanted = (ready?.rows ?? []).filter(isWanted).map(({ name }) => name);
  return (
    <main className="plain-page bench-page">
      <h2>Benchmark</h2>
      <p className="muted">Times Sparseland on your own device: each piece of work beside its dense twin, in turns. <a href="./index.html">Back to the page</a></p>
      {ready && <p><strong>{ready.adapter}</strong>{ready.software && <> <span className="chip">software adapter</span> Times say nothing about a graphics card.</>}</p>}
      {ready && (
        <fieldset disabled={running}>
          <legend>What to measure</legend>
          {ready.rows.map((row) => (
            <label key={row.name}>
              <input type="checkbox" checked={isWanted(row)} onChange={(event) => setChosen({ ...chosen, [row.name]: event.target.checked })} />
              <span>{row.name} <span className="small faint">{row.title}{row.long && '. Takes minutes'}</span></span>
            </label>
          ))}
          <label><input type="checkbox" checked={peers} onChange={() => setPeers(!peers)} /><span>Beside TensorFlow.js and jax-js <span className="small faint">about 1.2 MB more to load</span></span></label>
          <label>Samples of each <select className="select" value={rounds} onChange={(event) => setRounds(Number(event.target.value))}>{ROUNDS.map((n) => <option key={n} value={n}>{n}</option>)}</select></label>
        </fieldset>
      )}
      <div className="bench-start">
        <button type="button" className="button primary" disabled={!ready || running || wanted.length === 0} onClick={() => bench.start({ rows: wanted, rounds, peers, dataUrl: new URL('data/', document.baseURI).href })}>Start</button>
        {running && <button type="button" className="button" onClick={bench.stop}>Stop</button>}
        {rows.length > 0 && !running && <button type="button" className="button" onClick={() => save(bench, rounds)}>Save the figures</button>}
        {/* The end is announced, not every sample. */}
        <p role={running ? undefined : 'status'}>{statusOf(bench)}</p>
      </div>
      {running && <progress aria-label="Benchmark" value={progress?.done ?? 0} max={Math.max(1, progress?.total ?? 1)} />}
      {!problem && faults.map((fault) => <p key={fault} role="alert">{fault}</p>)}
      {ready && rows.filter(({ contenders }) => contenders.every(({ point }) => point === null)).map((row) => <RowBars key={row.name} row={row} adapter={ready.adapter} software={ready.software} />)}
      {ready && <GrowthPlot rows={rows} adapter={ready.adapter} software={ready.software} />}
    </main>
  );
}

const root = document.getElementById('root');
if (!root) throw new Error('bench.html has no element with the id "root".');
createRoot(root).render(
  <StrictMode>
    <header className="header"><h1 className="header-name"><Wordmark /></h1></header>
    <Bench />
  </StrictMode>,
);
