import type { KnobValue } from '../experiment/card.ts';

/**
 * Dimensions of a weight tensor: [out, in] or, for a convolution, [out, in, height, width].
 * Only products and sums matter, so the order of the dimensions of a kernel does not.
 */
export type Dims = readonly number[];

const product = (dims: Dims): number => dims.reduce((a, b) => a * b, 1);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** How active weights are spread over layers. */
interface Distribution {
  /** A layer's unscaled density; all that are not fixed are scaled together to what is left of the total. */
  share(dims: Dims): number;
  /** Densities that some layers have whatever the others have, by the layer's number. */
  fixed?(shapes: readonly Dims[], density: number): ReadonlyMap<number, number>;
}

/** Least density of the last layer under `uniform-plus`. */
const UNIFORM_PLUS_LAST = 0.2;

const erk = (dims: Dims): number => sum(dims) / product(dims);

/**
 * Distributions of the active weights over layers.
 *
 * - `uniform`: every layer the same density.
 * - `uniform-plus`: a convolution that comes first is dense, the last layer has at least a fifth of its weights (Gale et al.
 *   2019). The others are scaled so that the total is exact; the code of Liu et al. 2022 leaves it inexact.
 * - `er`: (out + in) / (out in), Erdos-Renyi (Mocanu et al. 2018); kernel dimensions are left out.
 * - `erk`: sum of all dimensions over their product (Evci et al. 2020); equal to `er` for layers without kernels.
 * - `erk-plus`: the last layer is dense, the others share what is left as in `erk` (Liu et al. 2022).
 */
export const DISTRIBUTIONS = {
  uniform: { share: () => 1 },
  'uniform-plus': {
    share: () => 1,
    fixed: (shapes, density) => new Map([
      ...(shapes.length > 1 && (shapes[0]?.length ?? 0) > 2 ? [[0, 1] as const] : []),
      ...(density < UNIFORM_PLUS_LAST ? [[shapes.length - 1, UNIFORM_PLUS_LAST] as const] : []),
    ]),
  },
  er: { share: (dims) => sum(dims.slice(0, 2)) / product(dims.slice(0, 2)) },
  erk: { share: erk },
  'erk-plus': { share: erk, fixed: (shapes) => new Map([[shapes.length - 1, 1]]) },
} as const satisfies Record<string, Distribution>;

/** Name of a distribution. */
export type DistributionId = keyof typeof DISTRIBUTIONS;

/**
 * Density of each layer as a real number, so that sum(density_l N_l) = density sum(N_l).
 *
 * Layers whose share would exceed 1 become dense, all those with the largest share at a time, and the rest is scaled
 * again to the budget that is left. `power` is the exponent of the unscaled density (`erk_power_scale` in the official
 * RigL code). Fixed densities that alone exceed the budget are scaled down to it. Densities outside [0, 1] are clamped.
 */
export function layerDensities(
  distribution: DistributionId,
  shapes: readonly Dims[],
  density: number,
  power = 1,
): number[] {
  const rule: Distribution = DISTRIBUTIONS[distribution];
  const sizes = shapes.map(product);
  const raw = shapes.map((dims) => (product(dims) === 0 ? 0 : rule.share(dims) ** power));
  const clamped = Math.min(1, Math.max(0, density));
  const budget = clamped * sum(sizes);
  const settled = new Map(rule.fixed?.(shapes, clamped));
  const spent = (): number => sum([...settled].map(([i, d]) => d * sizes[i]!));
  const over = spent() / budget;
  if (over > 1) for (const [i, d] of settled) settled.set(i, d / over);
  for (;;) {
    const sparse = raw.map((_, i) => i).filter((i) => !settled.has(i) && sizes[i]! > 0);
    if (sparse.length === 0) break;
    const scale = (budget - spent()) / sum(sparse.map((i) => raw[i]! * sizes[i]!));
    const largest = Math.max(...sparse.map((i) => raw[i]!));
    if (scale * largest <= 1) {
      return raw.map((value, i) => settled.get(i) ?? Math.max(0, scale * value));
    }
    for (const i of sparse) if (raw[i] === largest) settled.set(i, 1);
  }
  return raw.map((_, i) => settled.get(i) ?? 0);
}

/**
 * Whole numbers of active weights, nearest to `densities[l] * sizes[l]` with a given total (largest remainders first,
 * ties to the lower index). Each count is in [0, size], and at least 1 where the layer has weights and `total` > 0;
 * a total below the number of layers is raised to it, one above the number of weights lowered to that.
 */
export function exactCounts(densities: readonly number[], sizes: readonly number[], total: number): number[] {
  const filled = sizes.filter((size) => size > 0).length;
  const goal = total <= 0 ? 0 : Math.min(sum(sizes), Math.max(filled, Math.round(total)));
  const least = sizes.map((size) => (goal > 0 && size > 0 ? 1 : 0));
  const ideal = sizes.map((size, i) => Math.min(size, Math.max(0, densities[i]! * size)));
  // The tolerance keeps a share of 16384.999999999998 from losing the weight that rounding took from it.
  const counts = ideal.map((value, i) => Math.max(least[i]!, Math.floor(value + 1e-9)));

  const missing = (): number => goal - sum(counts);
  while (missing() !== 0) {
    const grows = missing() > 0;
    // Most wanting first when the sum is short, most satisfied first when the ones have made it too long.
    const order = counts
      .map((_, i) => i)
      .filter((i) => (grows ? counts[i]! < sizes[i]! : counts[i]! > least[i]!))
      .sort((a, b) => (grows ? 1 : -1) * (ideal[b]! - counts[b]! - (ideal[a]! - counts[a]!)) || a - b);
    for (const i of order.slice(0, Math.abs(missing()))) counts[i]! += grows ? 1 : -1;
  }
  return counts;
}

/**
 * Active weights of each layer for a total density over all given layers. Layers that a switch keeps dense are not
 * part of `shapes` (see `isMaskable`) and have no share in the budget. The sum is round(density N), raised to one
 * weight a layer where that is more.
 * @param groups where masks switch groups of weights: how many each layer has. Then counts are of groups, and a layer
 *   gets the same density.
 */
export function layerCounts(
  distribution: DistributionId,
  shapes: readonly Dims[],
  density: number,
  power = 1,
  groups: readonly number[] = shapes.map(product),
): number[] {
  const densities = layerDensities(distribution, shapes, density, power);
  // The share of all weights is free of the noise of a sum over layers.
  const total = shapes.every((dims, l) => product(dims) === groups[l]) ? density * sum(groups) : sum(densities.map((d, l) => d * groups[l]!));
  return exactCounts(densities, groups, total);
}

/**
 * Whether the method masks layer `index` of `layers`, given its `denseFirst` and `denseLast` knobs (false when absent).
 * The plan is made for the maskable layers alone: a method's density never counts the others.
 */
export function isMaskable(index: number, layers: number, knobs: Readonly<Record<string, KnobValue>>): boolean {
  return !((index === 0 && knobs.denseFirst === true) || (index === layers - 1 && knobs.denseLast === true));
}
