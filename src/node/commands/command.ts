import type { OptionTable } from './arguments.ts';

/** Where a command writes; tests hand in their own. */
export interface Terminal {
  /** Results: a line on stdout. */
  say(line: string): void;
  /** Remarks: a line on stderr. */
  warn(line: string): void;
  /** The stream that progress is drawn on. */
  progress: { isTTY?: boolean; columns?: number; write(text: string): unknown };
}

/** One command of the command line. */
export interface Command {
  /** Its form, as the help shows it. */
  usage: string;
  /** What it does, in one sentence. */
  summary: string;
  options: OptionTable;
  /** Gives the exit code. @throws UsageError, and the errors of adapters and data, for what the person can put right. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
