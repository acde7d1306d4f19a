import { runCommandLine } from './commands/runCommand.ts';
import { listenForInterrupts } from './commands/interrupt.ts';

listenForInterrupts();
// A reader that has seen enough, such as `head`, closes the pipe; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const code = await runCommandLine(process.argv.slice(2), {
  say: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
  progress: process.stderr,
});
// Dawn's threads would keep the process alive; where pipes are written to later, what was said has to be out first.
process.stdout.write('', () => process.exit(code));
