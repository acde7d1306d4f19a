const MOST_NOTES = 50;

/** Sentences about what could not be taken as it was; their number is bounded, so that no input can flood a page. */
export interface Notes {
  /** Adds `path problem`. False once there are so many notes that no more are kept. */
  add(path: string, problem: string): boolean;
  /** All notes; the last one counts those that were not kept. */
  list(): string[];
}

/** An empty list of notes. */
export function createNotes(): Notes {
  const kept: string[] = [];
  let more = 0;
  return {
    add(path, problem) {
      if (kept.length < MOST_NOTES) kept.push(`${path} ${problem}`);
      else more++;
      return more === 0;
    },
    list: () => (more === 0 ? [...kept] : [...kept, `and at least ${more} more like these`]),
  };
}
