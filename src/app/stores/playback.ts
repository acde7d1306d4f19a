import { create } from 'zustand';

/** Octaves of the speed at which recordings are played: 0 plays a run in about a quarter of a minute. */
export const SLOWEST = -2;
/** The largest speed, 64 times. */
export const LARGEST = 6;
/** Octaves between two speeds. */
export const SPEED_STEP = 0.5;
/** Next to the largest speed: as fast as pictures can be drawn. */
export const AS_DRAWN = LARGEST + SPEED_STEP;

const KEY = 'sparseland.playback';

/** How fast recordings are played, in octaves; beyond LARGEST, every mask update is drawn once, as fast as that goes. */
export const usePlayback = create<{ octave: number }>()(() => ({ octave: stored() }));

function stored(): number {
  try {
    return speedNear(Number(localStorage.getItem(KEY) ?? 0));
  } catch {
    // Storage may be forbidden: then every visit begins with the usual speed.
    return 0;
  }
}

/** The speed that is nearest to a number of octaves. */
function speedNear(octave: number): number {
  if (!Number.isFinite(octave)) return 0;
  return Math.min(AS_DRAWN, Math.max(SLOWEST, Math.round(octave / SPEED_STEP) * SPEED_STEP));
}

/** Chooses a speed, also of a recording that plays, and remembers it. */
export function setPlayback(octave: number): void {
  usePlayback.setState({ octave: speedNear(octave) });
  try {
    localStorage.setItem(KEY, String(usePlayback.getState().octave));
  } catch {
    // The choice then lasts as long as the page.
  }
}

/** A speed in words, short for the eye: `0.25×`, `1.4×`, `64×`, `as drawn`. */
export function speedWords(octave: number): { short: string; long: string } {
  if (octave > LARGEST) return { short: 'as drawn', long: 'as fast as every mask update can be drawn' };
  const times = Number((2 ** octave).toPrecision(2));
  return { short: `${times}×`, long: `${times} times` };
}
