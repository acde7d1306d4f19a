import { useEffect, useId, useState, type FormEvent, type ReactElement } from 'react';
import type { ArmId, Written } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { WRITING } from '../../engine/experiment/writings.ts';
import { session } from '../session/current.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { NETWORK_ORDER, NETWORKS } from './networks.ts';
import { whyNoWriting, writersOf } from './textShown.ts';

/** Longest prompt that a run takes, and the boldest temperature that still makes sense. */
const LONGEST_PROMPT = 200;
const BOLDEST = 1.5;
/** Milliseconds after which an answer is not waited for any more: a run may have ended meanwhile. */
const LOST_MS = 20_000;

interface WriteFormProps {
  log: RunLog;
  /** What was asked for so far, the newest first. */
  asked: readonly Written[];
}

/** A prompt that a network of the run goes on from, how boldly, and what it made of it. */
export function WriteForm({ log, asked }: WriteFormProps): ReactElement {
  const id = useId();
  const [prompt, setPrompt] = useState('Call me ');
  const [temperature, setTemperature] = useState<number>(WRITING.temperature);
  const [chosen, setChosen] = useState<ArmId>('main');
  const run = useRun();
  const looksBack = useView((view) => view.cursor !== null);
  const reason = whyNoWriting(run, looksBack);
  const [waiting, wait] = useWaiting(log.written.findLast((one) => one.asked));
  const writers = writersOf(log, NETWORK_ORDER);
  const arm = writers.includes(chosen) ? chosen : 'main';
  const read = (log.experiment?.data.context ?? 2) >> 1;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason !== undefined || waiting) return;
    wait();
    session.inspect({ type: 'write', arm, prompt, temperature, characters: WRITING.characters });
  };
  return (
    <form className="write" onSubmit={submit} aria-label="Write on from a prompt">
      <div className="write-field write-prompt">
        <label htmlFor={`${id}-prompt`}>Prompt</label>
        <input id={`${id}-prompt`} className="number-box wide" value={prompt} maxLength={LONGEST_PROMPT} autoComplete="off" spellCheck={false} aria-describedby={`${id}-help`} onChange={(event) => setPrompt(event.target.value)} />
      </div>
      <div className="write-field">
        <label htmlFor={`${id}-temperature`}>Temperature <output className="label-unit" htmlFor={`${id}-temperature`}>{temperature.toFixed(2)}</output></label>
        <input id={`${id}-temperature`} type="range" min={0} max={BOLDEST} step={0.05} value={temperature} aria-describedby={`${id}-help`} onChange={(event) => setTemperature(Number(event.target.value))} />
      </div>
      {writers.length > 1 && (
        <div className="write-field">
          <label htmlFor={`${id}-from`}>Network</label>
          <select id={`${id}-from`} className="select" value={arm} onChange={(event) => setChosen(event.target.value as ArmId)}>
            {writers.map((one) => <option key={one} value={one}>{NETWORKS[one].long}</option>)}
          </select>
        </div>
      )}
      <button type="submit" className="button" disabled={reason !== undefined || waiting} aria-describedby={`${id}-reason`}>{waiting ? 'Writing' : 'Write'}</button>
      <p id={`${id}-help`} className="small faint write-note">{`Of a prompt the last ${formatCount(read)} characters are read. Temperature 0 takes the likeliest character each time; a higher one is bolder.`}</p>
      <p id={`${id}-reason`} className="small muted write-note" hidden={reason === undefined}>{reason}</p>
      <Answers asked={asked} several={writers.length > 1} />
    </form>
  );
}

/** Texts that were asked for, the newest first, each with its prompt and how it came about. */
function Answers({ asked, several }: { asked: readonly Written[]; several: boolean }): ReactElement {
  const newest = asked[0];
  return (
    <>
      {/* Said once, where somebody asked: the text itself stands below, to be read at leisure. */}
      <p className="visually-hidden" role="status">{newest && `Written at step ${formatCount(newest.step)}.`}</p>
      {asked.length > 0 && (
        <ol className="write-answers" aria-label="Texts that were asked for">
          {asked.map((one) => (
            <li key={`${one.step}/${one.arm}/${one.temperature}/${one.prompt}`}>
              <p className="small faint">{`Step ${formatCount(one.step)}, temperature ${one.temperature.toFixed(2)}${several ? `, ${NETWORKS[one.arm].long.toLowerCase()}` : ''}`}</p>
              <p className="text-answer"><b>{one.prompt.replace(/^\n+/, '')}</b>{one.prompt.trim() === '' ? one.text.replace(/^\n+/, '') : one.text}</p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** True from when an answer is waited for until another one is the newest, or none came for long. */
function useWaiting(newest: Written | undefined): [boolean, () => void] {
  const [since, setSince] = useState<{ newest: Written | undefined } | null>(null);
  const waiting = since !== null && since.newest === newest;
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(() => setSince(null), LOST_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return [waiting, () => setSince({ newest })];
}
