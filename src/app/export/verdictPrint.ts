import type { ComparisonResult } from '../compare/comparing.ts';
import { outcomeWords, toldParts } from '../compare/verdicts.ts';
import { plural } from '../text/numbers.ts';
import { svgText, wrapped } from './svg.ts';

const LINE = 16;
/** Characters of 12 pixels that fit on a line. */
const MOST = 100;

/** How many seeds, on what, and each verdict in words, line by line. @param top where the first line stands; told is where the last ends */
export function verdictPrint(result: ComparisonResult, top: number): { body: string[]; bottom: number } {
  const { compared, judgement } = result;
  const head = `${plural(judgement.seeds.length, 'seed')}, ${compared.setting}. ${compared.tuning} Bars: 95 % t interval of the mean.`;
  const told = toldParts(result).flatMap(({ warning, verdicts }) => [
    ...(warning === null ? [] : [warning]),
    ...verdicts.map((one) => `${outcomeWords(one)}. ${one.question} ${one.part}: ${one.figures}`),
  ]);
  const print = [head, ...told].flatMap((words, i) => wrapped(words, MOST).map((line, l) => ({ line, x: i > 0 && l > 0 ? 28 : 16, colour: i === 0 ? '--text-2' : '--text-1' })));
  return {
    body: print.map(({ line, x, colour }, i) => svgText(x, top + i * LINE, line, { colour })),
    bottom: top + print.length * LINE + 8,
  };
}
