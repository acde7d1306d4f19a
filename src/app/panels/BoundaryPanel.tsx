import { useEffect, useRef, type ReactElement } from 'react';
import type { ArmId, Inspection } from '../../engine/experiment/events.ts';
import { readPalette } from '../mask/palette.ts';
import { session } from '../session/current.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';
import { type Plane, planePixels, pointsOf, rightShare } from './plane.ts';
import type { PanelProps } from './reading.ts';
import './boundary.css';

/** Milliseconds between two looks at a network that is training. */
const LOOK_EVERY_MS = 500;
const TITLES: Readonly<Record<ArmId, string>> = { main: 'This network', random: 'Random mask (fixed)', dense: 'Dense' };

/** Where a network of two inputs draws the line between its classes, beside its controls; asked for while a live run trains. */
export function BoundaryPanel({ log, version, end }: PanelProps): ReactElement | null {
  const live = useRun((run) => run.source === 'live');
  const stopped = useRun((run) => run.state === 'paused' || run.state === 'finished');
  const looksBack = useView((view) => view.cursor !== null);
  const isPlane = log.layers[0]?.in === 2;
  const asked = useRef(0);
  useEffect(() => {
    if (!live || !isPlane || (!stopped && performance.now() - asked.current < LOOK_EVERY_MS)) return;
    asked.current = performance.now();
    log.arms.forEach((arm) => session.inspect({ type: 'inspect', what: 'plane', arm }));
    // A new version means that training went on; stopped, the last step is looked at once more.
  }, [live, isPlane, stopped, stopped ? end : version]);
  const found = log.arms.flatMap((arm) => {
    const kept = log.inspections.get(`plane/${arm}/`);
    return kept?.inspection.what === 'plane' ? [{ ...kept, plane: kept.inspection }] : [];
  });
  if (!isPlane || found.length === 0) return null;
  return (
    <section className={`panel ${looksBack ? 'stale' : ''}`} aria-label="Decision boundary">
      <h2>Decision boundary <span className="aside">as of step {formatCount(Math.min(...found.map(({ step }) => step)))}</span></h2>
      <div className="planes">{found.map(({ plane }) => <PlanePicture key={plane.arm} plane={plane} />)}</div>
      <p className="small faint">Circles and squares are the test examples of the two classes; colour is the class that the network sees there, paler where it is less sure.</p>
    </section>
  );
}

function PlanePicture({ plane }: { plane: Extract<Inspection, { what: 'plane' }> }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useView((view) => view.theme);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    // The palette is read from CSS: the theme in the list below tells when it has changed.
    context?.putImageData(new ImageData(planePixels(plane, readPalette(document.documentElement)), plane.side, plane.side), 0, 0);
  }, [plane, theme]);
  const right = `${formatPercent(rightShare(plane))} of the examples shown are on their side`;
  return (
    <figure className="plane">
      <figcaption className="small"><strong>{TITLES[plane.arm]}</strong></figcaption>
      <div className="plane-frame">
        <canvas ref={canvas} width={plane.side} height={plane.side} role="img" aria-label={`${TITLES[plane.arm]}: ${right}.`} />
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
