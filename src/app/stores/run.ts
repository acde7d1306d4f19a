import { create } from 'zustand';
import { formatCount, formatDuration, formatQuantity } from '../text/numbers.ts';
import type { AdapterFacts } from '../../engine/experiment/events.ts';

/** What the page is doing. `idle` shows the initial mask and waits for Play. */
export type RunState =
  | 'idle' | 'loading' | 'compiling' | 'training' | 'paused' | 'finished' | 'diverged' | 'recovering' | 'replaying' | 'failed';

/** Where the shown log comes from: nothing run yet, a bundled recording, or this device. */
export type Source = 'preview' | 'recording' | 'live';

/** Why training cannot go on, and what the reader can do: one sentence, and one action where the page can do it. */
export interface Problem {
  kind: 'no-webgpu' | 'insecure' | 'no-adapter' | 'lost' | 'diverged' | 'failed';
  sentence: string;
  action: 'reset' | 'halve-rate' | 'recording' | null;
}

/** A run that was cut off, kept in the browser over a reload. */
export interface KeptRun {
  step: number;
  /** A checkpoint. */
  bytes: Uint8Array;
}

/** A run of another link that is kept. */
export interface LastRun {
  link: string;
  step: number;
}

/** State of the run and of the device; what was measured is in the log. */
export interface RunStore {
  state: RunState;
  source: Source;
  /** Newest step of the shown log. */
  step: number;
  totalSteps: number;
  adapter: AdapterFacts | null;
  compiling: { done: number; total: number } | null;
  /** Compressed bytes of the data set that have come; null where none were told. */
  loading: { done: number; total: number } | null;
  problem: Problem | null;
  /** How far a branch is on its way to where it leaves the other run. */
  replaying: { step: number; to: number; leftMs: number } | null;
  /** The step from which the run went on after the device was lost; null where it never was. */
  recoveredFrom: number | null;
  /** A run of this very link that was cut off and can go on. */
  kept: KeptRun | null;
  /** The reader's last run, where the page was opened without a link. */
  last: LastRun | null;
  /** This browser can train, as far as is known. */
  canTrain: boolean;
  /** A run is being made ready behind the recording. */
  preparing: boolean;
  /** How fast steps follow one another. */
  speed: Speed;
}

/** Slow enough to follow single updates, paced to be watched, or as fast as the device goes. */
export type Speed = 'slow' | 'paced' | 'fastest';

/** The store of the run. */
export const useRun = create<RunStore>()(() => ({
  state: 'idle', source: 'preview', step: 0, totalSteps: 0, adapter: null, compiling: null, loading: null, problem: null, replaying: null, recoveredFrom: null, kept: null, last: null, canTrain: true,
  preparing: false, speed: 'paced',
}));

/** True while steps are being made or about to be. */
export function isBusy(state: RunState): boolean {
  return state === 'training' || state === 'loading' || state === 'compiling' || state === 'recovering' || state === 'replaying';
}

/** Steps a second at which a run of this length lasts about a quarter of a minute. */
export function paceOf(speed: Speed, totalSteps: number): number {
  if (speed === 'fastest') return 0;
  return speed === 'slow' ? 10 : Math.max(10, Math.round(totalSteps / 15));
}

/** The adapter in a few words: `nvidia ampere`, `swiftshader (software)`. */
export function adapterName({ description, device, vendor, architecture, software }: AdapterFacts): string {
  const names = description || device || (software ? architecture : [vendor, architecture].filter(Boolean).join(' '));
  const name = names.replace(/\s*\(.*$/, '').trim() || 'GPU';
  return `${name.length > 24 ? `${name.slice(0, 23)}…` : name}${software ? ' (software)' : ''}`;
}

function replayWords({ step, to, leftMs }: NonNullable<RunStore['replaying']>): string {
  return `Replaying ${formatCount(step)} of ${formatCount(to)}${leftMs > 0 ? `, about ${formatDuration(1000 * Math.ceil(leftMs / 1000))} left` : ''}`;
}

/** The words of the state chip. */
export function chipWords(run: Pick<RunStore, 'state' | 'source' | 'adapter' | 'compiling' | 'loading' | 'preparing' | 'replaying'>): string {
  const on = run.adapter ? ` · ${adapterName(run.adapter)} · f32` : '';
  if (run.source === 'recording') return run.preparing ? 'Recording, your GPU is getting ready' : 'Recording';
  switch (run.state) {
    case 'idle': return run.adapter ? `Ready${on}` : 'Ready';
    case 'loading': return run.loading ? `Loading data, ${formatQuantity(run.loading.done, 'B')} of ${formatQuantity(run.loading.total, 'B')}` : 'Loading data';
    case 'compiling': return run.compiling && run.compiling.total > 0 ? `Compiling ${run.compiling.done} of ${run.compiling.total}` : 'Compiling';
    case 'training': return `Live${on}`;
    case 'paused': return `Paused${on}`;
    case 'finished': return `Finished${on}`;
    case 'diverged': return `Diverged${on}`;
    case 'recovering': return 'Recovering the device';
    case 'replaying': return run.replaying ? replayWords(run.replaying) : 'Replaying';
    case 'failed': return 'Stopped';
  }
}
