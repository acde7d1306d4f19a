import { beforeAll, describe, expect, test } from 'vitest';
import { decodeLink } from '../../engine/experiment/link.ts';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import { loadUnits } from '../../engine/sparsity/units.ts';
import { previewEvents } from '../session/preview.ts';
import { directionsOf, rulesAt } from './specimen.ts';

beforeAll(() => loadUnits({ granularity: 'nm' }));

function logOf(settings: string): RunLog {
  const log = createRunLog();
  previewEvents(decodeLink(`#preset=rigl-moons&steps=100&${settings}`).experiment).forEach((body, seq) => append(log, { runId: 'a', seq, ...body }));
  return log;
}
const NM = 'masks.granularity=nm&masks.n=1&masks.m=8';

describe('the rules of a mask', () => {
  test('are those of the settings; there are none where masks keep no pattern', () => {
    expect(rulesAt(logOf('sparsity.method=rigl'), { step: 0, update: 0 })).toBeUndefined();
    expect(rulesAt(logOf(`${NM}&masks.axis=out&sparsity.method=rigl`), { step: 50, update: 1 })).toEqual({ pattern: { n: 1, m: 8, axis: 'out' }, dense: false, chooses: false, backward: false });
    expect(rulesAt(logOf(`${NM}&sparsity.method=sr-ste`), { step: 0, update: 0 })).toEqual({ pattern: { n: 1, m: 8, axis: 'in' }, dense: true, chooses: true, backward: false });
  });

  test('move with methods that move N or M', () => {
    const log = logOf(`${NM}&sparsity.method=sdgf&sparsity.denseShare=0&sparsity.fineTune=0`);
    const at = (step: number, update: number): string => { const { n, m } = rulesAt(log, { step, update })!.pattern; return `${n}:${m}`; };
    expect([at(1, 1), at(26, 2), at(51, 3), at(76, 4), at(100, 5)]).toEqual(['7:8', '4:8', '2:8', '1:8', '1:8']);
  });
});

describe('directions to look in', () => {
  test('are both of a transposable mask, and those of the two masks of BDWP, but for filters', () => {
    const directions = (settings: string, kernel?: [number, number]): string[] => directionsOf(rulesAt(logOf(settings), { step: 10, update: 1 })!, { kernel }).map(({ along, mask }) => `${mask} ${along}`);
    expect(directions(`${NM}&masks.axis=both&sparsity.method=ste`)).toEqual(['forward in', 'forward out']);
    expect(directions(`${NM}&sparsity.method=bdwp`)).toEqual(['forward in', 'backward out']);
    expect(directions(`${NM}&sparsity.method=bdwp`, [3, 3])).toEqual(['forward in']);
    expect(directions(`${NM}&masks.axis=out&sparsity.method=random`)).toEqual(['forward out']);
  });
});
