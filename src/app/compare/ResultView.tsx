import type { ReactElement } from 'react';
import type { Claim } from '../../engine/claims/claim.ts';
import type { Outcome } from '../../engine/claims/verdict.ts';
import { checkWords, outcomeOf, rulingWords, wordsOf } from '../../engine/claims/words.ts';
import { meanOf } from '../../engine/claims/verdict.ts';
import { formatDensity, formatPercent, formatQuantity } from '../text/numbers.ts';
import { armTitle } from './comparison.ts';
import type { ComparisonResult } from './comparing.ts';
import { PointsPlot } from './PointsPlot.tsx';
import { isSweep, sweepLines } from './sweep.ts';
import { SweepPlot } from './SweepPlot.tsx';

const SIGNS: Readonly<Record<Outcome, { word: string; glyph: string; className: string }>> = {
  shown: { word: 'Shown', glyph: '✓', className: 'verdict-shown' },
  'not shown': { word: 'Not shown', glyph: '✗', className: 'verdict-not-shown' },
  inconclusive: { word: 'Inconclusive', glyph: '?', className: 'verdict-inconclusive' },
  'no verdict': { word: 'No verdict', glyph: '–', className: 'verdict-inconclusive' },
};

/** What came out: all points of each arm on one axis, what they were compared at, and a verdict for each comparison. */
export function ResultView({ result, claim, stale }: { result: ComparisonResult; claim: Claim | undefined; stale: boolean }): ReactElement {
  const { compared, judgement } = result;
  const n = judgement.seeds.length;
  const sweep = sweepLines(compared, result.runs, judgement.seeds);
  const densities = new Set(judgement.parts.map(({ title }) => title));
  return (
    <section className="comparison-result" aria-label="Result">
      <h3>Result{n === 1 && <span className="aside"> 1 seed: no verdict</span>}{stale && <span className="aside"> of the settings before</span>}</h3>
      {isSweep(sweep.lines) ? <SweepPlot {...sweep} /> : <PointsPlot result={result} />}
      <ComparedAt result={result} />
      {claim && <p className="verdict-claim"><Verdict outcome={judgement.outcome} /> <span>{wordsOf(claim, judgement)[0]}</span></p>}
      <p>{n} {n === 1 ? 'seed' : 'seeds'}, {compared.setting}{densities.size === 1 && !claim ? `, ${compared.parts[0]?.title ?? ''}` : ''}. {compared.tuning}</p>
      <ul className="verdicts">
        {judgement.parts.flatMap((part, p) => [
          ...(part.check.passed || part.outcome === 'no verdict' ? [] : [<li key={`${p}-check`} className="small verdict-check">{sentenceCase(checkWords(compared, part))}</li>]),
          ...part.rulings.map((one) => {
            const { kind } = compared.parts[p]!.comparison;
            return (
              <li key={`${p}-${one.label}`}>
                <Verdict outcome={outcomeOf(part, one.ruling)} opposite={one.ruling.opposite} />
                <p><b>{titleOf(kind, one.label)}</b>{(claim || densities.size > 1) && ` ${part.title}:`} <span className="muted">{rulingWords(compared, kind, one)}</span></p>
              </li>
            );
          }),
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

/** What is asked, in the order of the arms: `RigL better than random mask?`. */
function titleOf(kind: ComparisonResult['compared']['parts'][number]['comparison']['kind'], label: string): string {
  const [first, second] = label.split(' - ');
  if (!second) return label;
  return kind === 'as good as' ? `${first} as good as ${second}?` : kind === 'equal' ? `${first} equal to ${second}?` : `${first} better than ${second}?`;
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

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
