import type { RunLog } from '../../engine/experiment/runLog.ts';
import { sameSettings, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { RECORDED } from './recorded.ts';
import type { Replay } from './replay.ts';

/** Shows recorded runs, one at a time; the code that plays them comes with the first. */
export interface Player {
  /** The recorded run that is shown, if one is. */
  shown(): Replay | null;
  /** Shows the bundled recording of the current experiment, if there is one; as `Session.watch`. */
  watch(play: boolean, name?: string): Promise<boolean>;
  /** Gets ready to show any recorded run. */
  load(): Promise<(log: RunLog) => Replay>;
  /** Ends what plays. */
  stop(): void;
}

/** A player without a recording. */
export function createPlayer(fetchRecording: (name: string) => Promise<RunLog | null>): Player {
  let replay: Replay | null = null;
  const player: Player = {
    shown: () => (useRun.getState().source === 'recording' ? replay : null),
    async watch(play, name) {
      const { experiment: { preset } } = useExperiment.getState();
      if (name === undefined && !RECORDED.includes(preset)) return false;
      const [recorded, show] = await Promise.all([fetchRecording(name ?? preset), player.load().catch(() => null)]);
      // A recording stands for its very experiment; another one, or a run begun meanwhile, is not its place.
      if (!show || !recorded?.experiment || useRun.getState().source === 'live' || !sameSettings(recorded.experiment, useExperiment.getState().experiment)) return false;
      const shown = show(recorded);
      if (play) shown.play();
      return true;
    },
    async load() {
      const { createReplay } = await import('./replay.ts');
      return (log) => {
        player.stop();
        return (replay = createReplay(log));
      };
    },
    stop() {
      replay?.stop();
      replay = null;
    },
  };
  return player;
}
