import { join } from 'node:path';
import { claimHash, type Claim } from '../../engine/claims/claim.ts';
import { CLAIMS } from '../../engine/claims/index.ts';
import { judge } from '../../engine/claims/judge.ts';
import { wordsOf } from '../../engine/claims/words.ts';
import { quote } from '../../engine/experiment/values.ts';
import { claimReport, comparedAt, runsCsv } from '../claims/claimReport.ts';
import { CLAIM_FILES, openClaimFolder } from '../claims/keptRuns.ts';
import { runClaim, type ClaimProgress } from '../claims/runClaim.ts';
import { nodeData } from '../data.ts';
import { createProgress, duration } from '../progress.ts';
import { type OptionTable, readArguments, wholeNumber } from './arguments.ts';
import type { Command, Terminal } from './command.ts';
import { alignedTable } from './list.ts';
import { openDevice } from './openDevice.ts';
import { UsageError } from './usageError.ts';

const OPTIONS = {
  seeds: { kind: 'value', placeholder: 'N', help: 'seeds 1 to N; as the claim says where absent' },
  out: { kind: 'value', placeholder: 'DIR', help: 'folder for runs and report, and to go on from; runs/claim-<id> where absent' },
} as const satisfies OptionTable;

/** Most seeds of a claim or a sweep. */
export const MAX_SEEDS = 100;

/** `claim ID`: runs what a claim compares, and says whether it is shown. */
export const claim: Command = {
  usage: 'claim ID [--seeds N] [--out DIR]',
  summary: 'runs what a claim of a paper compares, seed by seed, and says whether it is shown',
  options: OPTIONS,
  async run(args, terminal) {
    const given = readArguments(args, OPTIONS, 1);
    const chosen = chooseClaim(given.words[0]);
    const asked = given.value('seeds');
    const seeds = asked === undefined ? chosen.seeds : wholeNumber('seeds', asked, 1, MAX_SEEDS);
    await settle(chosen, seeds, given.value('out') ?? join('runs', `claim-${chosen.id}`), terminal);
    return 0;
  },
};

function chooseClaim(id: string | undefined): Claim {
  const known = `Known: ${Object.keys(CLAIMS).join(', ')}.`;
  if (id === undefined) throw new UsageError(`Say which claim. ${known}`);
  const found = Object.hasOwn(CLAIMS, id) ? CLAIMS[id] : undefined;
  if (!found) throw new UsageError(`There is no claim ${quote(id)}. ${known}`);
  return found;
}

/**
 * Runs what is missing of a claim in a folder, judges it, prints points, intervals and verdict, and writes them.
 * @throws UsageError where fewer seeds are asked for than an earlier verdict in the folder had: a verdict is on all
 */
export async function settle(claim: Claim, seeds: number, out: string, terminal: Terminal, open: typeof openDevice = openDevice): Promise<void> {
  const hash = await claimHash(claim);
  const folder = openClaimFolder(out, hash);
  const looks = folder.looks();
  refuseFewer(looks, seeds, out);
  const progress = createShown(terminal);
  const runs = await runClaim({ claim, hash, seeds, folder, openDevice: open, fetchBytes: nodeData(terminal.warn), tell: progress.tell }).finally(progress.clear);
  const judgement = judge(claim, runs, looks);
  wordsOf(claim, judgement).forEach(terminal.say);
  terminal.say('');
  alignedTable(comparedAt(claim, judgement, runs)).forEach(terminal.say);
  folder.write('table', runsCsv(claim, runs));
  folder.write('report', `${JSON.stringify(claimReport(claim, hash, judgement, runs, [...new Set([...looks, judgement.seeds.length])]), null, 2)}\n`);
  terminal.say('');
  terminal.say(`${runs.length} runs on ${runs[0]?.adapter ?? 'no device'} -> ${join(out, CLAIM_FILES.report)}, ${join(out, CLAIM_FILES.table)}`);
}

/** Seeds cannot be picked out of those that a verdict was given on. @throws UsageError where fewer are asked for */
export function refuseFewer(looks: readonly number[], seeds: number, out: string): void {
  const most = Math.max(0, ...looks);
  if (seeds < most) throw new UsageError(`${out} was judged on ${most} seeds already, and fewer cannot be picked out of them: --seeds ${most} or more, or another folder with --out DIR.`);
}

/** A line drawn over itself on a terminal; elsewhere a line a run. No values: nobody should look before the end. */
export function createShown(terminal: Terminal): { tell(progress: ClaimProgress): void; clear(): void } {
  const line = createProgress(terminal.progress);
  let told = 0;
  return {
    tell({ arm, seed, run, runs, share, leftMs }) {
      const words = `${String(Math.floor(100 * share)).padStart(3)} %  run ${run} of ${runs}: ${arm.id}, seed ${seed}${leftMs === undefined ? '' : `, ${duration(leftMs)} left`}`;
      if (terminal.progress.isTTY) line.tell(words);
      else if (told !== run) terminal.warn(words);
      told = run;
    },
    clear: line.clear,
  };
}
