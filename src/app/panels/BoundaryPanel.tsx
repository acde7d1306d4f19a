import { useEffect, useRef, type ReactElement } from 'react';
import type { ArmId } from '../../engine/experiment/events.ts';
import { readPalette } from '../mask/palette.ts';
import { useView } from '../stores/view.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';
import { answersShown } from './answersShown.ts';
import { type Plane, planePixels, pointsOf, rightShare } from './plane.ts';
import type { PanelProps } from './reading.ts';
import './boundary.css';

const TITLES: Readonly<Record<ArmId, string>> = { main: 'This network', random: 'Random mask (fixed)', dense: 'Dense' };

/** Where networks of two inputs draw the line between their classes at the step looked at, beside one another. */
export function BoundaryPanel({ log, cursor }: PanelProps): ReactElement | null {
  const { probe } = log;
  if (probe?.what !== 'plane') return null;
  const shown = log.arms.flatMap((arm) => answersShown(log, arm, cursor) ?? []);
  if (shown.length === 0) return null;
  return (
    <section className={`panel ${shown.some(({ stale }) => stale) ? 'stale' : ''}`} aria-label="Decision boundary">
      <h2>Decision boundary <span className="aside">as of step {formatCount(Math.min(...shown.map(({ step }) => step)))}</span></h2>
      <div className="planes">{shown.map(({ arm, bytes }) => <PlanePicture key={arm} arm={arm} plane={probe} answers={bytes} />)}</div>
      <p className="small faint">Circles and squares are the test examples of the two classes; colour is the class that the network sees there, paler where it is less sure.</p>
    </section>
  );
}

function PlanePicture({ arm, plane, answers }: { arm: ArmId; plane: Plane; answers: Uint8Array }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useView((view) => view.theme);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    // The palette is read from CSS: the theme in the list below tells when it has changed.
    context?.putImageData(new ImageData(planePixels(answers, readPalette(document.documentElement)), plane.side, plane.side), 0, 0);
  }, [plane, answers, theme]);
  const right = `${formatPercent(rightShare(plane, answers))} of the examples shown are on their side`;
  return (
    <figure className="plane">
      <figcaption className="small"><strong>{TITLES[arm]}</strong></figcaption>
      <div className="plane-frame">
        <canvas ref={canvas} width={plane.side} height={plane.side} role="img" aria-label={`${TITLES[arm]}: ${right}.`} />
        <Points plane={plane} />
      </div>
    </figure>
  );
}

function Points({ plane }: { plane: Plane }): ReactElement {
  return (
    <svg viewBox="0 0 100 100" aria-hidden="true">
      {pointsOf(plane).map(({ x, y, label }, i) => label === 0
        ? <circle key={i} cx={100 * x} cy={100 * y} r={1.3} className="class-0" />
        : <rect key={i} x={100 * x - 1.15} y={100 * y - 1.15} width={2.3} height={2.3} className="class-1" />)}
    </svg>
  );
}
