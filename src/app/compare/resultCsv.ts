import { meanOf } from '../../engine/claims/verdict.ts';
import { quoted } from '../../engine/experiment/metricsCsv.ts';
import type { ComparisonResult } from './comparing.ts';
import { pointRows } from './points.ts';
import { toldParts } from './verdicts.ts';

/**
 * A result as tidy CSV: what the plot draws, and the verdicts below it. A row of `quantity` accuracy is a run; mean,
 * interval_low and interval_high (95 % t) are of an arm and have no seed; a row of `quantity` verdict is a comparison.
 */
export function resultCsv(result: Pick<ComparisonResult, 'compared' | 'runs' | 'judgement'>): string {
  const rows = pointRows(result).flatMap(({ id, title, points, mean }): (string | number)[][] => {
    const density = Number(meanOf(result.runs.filter((run) => run.arm === id).map(({ figures }) => figures.density)).toPrecision(6));
    const interval = points.length > 1 ? [['interval_low', mean.low], ['interval_high', mean.high]] as const : [];
    return [
      ...points.map(({ seed, value }) => [title, density, seed, 'accuracy', value]),
      ...([['mean', mean.mean], ...interval] as const).map(([quantity, value]) => [title, density, '', quantity, value]),
    ];
  });
  const verdicts = toldParts(result).flatMap((part) => part.verdicts.map(({ question, part: at, outcome, figures }) => [`${question} ${at}`, '', '', 'verdict', `${outcome}: ${figures}`]));
  return `${[['of', 'density', 'seed', 'quantity', 'value'], ...rows, ...verdicts].map((row) => row.map((field) => quoted(String(field))).join(',')).join('\n')}\n`;
}
