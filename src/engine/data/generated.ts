import { PURPOSE, randomUniform, randomUniformArray } from '../random.ts';
import type { DataSpec } from '../experiment/experiment.ts';
import type { Dataset, Examples } from './dataset.ts';

/** Test examples of generated sets. */
const TEST = 1000;

/** Draws for one example: number k of example i. Train and test are different stretches of one stream. */
type Draw = (k: number) => number;
/** Makes the i-th example. Labels that follow from `i` alone make classes of equal size. */
type Make = (draw: Draw, i: number) => { x: readonly number[]; label: number };

/** Sum of twelve uniforms less six (Irwin and Hall): nearly normal, and exact in every browser, unlike log and cos. */
function noise(draw: Draw, first: number): number {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += draw(first + k);
  return sum;
}

/** Sine by its Taylor polynomial on [-pi, pi], error below 1e-9: the same bits in every engine, as Math.sin is not. */
export function sine(x: number): number {
  const turns = Math.round(x / (2 * Math.PI));
  const t = x - turns * 2 * Math.PI;
  let term = t;
  let sum = t;
  for (let n = 1; n < 12; n++) {
    term *= (-t * t) / ((2 * n) * (2 * n + 1));
    sum += term;
  }
  return sum;
}
const cosine = (x: number): number => sine(x + Math.PI / 2);

function examples(count: number, first: number, features: number, seed: number, make: Make): Examples {
  const values = new Float32Array(count * features);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const { x, label } = make((k) => randomUniform(seed, PURPOSE.data, k, first + i), i);
    values.set(x, i * features);
    labels[i] = label;
  }
  return { count, values, labels };
}

function generated(id: string, title: string, features: number, classes: number, spec: DataSpec, seed: number, make: Make): Dataset {
  return {
    id, title, features, classes, scale: 1, shift: 0, mean: 0, std: 1, licence: 'CC0-1.0', source: 'generated from the seed',
    train: examples(spec.samples, 0, features, seed, make),
    test: examples(TEST, spec.samples, features, seed, make),
  };
}

/** Two interleaved half circles. */
export function twoMoons(spec: DataSpec, seed: number): Dataset {
  return generated('moons', 'Two moons', 2, 2, spec, seed, (draw, i) => {
    const label = i % 2;
    const angle = Math.PI * draw(0);
    const x = label === 0 ? [cosine(angle) - 0.5, sine(angle) - 0.25] : [0.5 - cosine(angle), 0.25 - sine(angle)];
    return { label, x: x.map((v, d) => v + spec.noise * noise(draw, 1 + 12 * d)) };
  });
}

/** Two spiral arms of one and a half turns. */
export function spirals(spec: DataSpec, seed: number): Dataset {
  return generated('spirals', 'Two spirals', 2, 2, spec, seed, (draw, i) => {
    const label = i % 2;
    const radius = 0.1 + 0.9 * draw(0);
    const angle = 3 * Math.PI * radius + Math.PI * label;
    return { label, x: [radius * cosine(angle), radius * sine(angle)].map((v, d) => v + 0.5 * spec.noise * noise(draw, 1 + 12 * d)) };
  });
}

const TEACHER = { inputs: 16, hidden: 8, classes: 4 } as const;

/**
 * Points in a cube labelled by a random network (teacher and student): the largest of four outputs of a ReLU net
 * 16-8-4 with noise. How often each class occurs depends on the seed: 2 to 50 % in 400 of them.
 */
export function teacherStudent(spec: DataSpec, seed: number): Dataset {
  const { inputs, hidden, classes } = TEACHER;
  const weights = (layer: number, count: number): Float32Array => randomUniformArray(seed, PURPOSE.split, layer, count, -1, 1);
  const first = weights(0, hidden * inputs);
  const second = weights(1, classes * hidden);
  /** Row `row` of a matrix times a vector. */
  const dot = (matrix: Float32Array, row: number, x: readonly number[]): number => x.reduce((sum, v, k) => sum + v * (matrix[row * x.length + k] ?? 0), 0);
  return generated('teacher', 'Teacher and student', inputs, classes, spec, seed, (draw) => {
    const x = Array.from({ length: inputs }, (_, d) => 2 * draw(d) - 1);
    // Centred, so that no class wins everywhere.
    const h = Array.from({ length: hidden }, (_, u) => Math.max(0, dot(first, u, x)) - 0.5);
    const out = Array.from({ length: classes }, (_, c) => dot(second, c, h) + spec.noise * noise(draw, inputs + 12 * c));
    return { x, label: out.indexOf(Math.max(...out)) };
  });
}
