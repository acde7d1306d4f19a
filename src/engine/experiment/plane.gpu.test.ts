import { expect, it } from 'vitest';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { Inspection, RunEventBody } from './events.ts';
import { planePoints, planeReach, PLANE_SIDE } from './plane.ts';
import { run } from './run.ts';

type Plane = Extract<Inspection, { what: 'plane' }>;

/** What is told of a run that is asked for its plane with all its metrics. */
async function told(set: 'moons' | 'teacher'): Promise<RunEventBody[]> {
  const experiment = experimentFrom({
    preset: 'rigl-moons', seed: 5, data: { set, batch: 32, noise: 0.1, samples: 300 }, model: { hidden: [16, 16] }, beside: { random: false, dense: false },
    phases: [{ steps: 240, optimizer: { rate: 0.1, momentum: 0.9 }, sparsity: { method: 'rigl', density: 0.5 } }],
  });
  const dataset = await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('Generated data need no files.')));
  const commands = createCommandPort();
  const events: RunEventBody[] = [];
  for await (const event of run({ gpu: await testDevice(), experiment, dataset, commands, tune: false })) {
    events.push(event);
    if (event.type === 'metrics') commands.send({ type: 'inspect', what: 'plane', arm: 'main' });
  }
  return events;
}

it('a network of two inputs tells the class of every cell of the plane, in the places of the grid', async () => {
  const events = await told('moons');
  const planes = events.flatMap((event) => (event.type === 'snapshot' && event.inspection.what === 'plane' ? [event.inspection] : []));
  const plane = planes.at(-1) as Plane;
  expect(plane.values.length).toBe(2 * PLANE_SIDE ** 2);
  for (let cell = 0; cell < PLANE_SIDE ** 2; cell++) expect(plane.values[2 * cell]! + plane.values[2 * cell + 1]!).toBeCloseTo(1, 5);
  // Were the plane mirrored or turned, examples would lie in the other class's part.
  const sureOf = (x: number, y: number): number => {
    const [x0, x1, y0, y1] = plane.reach;
    return plane.values[2 * (Math.floor(((y1 - y) / (y1 - y0)) * PLANE_SIDE) * PLANE_SIDE + Math.floor(((x - x0) / (x1 - x0)) * PLANE_SIDE)) + 1]!;
  };
  const right = Array.from(plane.labels).filter((label, i) => (sureOf(plane.inputs[2 * i]!, plane.inputs[2 * i + 1]!) > 0.5 ? 1 : 0) === label).length;
  expect(right / plane.labels.length).toBeGreaterThan(0.9);
});

it('other networks have no plane', async () => {
  expect((await told('teacher')).filter((event) => event.type === 'snapshot')).toEqual([]);
});

it('the plane reaches a tenth beyond the training examples, its first point being the upper left', () => {
  const dataset = { train: { count: 2, values: Float32Array.of(-1, 0, 1, 4), labels: Uint8Array.of(0, 1) } };
  expect(planeReach(dataset)).toEqual([-1.2, 1.2, -0.4, 4.4]);
  const points = planePoints(dataset);
  expect([points[0], points[PLANE_SIDE ** 2]]).toEqual([-1.2 + 0.025, 4.4 - 0.05].map(Math.fround));
  expect([points[PLANE_SIDE ** 2 - 1], points.at(-1)]).toEqual([1.2 - 0.025, -0.4 + 0.05].map(Math.fround));
});
