import type { Dataset } from '../data/dataset.ts';
import type { KnobLayout } from '../gpu/knobs.ts';
import type { State } from '../gpu/state.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { packAnswers } from './answers.ts';
import type { Arm } from './arm.ts';
import type { Answers, ArmId, Probe } from './events.ts';
import { ANSWERS, type Job, wholeBuffer } from './reads.ts';
import { traceBatch, traceForward, type TrainerSpec } from './trainer.ts';

/** Test images whose predictions are told. */
const IMAGES = 10;
/** Points along each side of the plane that a network of two inputs is asked about. */
const PLANE_SIDE = 48;
/** Test examples that are shown on it. */
const SHOWN_EXAMPLES = 200;
/** Room around the training examples, as a share of their extent. */
const MARGIN = 0.1;
/** State buffer with the inputs of a plane. */
const INPUTS = 'plane';

/** What networks are asked about this data set: its first test images, or a plane where it has two inputs and two classes. */
export function probeOf(dataset: Dataset): Probe | undefined {
  const { image, features, classes, test, train } = dataset;
  if (image) {
    const count = Math.min(IMAGES, test.count);
    return { what: 'images', ...image, pixels: stretched(test.values, count, features), labels: Uint8Array.from(test.labels.subarray(0, count)) };
  }
  if (features !== 2 || classes !== 2 || !(train.values instanceof Float32Array)) return undefined;
  const count = Math.min(SHOWN_EXAMPLES, test.count);
  return { what: 'plane', side: PLANE_SIDE, reach: planeReach(dataset), points: Float32Array.from(test.values.subarray(0, 2 * count)), labels: Uint8Array.from(test.labels.subarray(0, count)) };
}

/** A probe, and how it is put to networks. */
export interface Probing {
  readonly probe: Probe;
  /** True where an arm is asked: of ten images, what the main network makes of them says enough. */
  asks(arm: ArmId): boolean;
  /** Logits (classes, inputs of the probe) in a State buffer; a training step neither reads it nor writes what it reads. */
  trace(knobs: KnobLayout, spec: TrainerSpec): Trace;
  /** Brings the inputs of a plane to where the trace reads them; images stand with the data. */
  write(state: State): void;
  /** Reads what the program of the trace found. */
  job(arm: Arm, step: number, tell: (answers: Answers) => void): Job;
}

/** How networks are asked about a data set; undefined where it has nothing to ask about. */
export function probingOf(dataset: Dataset): Probing | undefined {
  const probe = probeOf(dataset);
  return probe && {
    probe,
    asks: (arm) => arm === 'main' || probe.what === 'plane',
    trace: (knobs, spec) => traceForward(knobs, spec, ANSWERS, (trace): Value => probe.what === 'images'
      ? traceBatch(trace, knobs, spec, 'test', probe.labels.length, 'sequential', 0).x
      : trace.view(trace.state(INPUTS, 'f32', 2 * probe.side ** 2), 'plane as a batch', 0, [2, probe.side ** 2])),
    write(state) {
      if (probe.what === 'plane') state.write(INPUTS, planePoints(probe));
    },
    job: (arm, step, tell) => ({
      parts: [wholeBuffer(arm, ANSWERS)],
      handle: ([logits]) => tell({ arm: arm.id, step, bytes: packAnswers(probe, dataset.classes, new Float32Array(logits as ArrayBuffer)) }),
    }),
  };
}

/** The first `count` images as bytes, each from its darkest pixel to its brightest: inputs may be normalised. */
function stretched(values: ArrayLike<number>, count: number, features: number): Uint8Array {
  const pixels = new Uint8Array(count * features);
  for (let from = 0; from < pixels.length; from += features) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = from; i < from + features; i++) {
      low = Math.min(low, values[i] as number);
      high = Math.max(high, values[i] as number);
    }
    for (let i = from; i < from + features && high > low; i++) pixels[i] = Math.round((255 * ((values[i] as number) - low)) / (high - low));
  }
  return pixels;
}

/** Least and largest of the first inputs, then of the second: a rectangle around all training examples. */
export function planeReach({ train }: Pick<Dataset, 'train'>): [x0: number, x1: number, y0: number, y1: number] {
  const reach = [0, 1].flatMap((axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = axis; i < train.values.length; i += 2) {
      low = Math.min(low, train.values[i]!);
      high = Math.max(high, train.values[i]!);
    }
    const room = MARGIN * (high - low);
    return [low - room, high + room];
  });
  return reach as [number, number, number, number];
}

/** Centres of the cells of the plane as a batch, (2, side x side): rows from the largest y down. */
export function planePoints({ side, reach: [x0, x1, y0, y1] }: Pick<Extract<Probe, { what: 'plane' }>, 'side' | 'reach'>): Float32Array<ArrayBuffer> {
  const points = side ** 2;
  const made = new Float32Array(2 * points);
  for (let p = 0; p < points; p++) {
    made[p] = x0 + ((p % side) + 0.5) * ((x1 - x0) / side);
    made[points + p] = y1 - (Math.floor(p / side) + 0.5) * ((y1 - y0) / side);
  }
  return made;
}
