import { DataError } from '../../engine/data/dataset.ts';
import { quote } from '../../engine/experiment/values.ts';
import type { Command, Terminal } from './command.ts';
import { alignedTable } from './list.ts';
import { COMMANDS } from './index.ts';
import { UsageError } from './usageError.ts';

/**
 * Runs one command line and gives its exit code: 0 when all went well, 1 when a run or test failed, 2 with one line on
 * stderr when what was asked for cannot be done.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [name, ...rest] = args;
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      help().forEach(terminal.say);
      return 0;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new UsageError(`There is no command ${quote(name)}. Known: ${Object.keys(COMMANDS).join(', ')}.`);
    if (rest.includes('--help') || rest.includes('-h')) {
      helpOf(command).forEach(terminal.say);
      return 0;
    }
    return await command.run(rest, terminal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    terminal.warn(`sparseland: ${message.replace(/\s+/g, ' ').trim()}`);
    const known = error instanceof UsageError || error instanceof DataError;
    // Anything else is a fault of the program: whoever looks for it wants to know where.
    if (!known && process.env['SPARSELAND_DEBUG'] && error instanceof Error) terminal.warn(error.stack ?? '');
    return known ? 2 : 1;
  }
}

function help(): string[] {
  const rows = Object.values(COMMANDS).map(({ usage, summary }) => [`  ${usage}`, summary] as const);
  return ['Sparse neural-network training for real. npm run sparseland -- COMMAND', '', ...rows.flatMap(([usage, summary]) => [usage, `      ${summary}`]), '', 'COMMAND --help lists the options. SPARSELAND_ADAPTER chooses among default, swiftshader and lavapipe.'];
}

function helpOf({ usage, summary, options }: Command): string[] {
  const rows = Object.entries(options).map(([name, { placeholder, help: words }]) => [`  --${name}${placeholder ? ` ${placeholder}` : ''}`, words]);
  return [`npm run sparseland -- ${usage}`, `      ${summary}`, '', ...alignedTable(rows)];
}
