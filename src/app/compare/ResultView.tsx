import type { ReactElement } from 'react';
import type { Claim } from '../../engine/claims/claim.ts';
import type { Outcome } from '../../engine/claims/verdict.ts';
import { wordsOf } from '../../engine/claims/words.ts';
import { meanOf } from '../../engine/claims/verdict.ts';
import { ChartTools } from '../charts/ChartTools.tsx';
import { formatDensity, formatPercent, formatQuantity } from '../text/numbers.ts';
import { armTitle } from './comparison.ts';
import type { ComparisonResult } from './comparing.ts';
import { PointsPlot } from './PointsPlot.tsx';
import { resultCsv } from './resultCsv.ts';
import { isSweep, sweepLines } from './sweep.ts';
import { SweepPlot } from './SweepPlot.tsx';
import { SIGNS, toldParts } from './verdicts.ts';

/** What came out: all points of each arm on one axis, what they were compared at, and a verdict for each comparison. */
export function ResultView({ result, claim, stale }: { result: ComparisonResult; claim: Claim | undefined; stale: boolean }): ReactElement {
  const { compared, runs, judgement } = result;
  const n = judgement.seeds.length;
  const sweep = sweepLines(compared, runs, judgement.seeds);
  const swept = isSweep(sweep.lines);
  const densities = new Set(judgement.parts.map(({ title }) => title));
  return (
    <section className="comparison-result" aria-label="Result">
      <h3>Result{n === 1 && <span className="aside"> 1 seed: no verdict</span>}{stale && <span className="aside"> of the settings before</span>}</h3>
      <figure className="result-plot" aria-label={swept ? 'Test accuracy over density' : 'Test accuracy by arm'}>
        {swept ? <SweepPlot {...sweep} /> : <PointsPlot result={result} />}
        <ChartTools name="sparseland-comparison" empty={runs.length === 0} csv={() => resultCsv(result)} svg={async () => (await import('../export/compareFigures.ts')).resultSvg(result, swept)} />
      </figure>
      <ComparedAt result={result} />
      {claim && <p className="verdict-claim"><Verdict outcome={judgement.outcome} /> <span>{wordsOf(claim, judgement)[0]}</span></p>}
      <p>{n} {n === 1 ? 'seed' : 'seeds'}, {compared.setting}{densities.size === 1 && !claim ? `, ${compared.parts[0]?.title ?? ''}` : ''}. {compared.tuning}</p>
      <ul className="verdicts">
        {toldParts(result).flatMap(({ warning, verdicts }, p) => [
          ...(warning === null ? [] : [<li key={p} className="small verdict-check">{warning}</li>]),
          ...verdicts.map(({ key, outcome, opposite, question, part, figures }) => (
            <li key={key}>
              <Verdict outcome={outcome} opposite={opposite} />
              <p><b>{question}</b>{(claim || densities.size > 1) && ` ${part}:`} <span className="muted">{figures}</span></p>
            </li>
          )),
        ])}
      </ul>
      {judgement.earlierLooks.length > 0 && <p className="small faint">Extended after looking (n {[...judgement.earlierLooks, n].join(' to ')}).</p>}
      <p className="small faint">Metric: mean of the last three evaluations of test accuracy. Better than: 95 % t interval above 0 and at least 0.5 points, by Holm's levels where several comparisons share a method. As good as: within 1 point.</p>
    </section>
  );
}

/** The outcome as a word and a glyph. */
export function Verdict({ outcome, opposite = false }: { outcome: Outcome; opposite?: boolean }): ReactElement {
  const { word, glyph, className } = SIGNS[outcome];
  return <span className={`verdict ${className}`}><span aria-hidden="true">{glyph}</span> {word}{opposite && <>, opposite direction</>}</span>;
}

function ComparedAt({ result: { compared, runs, judgement } }: { result: ComparisonResult }): ReactElement {
  return (
    <div className="table-scroll">
      <table className="diagnostics">
        <caption className="visually-hidden">What each arm reached, and at what cost</caption>
        <thead><tr>{['Arm', 'Accuracy', 'Points', 'Density', 'On average', 'Training FLOPs'].map((title) => <th key={title} scope="col">{title}</th>)}</tr></thead>
        <tbody>
          {compared.arms.map((arm) => {
            const { id } = arm;
            const own = runs.filter((run) => run.arm === id && judgement.seeds.includes(run.seed));
            const mean = (of: (run: (typeof own)[number]) => number): number => meanOf(own.map(of));
            const diverged = own.filter((run) => run.diverged).length;
            return (
              <tr key={id}>
                <th scope="row">{armTitle(compared, arm)}{diverged > 0 && <span className="small faint"> {diverged} diverged, counted as chance</span>}</th>
                <td>{formatPercent(mean(({ value }) => value))}</td>
                <td className="small">{own.map(({ value }) => (100 * value).toFixed(1)).join(' ')}</td>
                <td>{formatDensity(mean(({ figures }) => figures.density))}</td>
                <td>{formatDensity(mean(({ figures }) => figures.averageDensity))}</td>
                <td>{formatQuantity(mean(({ figures }) => figures.flops), 'FLOP')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
