import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/plainPage.css';
import type { SelfTestReport } from '../engine/experiment/fullSelfTest.ts';
import { PeerCheck } from './PeerCheck.tsx';
import { useSelfTest, type SelfTestProgress } from './selftest/useSelfTest.ts';
import { Wordmark } from './shell/Wordmark.tsx';
import { saveText } from './text/saveText.ts';

/** Offers the report as a file. */
function save(report: SelfTestReport): void {
  saveText('sparseland-selftest.json', 'application/json', JSON.stringify(report, null, 2));
}

function verdictOf({ report, problem, done, total }: SelfTestProgress): string {
  if (problem) return problem;
  if (!report) return total === 0 ? 'Getting the device ready.' : `Check ${done} of ${total}.`;
  const failed = report.checks.filter((c) => c.faults.length > 0).length;
  return failed === 0 ? `All ${report.checks.length} checks passed.` : `${failed} of ${report.checks.length} checks failed.`;
}

/** The self-test page: progress, a verdict, every check, and the file for a bug report. */
function SelfTest() {
  const { progress, start } = useSelfTest();
  useEffect(start, [start]);
  const { report, checks, done, total } = progress;
  return (
    <main className="plain-page">
      <h2>Self-test</h2>
      <p className="muted">Checks every operation and kernel variant on your own device against a reference, then trains two small networks. <a href="./index.html">Back to the page</a></p>
      <p role="status"><strong>{verdictOf(progress)}</strong></p>
      {!progress.problem && !report && <progress aria-label="Self-test" value={done} max={Math.max(1, total)} />}
      {report && <p>{report.quick}{report.adapter.software ? ' Software adapter: times say nothing about a graphics card.' : ''}</p>}
      {report && report.timings.map((t) => <p key={t.name}>{t.name}: {t.medianStepMs.toFixed(2)} ms a step (median of {t.steps}).</p>)}
      {report && <p><button type="button" className="button" onClick={() => save(report)}>Save the report</button></p>}
      {report && <PeerCheck />}
      <table>
        <thead><tr><th scope="col">Check</th><th scope="col">Result</th></tr></thead>
        <tbody>
          {checks.map((c) => <tr key={c.name}><td>{c.name}</td><td>{c.faults.length === 0 ? '✓ passed' : `✗ ${c.faults.join('; ')}`}</td></tr>)}
        </tbody>
      </table>
    </main>
  );
}

const root = document.getElementById('root');
if (!root) throw new Error('selftest.html has no element with the id "root".');
createRoot(root).render(
  <StrictMode>
    <header className="header"><h1 className="header-name"><Wordmark /></h1></header>
    <SelfTest />
  </StrictMode>,
);
