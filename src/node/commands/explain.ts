import { loadDataset } from '../../engine/data/index.ts';
import { nodeData } from '../data.ts';
import { readArguments } from './arguments.ts';
import { chooseExperiment, EXPERIMENT_OPTIONS } from './chooseExperiment.ts';
import type { Command } from './command.ts';
import { listExperiment } from './listing.ts';

/** `explain --preset ID`: every dispatch of each program, the arena and its peak. Needs no device. */
export const explain: Command = {
  usage: 'explain --preset ID',
  summary: 'prints every dispatch of each program, the buffers and the peak; needs no graphics device',
  options: EXPERIMENT_OPTIONS,
  async run(args, terminal) {
    const experiment = chooseExperiment(readArguments(args, EXPERIMENT_OPTIONS));
    const dataset = await loadDataset(experiment.data, experiment.seed, nodeData(terminal.warn));
    terminal.say((await listExperiment(experiment, dataset)).trimEnd());
    return 0;
  },
};
