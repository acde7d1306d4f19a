import { useEffect, useRef, type ReactElement } from 'react';
import { datasetCard } from '../../engine/data/cards.ts';
import { session } from '../session/current.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';
import { imageShape, valueAt, type PanelProps } from './reading.ts';
import '../styles/digits.css';

const EXAMPLES = 10;
const DIGIT_SIDE = 28;

/** The first test images with what the network makes of them; asked for after each evaluation of a live run. */
export function Predictions({ log, cursor, end }: PanelProps): ReactElement | null {
  const image = imageShape(log, log.layers[0]) !== undefined;
  const live = useRun((run) => run.source === 'live');
  const looksBack = useView((view) => view.cursor !== null);
  const evaluated = valueAt(log, 'main', 'test', 'accuracy', cursor)?.step;
  const found = log.inspections.get('predictions/main/');
  const stopped = useRun((run) => run.state === 'paused' || run.state === 'finished');
  useEffect(() => {
    if (live && image && evaluated !== undefined) session.inspect({ type: 'inspect', what: 'predictions', arm: 'main', examples: EXAMPLES });
  }, [live, image, evaluated, stopped && end]);
  if (!image || found?.inspection.what !== 'predictions') return null;
  const { examples, classes, inputs, labels, values } = found.inspection;
  const rows = Array.from({ length: Math.min(examples, EXAMPLES) }, (_, example) => {
    const own = values.subarray(example * classes, (example + 1) * classes);
    const guess = own.indexOf(Math.max(...own));
    return { example, guess, label: labels[example] ?? -1, sure: own[guess] ?? Number.NaN };
  });
  const names = datasetCard(log.experiment?.data.set ?? '')?.classNames;
  const nameOf = (label: number): string => names?.[label] ?? String(label);
  return (
    <section className={`panel ${looksBack ? 'stale' : ''}`} aria-label="Predictions">
      <h2>Test {names ? 'images' : 'digits'} <span className="aside">as of step {formatCount(found.step)}</span></h2>
      <ul className={names ? 'digits named' : 'digits'}>
        {rows.map(({ example, guess, label, sure }) => (
          <li key={example} className={guess === label ? '' : 'missed'}>
            <Digit pixels={inputs.subarray(example * DIGIT_SIDE ** 2, (example + 1) * DIGIT_SIDE ** 2)} description={names ? `Test image: ${nameOf(label)}` : `Test digit ${label}`} />
            <span className="small">{guess === label ? <b>{nameOf(guess)}</b> : <><b>{nameOf(guess)}</b> not {nameOf(label)}</>}</span>
            <span className="small faint">{formatPercent(sure, 0)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Digit({ pixels, description }: { pixels: Float32Array; description: string }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useView((view) => view.theme);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    // Inputs may be normalised: the darkest and brightest pixel set the scale.
    let low = Infinity;
    let high = -Infinity;
    for (const pixel of pixels) {
      low = Math.min(low, pixel);
      high = Math.max(high, pixel);
    }
    const picture = context.createImageData(DIGIT_SIDE, DIGIT_SIDE);
    const dark = theme === 'dark';
    pixels.forEach((pixel, at) => {
      picture.data.fill(dark ? 225 : 30, at * 4, at * 4 + 3);
      picture.data[at * 4 + 3] = high > low ? Math.round(((pixel - low) / (high - low)) * 255) : 0;
    });
    context.putImageData(picture, 0, 0);
  }, [pixels, theme]);
  return <canvas ref={canvas} className="digit" width={DIGIT_SIDE} height={DIGIT_SIDE} role="img" aria-label={description} />;
}
