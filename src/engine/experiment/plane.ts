import type { Dataset } from '../data/dataset.ts';
import type { KnobLayout } from '../gpu/knobs.ts';
import type { Trace } from '../gpu/trace.ts';
import type { Inspection } from './events.ts';
import type { Arm } from './arm.ts';
import { classProbabilities } from './rows.ts';
import { traceForward, type TrainerSpec } from './trainer.ts';

/** Points along each side of the plane that a network of two inputs is asked about. */
export const PLANE_SIDE = 48;
/** Test examples that are shown on it. */
const SHOWN_EXAMPLES = 200;
/** Room around the training examples, as a share of their extent. */
const MARGIN = 0.1;

/** True where the inputs of a data set are points of a plane. */
export const isPlane = ({ features, train }: Pick<Dataset, 'features' | 'train'>): boolean => features === 2 && train.values instanceof Float32Array;

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
export function planePoints(dataset: Pick<Dataset, 'train'>): Float32Array<ArrayBuffer> {
  const [x0, x1, y0, y1] = planeReach(dataset);
  const points = PLANE_SIDE ** 2;
  const made = new Float32Array(2 * points);
  for (let p = 0; p < points; p++) {
    made[p] = x0 + ((p % PLANE_SIDE) + 0.5) * ((x1 - x0) / PLANE_SIDE);
    made[points + p] = y1 - (Math.floor(p / PLANE_SIDE) + 0.5) * ((y1 - y0) / PLANE_SIDE);
  }
  return made;
}

/** Logits (classes, points) of the State buffer `plane`, in the State buffer `plane logits`. */
export function tracePlane(knobs: KnobLayout, spec: TrainerSpec): Trace {
  return traceForward(knobs, spec, 'plane logits', (trace) => trace.view(trace.state('plane', 'f32', 2 * PLANE_SIDE ** 2), 'plane as a batch', 0, [2, PLANE_SIDE ** 2]));
}

/** What a network makes of the plane, and the first test examples. */
export function planeInspection(arm: Arm, dataset: Dataset, logits: Float32Array): Inspection {
  const examples = Math.min(SHOWN_EXAMPLES, dataset.test.count);
  return {
    what: 'plane', arm: arm.id, side: PLANE_SIDE, reach: planeReach(dataset), classes: dataset.classes, values: classProbabilities(logits, dataset.classes, PLANE_SIDE ** 2),
    inputs: Float32Array.from(dataset.test.values.subarray(0, 2 * examples)), labels: Uint32Array.from(dataset.test.labels.subarray(0, examples)),
  };
}
