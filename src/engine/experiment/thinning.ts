/** Something that happened at a step. */
interface AtStep {
  readonly step: number;
}

/** Number of the newest entry at or before a step; -1 before the first. Steps never fall. */
export function newestUpTo(entries: readonly AtStep[], step: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as AtStep).step <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Numbers of the entries that stay, rising, where at most `count` may: the first and the last, those that `must`, and of
 * windows of equally many steps the last one. So a thinned history is no coarser at its beginning than at its end.
 */
export function spreadOverSteps(entries: readonly AtStep[], count: number, must: readonly number[]): number[] {
  const last = entries.length - 1;
  const kept = new Set([0, last, ...must]);
  const first = entries[0]?.step ?? 0;
  const span = Math.max(1, (entries[last]?.step ?? 0) - first);
  const windows = Math.floor(count - kept.size);
  const windowOf = ({ step }: AtStep): number => Math.min(windows - 1, Math.floor(((step - first) * windows) / span));
  for (let i = 0; windows > 0 && i < last; i++) {
    if (windowOf(entries[i] as AtStep) !== windowOf(entries[i + 1] as AtStep)) kept.add(i);
  }
  return [...kept].sort((a, b) => a - b);
}
