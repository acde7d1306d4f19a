import { memo, useState, type CSSProperties, type ReactElement } from 'react';
import type { Written } from '../../engine/experiment/events.ts';
import { look } from '../stores/view.ts';
import { formatCount, plural } from '../text/numbers.ts';
import type { PanelProps } from './reading.ts';
import { linesOf, stagesOf, textShown } from './textShown.ts';
import { WriteForm } from './WriteForm.tsx';
import './text.css';

/** What a network that is trained on a text writes: at the step looked at, on the way there, and from a prompt. */
export function TextPanel({ log, cursor, end }: PanelProps): ReactElement {
  const [whole, setWhole] = useState(false);
  const { now, stages, all, asked } = textShown(log, cursor, end);
  const rows = whole ? all : stages;
  return (
    <section className="panel text-panel" aria-label="Text">
      <h2>What it writes {now && <span className="aside">as of step {formatCount(now.step)}, temperature {now.temperature}</span>}</h2>
      {now
        ? <p className="text-now">{now.text.replace(/^\n+/, '')}</p>
        : <p className="text-now faint">{`At the start, and then every ${plural(log.experiment?.evaluateEvery ?? 0, 'step')}, the network writes a few lines here, one character after another.`}</p>}
      {now && <Stages rows={rows} now={now} newest={all.at(-1)} room={stagesOf(log)} />}
      {all.length > stages.length + 1 && (
        <button type="button" className="link-button small text-more" aria-expanded={whole} onClick={() => setWhole(!whole)}>{whole ? 'Fewer' : `All ${formatCount(all.length)} texts so far`}</button>
      )}
      <WriteForm log={log} asked={asked} />
    </section>
  );
}

interface StagesProps {
  rows: readonly Written[];
  now: Written | undefined;
  newest: Written | undefined;
  /** Rows that the run will have in the end: they have their place from the beginning, so that nothing moves. */
  room: number;
}

/** Texts of earlier evaluations under one another; a press looks at the step of one. */
function Stages({ rows, now, newest, room }: StagesProps): ReactElement {
  return (
    <ol className="text-stages" style={{ '--rows': room } as CSSProperties} aria-label="Texts of earlier steps">
      {rows.map((one) => <Stage key={one.step} one={one} current={one === now} newest={one === newest} />)}
    </ol>
  );
}

const Stage = memo(function Stage({ one, current, newest }: { one: Written; current: boolean; newest: boolean }): ReactElement {
  return (
    <li>
      <button type="button" className="text-stage" aria-current={current ? 'step' : undefined} title={`Look at step ${formatCount(one.step)}`} onClick={() => look({ cursor: newest ? null : one.step })}>
        <span className="text-step small"><span className="visually-hidden">Step </span>{formatCount(one.step)}</span>
        <span className="text-line">{linesOf(one.text).flatMap((line, i) => (i === 0 ? [line] : [<span key={i} className="faint" aria-hidden="true"> ↵ </span>, line]))}</span>
      </button>
    </li>
  );
});
