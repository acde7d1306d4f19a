import type { ReactElement } from 'react';
import { AS_DRAWN, setPlayback, SLOWEST, SPEED_STEP, speedWords, usePlayback } from '../stores/playback.ts';
import './playback.css';

/** How fast a recording is played: from a quarter of the usual speed to as fast as it can be drawn. */
export function PlaybackSpeed(): ReactElement {
  const octave = usePlayback((playback) => playback.octave);
  const { short, long } = speedWords(octave);
  return (
    <label className="playback" title="Speed of the recording; 1× plays a whole run in about 15 s">
      <input
        type="range" aria-label="Speed of the recording" aria-valuetext={long} min={SLOWEST} max={AS_DRAWN} step={SPEED_STEP} value={octave}
        onChange={(event) => setPlayback(Number(event.target.value))}
      />
      <output className="small">{short}</output>
    </label>
  );
}
