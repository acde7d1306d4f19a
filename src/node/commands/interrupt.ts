/** What is done before the process ends, last registered first. */
const cleanups: (() => void)[] = [];
/** What takes the first Ctrl-C, in place of the end of the process. */
let first: (() => void) | undefined;

/**
 * Registers what has to happen when the process is interrupted or ends; `once` takes the first Ctrl-C itself and lets
 * the process go on. Returns what takes it back.
 */
export function onInterrupt(act: () => void, mode: 'end' | 'once' = 'end'): () => void {
  if (mode === 'once') {
    first = act;
    return () => void (first = undefined);
  }
  cleanups.unshift(act);
  return () => void cleanups.splice(cleanups.indexOf(act), 1);
}

/** Makes Ctrl-C, kill and a closed terminal end the process through the registered cleanups. Called once, by main. */
export function listenForInterrupts(): void {
  // Without this handler Node would end at once, and no cleanup would run.
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      const act = first;
      first = undefined;
      if (signal === 'SIGINT' && act) act();
      else process.exit(code);
    });
  }
  process.on('exit', () => cleanups.splice(0).forEach((act) => act()));
}
