import { useEffect, useMemo, useRef, type ReactElement, type RefObject } from 'react';
import { encodeLink } from '../../engine/experiment/link.ts';
import { usePanelProps, useSentence } from '../App.tsx';
import { AccuracyPanel } from '../panels/AccuracyPanel.tsx';
import { soon } from '../panels/later.tsx';
import { MaskPanel } from '../panels/MaskPanel.tsx';
import { isText } from '../panels/reading.ts';
import { ReproductionLine } from '../reproduce/Reproduction.tsx';
import { LiveRegion } from '../shell/LiveRegion.tsx';
import { Notices } from '../shell/Notices.tsx';
import { useShortcuts } from '../shell/useShortcuts.ts';
import { Wordmark } from '../shell/Wordmark.tsx';
import { presetOf, useExperiment } from '../stores/experiment.ts';
import { useFigure } from '../stores/figure.ts';
import { FigureBar } from './FigureBar.tsx';
import { FigureSettings } from './FigureSettings.tsx';
import type { Host } from './host.ts';
import { asksForPrediction, Prediction } from './Prediction.tsx';

const TextPart = soon(330, async () => (await import('../panels/TextPanel.tsx')).TextPanel);

/** A figure in another page: mask, accuracy, play bar and the settings that a reader may touch. */
export function FigurePage({ host }: { host: Pick<Host, 'tellHeight'> }): ReactElement {
  const { hide } = useFigure((figure) => figure.options);
  const asks = useFigure(asksForPrediction);
  useShortcuts(hasShortcut);
  const root = useTallness(host);
  const panel = usePanelProps();
  const words = useSentence(panel);
  const expected = useExperiment((state) => state.expected);
  const title = useExperiment((state) => presetOf(state.experiment).title);
  useEffect(() => {
    document.title = `${title} – Sparseland`;
  }, [title]);
  // Panels have parts that go without being told of it.
  const parts = ['views', 'legend', 'twin'].filter((part) => hide.has(part)).map((part) => `without-${part}`);
  return (
    <div ref={root} className={['figure', ...parts].join(' ')}>
      <h1 className="visually-hidden">{title}</h1>
      {asks ? <Prediction /> : !hide.has('bar') && <FigureBar hide={hide} />}
      <Notices expects={false} />
      {expected && !asks && !hide.has('expected') && <ReproductionLine expected={expected} />}
      <main className="figure-main">
        {!hide.has('sentence') && <p className="figure-sentence">{words}</p>}
        {isText(panel.log) && !hide.has('text') && <div className="figure-text"><TextPart {...panel} /></div>}
        {!hide.has('mask') && <div className="figure-mask"><MaskPanel {...panel} /></div>}
        <div className="figure-side">
          {!hide.has('accuracy') && <AccuracyPanel {...panel} />}
          {!hide.has('knobs') && <FigureSettings />}
        </div>
      </main>
      {!hide.has('link') && <WholePage title={title} />}
      <LiveRegion text={words} />
    </div>
  );
}

/** Keys act only where their buttons would, and never before the question is answered. */
function hasShortcut(key: string): boolean {
  const figure = useFigure.getState();
  const { hide, lock } = figure.options;
  if (asksForPrediction(figure)) return false;
  const button: Readonly<Record<string, string>> = { ' ': 'bar', s: 'step', r: 'reset', n: 'seed', '[': 'scrubber', ']': 'scrubber', l: 'scrubber' };
  if (key === '?' || key === 't') return false;
  const part = button[key] ?? 'views';
  return !hide.has(part) && !(part !== 'views' && hide.has('bar')) && !(part === 'seed' && lock.has('seed'));
}

/** Tells the page around how tall the figure is, whenever that changes. */
function useTallness(host: Pick<Host, 'tellHeight'>): RefObject<HTMLDivElement | null> {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = root;
    if (!current) return undefined;
    const observer = new ResizeObserver(() => host.tellHeight(Math.ceil(current.getBoundingClientRect().height)));
    observer.observe(current);
    return () => observer.disconnect();
  }, [host]);
  return root;
}

/** The way to the whole page, with the experiment as it stands. */
function WholePage({ title }: { title: string }): ReactElement {
  const experiment = useExperiment((state) => state.experiment);
  const link = useMemo(() => encodeLink(experiment), [experiment]);
  return (
    <footer className="figure-foot small">
      <span className="wordmark-small"><Wordmark /></span>
      <a href={link} target="_blank" rel="noopener" aria-label={`All settings and charts of ${title}, in a new tab`}>All settings and charts</a>
    </footer>
  );
}
