import { useState, type ReactElement } from 'react';
import './guess.css';

/** What is asked, and between which whole numbers the answer lies. */
export interface GuessProps {
  /** Begins the ids of its elements. */
  id: string;
  question: string;
  min: number;
  max: number;
  start: number;
  /** The number as it is shown and read out. */
  words(value: number): string;
  onGuess(value: number): void;
  onSkip(): void;
}

/** Asks for a number before a run: who has guessed looks otherwise at what comes. No form: the frame around may forbid that one is sent. */
export function Guess({ id, question, min, max, start, words, onGuess, onSkip }: GuessProps): ReactElement {
  const [value, setValue] = useState(start);
  return (
    <div className="guess" role="group" aria-labelledby={`${id}-question`}>
      <label id={`${id}-question`} htmlFor={`${id}-guess`}>{question}</label>
      <div className="guess-row">
        <input id={`${id}-guess`} type="range" min={min} max={max} step={1} value={value} aria-valuetext={words(value)} onChange={(event) => setValue(Number(event.target.value))} />
        <output htmlFor={`${id}-guess`}>{words(value)}</output>
        <button type="button" className="button primary" onClick={() => onGuess(value)}>Predict</button>
        <button type="button" className="button quiet" onClick={onSkip}>Skip</button>
      </div>
    </div>
  );
}
