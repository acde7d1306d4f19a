import type { Dataset } from '../../engine/data/dataset.ts';
import { phaseStarts } from '../../engine/experiment/phases.ts';
import { maskedFlops, programFlops, sharesOf } from '../../engine/experiment/cost.ts';
import type { MetricRows } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { createNetworks } from '../../engine/experiment/network.ts';
import { readShaders } from '../shaders.ts';
import { createDryGpu } from '../../engine/gpu/dryGpu.ts';
import { createPipelines } from '../../engine/gpu/pipelines.ts';

/**
 * Theoretical FLOPs of the main network's steps `from` to `to`, by the rule of cost.ts: each step's products count with
 * the density that its layers had, as the mask rows tell. A step that updated masks counts with the program that does.
 */
export async function trainingFlops(experiment: Experiment, dataset: Dataset, rows: readonly MetricRows[], from: number, to: number): Promise<{ sparse: number; dense: number }> {
  const { gpu } = createDryGpu((device) => createPipelines(device, readShaders()));
  const networks = createNetworks(gpu, { ...experiment, beside: { random: false, dense: false } }, dataset);
  const [main] = networks.arms;
  const masks = rows.filter((r) => r.arm === 'main' && r.table === 'mask').flatMap((r) => Array.from(r.step, (step, i) => ({ step, density: densitiesOf(r, i) })));
  const starts = phaseStarts(experiment);
  let [sparse, dense, mask] = [0, 0, 0];
  for (let phase = 0; phase < experiment.phases.length && main; phase++) {
    const [first, end] = [Math.max(from, starts[phase] ?? 0), Math.min(to, starts[phase + 1] ?? 0)];
    if (first >= end) continue;
    await networks.enterPhase(phase);
    const flopsOf = (t: number, update: boolean, density: ReadonlyMap<string, number>): number => {
      const shares = sharesOf(main, density, t - (starts[phase] ?? 0), update);
      return sum(main.runs(update).map((program) => maskedFlops(program, shares)));
    };
    const denseFlops = sum(main.runs(false).map(programFlops));
    const updated = new Set(masks.map((m) => m.step));
    let known: { mask: number; seesAll: boolean; flops: number } | undefined;
    for (let t = first; t < end; t++) {
      while ((masks[mask + 1]?.step ?? Infinity) <= t) mask++;
      const density = masks[mask]?.density ?? new Map<string, number>();
      const update = updated.has(t + 1);
      const { seesAll } = main.passRule(t - (starts[phase] ?? 0), update);
      if (!update && (known?.mask !== mask || known.seesAll !== seesAll)) known = { mask, seesAll, flops: flopsOf(t, false, density) };
      sparse += !update && known ? known.flops : flopsOf(t, true, density);
      dense += denseFlops;
    }
  }
  networks.destroy();
  return { sparse, dense };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Density of each weight, from the columns `fc1.density` and so on. */
function densitiesOf({ columns }: MetricRows, i: number): Map<string, number> {
  return new Map(Object.entries(columns).filter(([name]) => name.endsWith('.density')).map(([name, values]) => [`${name.slice(0, -'.density'.length)}.weight`, values[i] ?? 1]));
}
