import { quote } from '../../engine/experiment/values.ts';
import { UsageError } from './usageError.ts';

/** An option of a command: `flag` stands alone, `value` takes one value and is given once, `list` may be repeated. */
export interface OptionSpec {
  kind: 'flag' | 'value' | 'list';
  /** What stands for the value in the help, such as `FILE`. */
  placeholder?: string;
  help: string;
}

/** The options of a command, by name without the dashes. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What was given: the values of each option in order; `true` for a flag. */
export interface Given {
  words: readonly string[];
  /** The value of an option that is given at most once. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
  has(name: string): boolean;
}

/**
 * Reads `--name value`, `--name=value` and plain words.
 * @param words most plain words that the command takes
 * @throws UsageError for anything else, listing the known options
 */
export function readArguments(args: readonly string[], table: OptionTable, words = 0): Given {
  const given = new Map<string, string[]>();
  const plain: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (!arg.startsWith('-')) {
      if (plain.push(arg) > words) throw new UsageError(`${quote(arg)} is not understood here. ${knownOptions(table)}`);
      continue;
    }
    const [, name = '', inline] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const spec = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!spec) throw new UsageError(`${quote(arg)} is no option of this command. ${knownOptions(table)}`);
    const found = given.get(name) ?? [];
    if (found.length > 0 && spec.kind !== 'list') throw new UsageError(`--${name} is given twice.`);
    if (spec.kind === 'flag' && inline !== undefined) throw new UsageError(`--${name} takes no value.`);
    const value = spec.kind === 'flag' ? 'true' : (inline ?? args[++at]);
    if (value === undefined || value === '' || (inline === undefined && spec.kind !== 'flag' && value.startsWith('--'))) {
      throw new UsageError(`--${name} needs a value: --${name} ${spec.placeholder ?? 'VALUE'}.`);
    }
    given.set(name, [...found, value]);
  }
  return { words: plain, value: (name) => given.get(name)?.[0], values: (name) => given.get(name) ?? [], has: (name) => given.has(name) };
}

function knownOptions(table: OptionTable): string {
  const names = Object.entries(table).map(([name, { placeholder }]) => `--${name}${placeholder ? ` ${placeholder}` : ''}`);
  return names.length > 0 ? `Known: ${names.join(', ')}.` : 'This command takes no options.';
}

/** A whole number in a range, written in plain digits. @throws UsageError that tells the range. */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not ${quote(text)}.`);
  return value;
}
