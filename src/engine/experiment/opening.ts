import type { Arena } from '../gpu/arena.ts';
import type { Gpu } from '../gpu/device.ts';
import type { KnobLayout, KnobValues } from '../gpu/knobs.ts';
import type { Program, Workspace } from '../gpu/program.ts';
import { readNow, type ReadPart } from '../gpu/readback.ts';
import type { Trace } from '../gpu/trace.ts';
import { traceFlow } from '../nn/flow.ts';
import { slotCount } from '../optim/optimizer.ts';
import { traceMaskUpdate } from '../sparsity/gpuUpdate.ts';
import type { Opening } from '../sparsity/method.ts';
import { runAlone } from './armPrograms.ts';
import { COUNT_ROWS, traceGradients, type TrainerSpec } from './trainer.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Weights that each round of an opening keeps, per layer or, with scope `global`, of all together: geometrically from
 * all `sizes` to `counts`, which the last round meets exactly.
 */
export function openingCounts({ rounds, scope }: Pick<Opening, 'rounds' | 'scope'>, sizes: readonly number[], counts: readonly number[]): number[][] {
  const [from, to] = scope === 'global' ? [[sum(sizes)], [sum(counts)]] : [sizes, counts];
  return Array.from({ length: rounds }, (_, r) => to.map((count, i) => {
    const all = from[i] as number;
    return r === rounds - 1 ? count : Math.max(count, Math.round(all * (count / all) ** ((r + 1) / rounds)));
  }));
}

/** One round: gradients of all weights, scores, and a mask update that drops. Knobs: those of a step and of a mask update. */
export function traceOpening(knobs: KnobLayout, spec: TrainerSpec, { gradient, score, scope }: Opening): Trace {
  const { layout, plan, seed } = spec;
  const trace = gradient === 'flow' ? traceFlow(knobs, spec.network, spec.dataset.features, layout) : traceFirstBatch(knobs, spec);
  traceMaskUpdate(trace, knobs, {
    method: { update: (moves) => moves.drop(score) }, plan: { ...plan, scope },
    layout, slotCount: slotCount(spec.optimizer.name), seed, ringRows: COUNT_ROWS,
  });
  return trace;
}

/** Gradients of the loss of the batch that training sees first; of several micro-batches, the first. */
function traceFirstBatch(knobs: KnobLayout, spec: TrainerSpec): Trace {
  return traceGradients(knobs, { ...spec, batch: spec.batch / spec.accumulate, accumulate: 1, storage: { format: () => 'masked', indexed: new Map() }, frozen: [] }, false).tape.trace;
}

/** Runs the rounds of an opening on a dense network, one by one, and reads the mask that is left; waits for the device. */
export async function runOpening(gpu: Gpu, arena: Arena, workspace: Workspace, program: Program, masks: ReadPart, rounds: readonly (readonly number[])[], knobs: KnobValues): Promise<Uint32Array> {
  for (const keep of rounds) {
    workspace.rows.fill(0, { ...knobs, keep, grow: keep.map(() => 0) });
    workspace.rows.write(1);
    runAlone(gpu, program);
  }
  const [mask] = await readNow(gpu.device, arena, [masks]);
  return new Uint32Array(mask as ArrayBuffer);
}
