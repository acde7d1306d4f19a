import { loadDataset } from '../../engine/data/index.ts';
import { measurePlasticity, type PlasticityRow } from '../../engine/experiment/plasticity.ts';
import { PHASE_KNOBS } from '../../engine/experiment/schema.ts';
import { quote } from '../../engine/experiment/values.ts';
import { nodeData } from '../data.ts';
import { type OptionTable, readArguments, wholeNumber } from './arguments.ts';
import { chooseExperiment, EXPERIMENT_OPTIONS } from './chooseExperiment.ts';
import type { Command } from './command.ts';
import { alignedTable } from './list.ts';
import { openDevice } from './openDevice.ts';
import { UsageError } from './usageError.ts';

const OPTIONS = {
  ...EXPERIMENT_OPTIONS,
  at: { kind: 'value', placeholder: 'STEP,...', help: 'steps at which the run is pruned; a quarter, a half and three quarters where absent' },
  share: { kind: 'value', placeholder: 'SHARE,...', help: 'shares of the active weights that are pruned; 0.5,0.9 where absent' },
  continue: { kind: 'value', placeholder: 'N', help: 'steps that training goes on afterwards; a tenth of the run where absent' },
} as const satisfies OptionTable;

const COLUMNS = ['step', 'share', 'regrow', 'left', 'before', 'pruned', 'after', 'unpruned', 'plasticity'];

/** `plasticity --preset ID`: prunes a run at some of its steps, and tells how far training on brings it back. */
export const plasticity: Command = {
  usage: 'plasticity --preset ID [--at STEP,...] [--share SHARE,...] [--continue N]',
  summary: 'prunes a run at some of its steps, and tells how far training on brings it back',
  options: OPTIONS,
  async run(args, terminal) {
    const given = readArguments(args, OPTIONS);
    const experiment = chooseExperiment(given);
    const [phase, ...others] = experiment.phases;
    if (!phase || others.length > 0) throw new UsageError('plasticity takes experiments of one phase.');
    const at = given.value('at')?.split(',').map((text) => wholeNumber('at', text, 1, phase.steps)) ?? [0.25, 0.5, 0.75].map((part) => Math.max(1, Math.round(part * phase.steps)));
    const shares = (given.value('share') ?? '0.5,0.9').split(',').map(readShare);
    const steps = given.value('continue');
    const probe = { at, shares, steps: steps === undefined ? Math.max(1, Math.round(phase.steps / 10)) : wholeNumber('continue', steps, 1, PHASE_KNOBS.steps.max) };
    const dataset = await loadDataset(experiment.data, experiment.seed, nodeData(terminal.warn));
    const { gpu } = await openDevice();
    const rows: PlasticityRow[] = [];
    for await (const row of measurePlasticity(gpu, experiment, dataset, probe)) rows.push(row);
    if (!rows.some((row) => row.regrow)) terminal.warn('Without regrowth: it is measured along methods that keep their density.');
    alignedTable([COLUMNS, ...rows.map(cells)]).forEach(terminal.say);
    return 0;
  },
};

function readShare(text: string): number {
  const share = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(share >= 0 && share <= 1)) throw new UsageError(`--share takes numbers from 0 to 1 with commas between, not ${quote(text)}.`);
  return share;
}

/** Accuracies in percent; plasticity in points. */
function cells({ at, share, regrow, left, before, pruned, after, unpruned }: PlasticityRow): string[] {
  const percent = (value: number): string => (100 * value).toFixed(2);
  return [String(at), String(share), regrow ? 'yes' : 'no', String(left), ...[before, pruned, after, unpruned].map(percent), `${after >= before ? '+' : ''}${percent(after - before)}`];
}
