/** Something that the person at the command line can put right: one line on stderr, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
