import { useEffect, useRef, type ReactElement } from 'react';
import { answerTo } from '../../engine/experiment/answers.ts';
import { datasetCard } from '../../engine/data/cards.ts';
import { useView } from '../stores/view.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';
import { answersShown } from './answersShown.ts';
import type { PanelProps } from './reading.ts';
import '../styles/digits.css';

/** The first test images with what the network made of them at the step looked at. */
export function Predictions({ log, cursor }: PanelProps): ReactElement | null {
  const { probe } = log;
  const shown = answersShown(log, 'main', cursor);
  if (probe?.what !== 'images' || !shown) return null;
  const { width, height, pixels, labels } = probe;
  const names = datasetCard(log.experiment?.data.set ?? '')?.classNames;
  const nameOf = (label: number): string => (label < 0 ? 'none' : names?.[label] ?? String(label));
  return (
    <section className={`panel ${shown.stale ? 'stale' : ''}`} aria-label="Predictions">
      <h2>Test {names ? 'images' : 'digits'} <span className="aside">as of step {formatCount(shown.step)}</span></h2>
      <ul className={names ? 'digits named' : 'digits'}>
        {Array.from(labels, (label, image) => {
          const { guess, sure } = answerTo(shown.bytes, image);
          return (
            <li key={image} className={guess === label ? '' : 'missed'}>
              <Image width={width} pixels={pixels.subarray(image * width * height, (image + 1) * width * height)} description={names ? `Test image: ${nameOf(label)}` : `Test digit ${label}`} />
              <span className="small">{guess === label ? <b>{nameOf(guess)}</b> : <><b>{nameOf(guess)}</b> not {nameOf(label)}</>}</span>
              <span className="small faint">{formatPercent(sure, 0)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Image({ width, pixels, description }: { width: number; pixels: Uint8Array; description: string }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useView((view) => view.theme);
  const height = pixels.length / width;
  // A run is asked about the same images from its first step to its last: they are drawn once.
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const picture = context.createImageData(width, height);
    pixels.forEach((pixel, at) => picture.data.set([...Array<number>(3).fill(theme === 'dark' ? 225 : 30), pixel], at * 4));
    context.putImageData(picture, 0, 0);
  }, [pixels.buffer, pixels.byteOffset, width, height, theme]);
  return <canvas ref={canvas} className="digit" width={width} height={height} role="img" aria-label={description} />;
}
