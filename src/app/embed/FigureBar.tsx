import type { ReactElement } from 'react';
import { Counter, LookBack, PlayButton, ResetButton, ResetHint, SeedButton, SpeedChoice, StateChip, StepButton } from '../shell/PlayBar.tsx';
import { Scrubber } from '../shell/Scrubber.tsx';
import { useFigure } from '../stores/figure.ts';
import { useView } from '../stores/view.ts';
import { PredictionLine } from './Prediction.tsx';
import type { Turn } from './turns.ts';

/** Why a figure does not run though it was told to. */
const TURN_WORDS: Readonly<Record<Turn, string | null>> = {
  own: null,
  'out-of-view': null,
  waiting: 'Waits until the other figure has finished.',
  taken: 'Paused: another figure on this page runs.',
};

/** The play bar of a figure: the same buttons as on the whole page, in less room. */
export function FigureBar({ hide }: { hide: ReadonlySet<string> }): ReactElement {
  const looksBack = useView((view) => view.cursor !== null);
  const seedLocked = useFigure((figure) => figure.options.lock.has('seed'));
  const words = useFigure((figure) => TURN_WORDS[figure.turn]);
  return (
    <section className="figure-bar" aria-label="Run">
      <div className="figure-buttons">
        {!hide.has('reset') && <ResetButton />}
        <PlayButton className="round" />
        {!hide.has('step') && <StepButton />}
      </div>
      <div className="figure-count"><Counter /><ResetHint /></div>
      <div className="figure-more">
        {!hide.has('seed') && !seedLocked && <SeedButton />}
        {!hide.has('speed') && <SpeedChoice />}
      </div>
      {!hide.has('scrubber') && <Scrubber />}
      <div className="figure-state">{looksBack ? <LookBack /> : <>{!hide.has('state') && <StateChip />}<PredictionLine /></>}</div>
      <p className="small figure-turn" role="status">{words}</p>
    </section>
  );
}
