import { expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { networkLayout } from '../nn/layers.ts';
import { answerTo, probabilityOf } from './answers.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { Answers, ArmId, Probe, RunEventBody } from './events.ts';
import type { Experiment } from './experiment.ts';
import { networkSpec } from './model.ts';
import { planePoints, planeReach, probeOf } from './probe.ts';
import { run } from './run.ts';

const STEPS = 40;

const experimentOf = (set: string, evaluateEvery: number, beside: boolean): Experiment => experimentFrom({
  preset: 'rigl-moons', seed: 5, data: { set, batch: 32, noise: 0.1, samples: 300 }, model: { hidden: [16] }, evaluateEvery, beside: { random: beside, dense: beside },
  phases: [{ steps: STEPS, optimizer: { rate: 0.1, momentum: 0.9 }, sparsity: { method: 'rigl', density: 0.5, updatePeriod: 8 } }],
});

/** All that is told of a run that takes three single steps first, and its data. */
async function told(experiment: Experiment): Promise<{ dataset: Dataset; events: RunEventBody[] }> {
  const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
  const commands = createCommandPort();
  const events: RunEventBody[] = [];
  for (let i = 0; i < 3; i++) commands.send({ type: 'step' });
  for await (const event of run({ gpu: await testDevice(), experiment, dataset, commands, paused: true, tune: false, saveAtEnd: true })) {
    events.push(event);
    if (event.type === 'paused') commands.send({ type: 'resume' });
  }
  return { dataset, events };
}

const answersOf = (events: readonly RunEventBody[], arm: ArmId): Answers[] => events.flatMap((event) => (event.type === 'answers' && event.answers.arm === arm ? [event.answers] : []));
const probeIn = (events: readonly RunEventBody[]): Probe | undefined => events.find((event) => event.type === 'started')?.probe;
const hashOf = (events: readonly RunEventBody[]): string | undefined => events.find((event) => event.type === 'finished')?.hash;

it('all networks of two inputs answer with each evaluation and at a pause, cell for cell in the places of the plane', async () => {
  const { events } = await told(experimentOf('moons', 10, true));
  for (const arm of ['main', 'random', 'dense'] as const) expect(answersOf(events, arm).map(({ step }) => step)).toEqual([0, 3, 10, 20, 30, 40]);
  const plane = probeIn(events) as Extract<Probe, { what: 'plane' }>;
  const { bytes } = answersOf(events, 'main').at(-1) as Answers;
  // Were the plane mirrored or turned, examples would lie in the other class's part.
  const [x0, x1, y0, y1] = plane.reach;
  const cellOf = (x: number, y: number): number => Math.floor(((y1 - y) / (y1 - y0)) * plane.side) * plane.side + Math.floor(((x - x0) / (x1 - x0)) * plane.side);
  const right = Array.from(plane.labels).filter((label, i) => (probabilityOf(bytes[cellOf(plane.points[2 * i]!, plane.points[2 * i + 1]!)]) > 0.5 ? 1 : 0) === label).length;
  expect(right / plane.labels.length).toBeGreaterThan(0.85);
});

it('asking changes no bit of what is trained', async () => {
  const often = await told(experimentOf('moons', 3, true));
  const seldom = await told(experimentOf('moons', STEPS, true));
  expect(answersOf(often.events, 'main').length).toBeGreaterThan(answersOf(seldom.events, 'main').length + 8);
  expect(hashOf(often.events)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(often.events)).toBe(hashOf(seldom.events));
});

it('of images the main network alone is asked, and answers as a float64 network does', async () => {
  const experiment = experimentOf('mnist-10k', STEPS, true);
  const { events, dataset } = await told(experiment);
  expect(answersOf(events, 'random')).toEqual([]);
  const { bytes, step } = answersOf(events, 'main').at(-1) as Answers;
  expect([step, bytes.length]).toEqual([STEPS, 20]);
  const saved = events.findLast((event) => event.type === 'checkpoint')!.checkpoint;
  const params = new Float32Array(decodeCheckpoint(saved.bytes).arms[0]!.buffers.params!.slice().buffer);
  for (let image = 0; image < 10; image++) {
    const sure = probabilitiesIn64(experiment, dataset, params, image);
    const answer = answerTo(bytes, image);
    expect(answer.guess).toBe(sure.indexOf(Math.max(...sure)));
    expect(answer.sure).toBeCloseTo(sure[answer.guess]!, 2);
  }
});

it('a network of other inputs is asked nothing', async () => {
  const { events } = await told(experimentOf('teacher', 20, false));
  expect(probeIn(events)).toBeUndefined();
  expect(events.filter(({ type }) => type === 'answers')).toEqual([]);
});

it('the plane reaches a tenth beyond the training examples, its first point being the upper left', () => {
  const reach = planeReach({ train: { count: 2, values: Float32Array.of(-1, 0, 1, 4), labels: Uint8Array.of(0, 1) } });
  expect(reach).toEqual([-1.2, 1.2, -0.4, 4.4]);
  const points = planePoints({ side: 48, reach });
  expect([points[0], points[48 ** 2]]).toEqual([-1.2 + 0.025, 4.4 - 0.05].map(Math.fround));
  expect([points[48 ** 2 - 1], points.at(-1)]).toEqual([1.2 - 0.025, -0.4 + 0.05].map(Math.fround));
});

it('images are shown from their darkest pixel to their brightest', async () => {
  const dataset = await loadDataset(experimentOf('mnist-10k', 1, false).data, 1, nodeData());
  const dim = { ...dataset, test: { ...dataset.test, values: dataset.test.values.map((value) => 10 + value / 2) } };
  const [probe, stretched] = [probeOf(dataset), probeOf(dim)] as Extract<Probe, { what: 'images' }>[];
  expect([Math.min(...probe!.pixels), Math.max(...probe!.pixels)]).toEqual([0, 255]);
  stretched!.pixels.forEach((pixel, i) => expect(Math.abs(pixel - probe!.pixels[i]!)).toBeLessThanOrEqual(3));
});

/** Class probabilities of a test image, of an MLP with one hidden layer of ReLU: weights outside the mask are 0. */
function probabilitiesIn64(experiment: Experiment, dataset: Dataset, params: Float32Array, image: number): number[] {
  const { tensors } = networkLayout(networkSpec(experiment, dataset));
  const { test, features, scale, shift } = dataset;
  let x = Array.from(test.values.subarray(image * features, (image + 1) * features), (value) => value * scale + shift);
  for (const layer of ['fc1', 'fc2']) {
    const [weight, bias] = ['weight', 'bias'].map((name) => tensors.find((tensor) => tensor.name === `${layer}.${name}`)!) as [(typeof tensors)[0], (typeof tensors)[0]];
    const y = Array.from({ length: bias.length }, (_, o) => x.reduce((sum, value, i) => sum + params[weight.offset + o * x.length + i]! * value, params[bias.offset + o]!));
    x = layer === 'fc1' ? y.map((value) => Math.max(0, value)) : y;
  }
  const total = x.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return x.map((logit) => Math.exp(logit) / total);
}
