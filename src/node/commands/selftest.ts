import { fullSelfTest } from '../../engine/experiment/fullSelfTest.ts';
import { createProgress } from '../progress.ts';
import { type OptionTable, readArguments } from './arguments.ts';
import { alignedTable } from './list.ts';
import type { Command } from './command.ts';
import { openDevice } from './openDevice.ts';
import { writeWhole } from './outputFolder.ts';
import { UsageError } from './usageError.ts';

const OPTIONS = {
  full: { kind: 'flag', help: 'checks every operation, kernel variant and whole runs, and writes a report' },
  out: { kind: 'value', placeholder: 'FILE', help: 'the report of --full; sparseland-selftest.json where absent' },
} as const satisfies OptionTable;

/** `selftest [--full]`: does this device compute what it should? */
export const selftest: Command = {
  usage: 'selftest [--full] [--out FILE]',
  summary: 'checks the graphics device; with --full every operation, and writes a file to attach to a bug report',
  options: OPTIONS,
  async run(args, terminal) {
    const given = readArguments(args, OPTIONS);
    if (given.has('out') && !given.has('full')) throw new UsageError('--out is for the report of --full.');
    const device = await openDevice();
    if (!given.has('full')) {
      terminal.say(device.tested);
      return 0;
    }
    const progress = createProgress(terminal.progress);
    const report = await fullSelfTest(device.gpu, (done, total, check) => {
      progress.at(done, total, check.name);
      if (check.faults.length === 0) return;
      progress.clear();
      terminal.say(`FAILED ${check.name}: ${check.faults.join('; ')}`);
    });
    progress.clear();
    alignedTable(report.timings.map(({ name, medianStepMs, steps }) => [name, `${medianStepMs.toFixed(2)} ms a step`, `median of ${steps}`])).forEach(terminal.say);
    const out = given.value('out') ?? 'sparseland-selftest.json';
    writeWhole(out, `${JSON.stringify({ adapterName: device.name, ...report }, null, 2)}\n`);
    const failed = report.checks.filter(({ faults }) => faults.length > 0).length;
    terminal.say(`${report.checks.length - failed} of ${report.checks.length} checks passed on ${device.name} -> ${out}`);
    return report.ok ? 0 : 1;
  },
};
