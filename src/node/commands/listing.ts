import type { Dataset } from '../../engine/data/dataset.ts';
import type { Arm } from '../../engine/experiment/arm.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { createNetworks } from '../../engine/experiment/network.ts';
import { explainProgram, formatExplanation } from '../../engine/gpu/explain.ts';
import { readShaders } from '../shaders.ts';
import { createDryGpu, type DryBuffer } from '../../engine/gpu/dryGpu.ts';
import { createPipelines } from '../../engine/gpu/pipelines.ts';

/**
 * Everything that a run of an experiment does on the device, as text: each dispatch of each program, phase by phase,
 * then every buffer. Made without a device; equal experiments give equal text.
 */
export async function listExperiment(experiment: Experiment, dataset: Dataset): Promise<string> {
  const { gpu, buffers } = createDryGpu((device) => createPipelines(device, readShaders()));
  const networks = createNetworks(gpu, experiment, dataset);
  const sections: string[] = [];
  for (const [index, phase] of experiment.phases.entries()) {
    await networks.enterPhase(index);
    sections.push(`phase ${index}: ${phase.steps} steps, ${phase.sparsity.method}, ${phase.optimizer.name}, batch ${experiment.data.batch}, on ${dataset.id} (${dataset.train.count} + ${dataset.test.count} examples)${phase.format === 'auto' ? '; storage is chosen by measured times while it runs, and is listed as it begins: masked' : ''}\n`);
    sections.push(...listPrograms(networks.arms));
  }
  const { peakBytes } = networks.arena.counters();
  sections.push(listBuffers(buffers(), peakBytes));
  return sections.join('\n');
}

/** One section a program; a program of a control that does what one of the main network does is only named. */
function listPrograms(arms: readonly Arm[]): string[] {
  const seen = new Map<string, string>();
  return arms.flatMap((arm) => Object.values(arm.programs()).flatMap((program) => {
    if (!program) return [];
    const [title = '', ...body] = formatExplanation(explainProgram(program)).split('\n');
    const text = body.join('\n');
    const twin = seen.get(text);
    if (twin === undefined) seen.set(text, program.name);
    return [twin === undefined ? `${title}\n${text}` : `${title}\nthe same dispatches as ${twin}\n`];
  }));
}

/** The arena at the end: a line a buffer, then live and peak bytes. */
function listBuffers(buffers: readonly DryBuffer[], peakBytes: number): string {
  const width = Math.max(...buffers.map(({ label }) => label.length));
  const lines = buffers.map(({ label, size }) => `     ${label.padEnd(width)}  ${count(size).padStart(13)} B`);
  const live = buffers.reduce((sum, { size }) => sum + size, 0);
  return ['arena', ...lines, `live ${count(live)} B in ${buffers.length} buffers`, `peak ${count(peakBytes)} B, without the staging buffers that results are read through`, ''].join('\n');
}

/** Thousands by commas, whatever the system's language is. */
const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
