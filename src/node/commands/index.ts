import type { Command } from './command.ts';
import { bench } from './bench.ts';
import { claim } from './claim.ts';
import { explain } from './explain.ts';
import { list } from './list.ts';
import { plasticity } from './plasticity.ts';
import { selftest } from './selftest.ts';
import { sweep } from './sweep.ts';
import { train } from './train.ts';

/** All commands by name. A new command is one file and one line here. */
export const COMMANDS: Readonly<Record<string, Command>> = { list, train, explain, plasticity, claim, sweep, selftest, bench };
