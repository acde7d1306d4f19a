import { useEffect, useRef, useState, type ReactElement } from 'react';
import { datasetCard } from '../../engine/data/cards.ts';
import { totalSteps } from '../../engine/experiment/phases.ts';
import type { Preset, PresetMetric } from '../../engine/experiment/presets/index.ts';
import type { Method } from '../../engine/sparsity/method.ts';
import { readThumbnails, THUMBNAIL_LEVELS, type Thumbnail } from '../../engine/experiment/thumbnail.ts';
import { session } from '../session/current.ts';
import { SheetHead } from '../sheets/SheetHead.tsx';
import { shortAuthors } from '../shell/PaperLink.tsx';
import { useExperiment } from '../stores/experiment.ts';
import { look, useView } from '../stores/view.ts';
import { useFetched } from '../shell/useFetched.ts';
import { formatCount, formatDensity, formatPercent } from '../text/numbers.ts';
import { wholeMethods, wholePresets } from '../text/whole.ts';
import { FAMILIES, familyOf, type FamilyId } from './families.ts';
import './gallery.css';

const NONE: ReadonlyMap<string, Thumbnail> = new Map();

/** All presets as cards, by family. */
export function GallerySheet(): ReactElement {
  const thumbnails = useThumbnails();
  const words = useFetched('', wholeWords);
  return (
    <div className="gallery-frame">
      <SheetHead title="Gallery" className="sheet-head gallery-head" />
      <div className="gallery-body">
        {(Object.keys(FAMILIES) as FamilyId[]).map((family) => {
          const presets = Object.values(words?.presets ?? {}).filter((preset) => familyOf(preset) === family);
          return presets.length > 0 && (
            <section key={family} aria-labelledby={`family-${family}`}>
              <h3 id={`family-${family}`}>{FAMILIES[family].title} <span className="aside">{FAMILIES[family].sentence}</span></h3>
              <ul className="cards">{presets.map((preset) => <li key={preset.id}><Card preset={preset} paper={paperOf(preset, words?.methods)} thumbnail={thumbnails.get(preset.id)} /></li>)}</ul>
            </section>
          );
        })}
        <p className="small faint">Pictures: the links of the first layer at the end of a real run, of a small copy where the card says so. Darker is denser.</p>
      </div>
    </div>
  );
}

function Card({ preset, paper, thumbnail }: { preset: Preset; paper: string; thumbnail: Thumbnail | undefined }): ReactElement {
  const { id, title, sentence, experiment, metric, recorded } = preset;
  const now = useExperiment((state) => state.experiment.preset) === id;
  const choose = (): void => {
    look({ sheet: null });
    session.choosePreset(id);
  };
  return (
    <button type="button" className="card" aria-current={now || undefined} onClick={choose}>
      {thumbnail ? <Cells thumbnail={thumbnail} /> : <span className="card-cells" />}
      <span className="card-words">
        <strong>{title}</strong>
        <span>{sentence}</span>
        <span className="small faint">{paper} · {datasetCard(experiment.data.set)?.title}, {formatCount(totalSteps(experiment))} steps{recorded ? `, ${reached(metric, recorded.mean)} reached` : ''}</span>
        <span className="small faint">{thumbnail ? `Picture: ${formatDensity(thumbnail.density)} of the weights left${thumbnail.small ? `, a small copy, ${formatCount(thumbnail.steps)} steps` : ''}` : 'No picture'}</span>
      </span>
    </button>
  );
}

/** What a preset was measured to reach. */
const reached = (metric: PresetMetric, mean: number): string => (metric === 'testBits' ? `${mean.toFixed(2)} bits per character` : formatPercent(mean));

/** Methods and presets with all that they say. */
async function wholeWords(): Promise<{ methods: Readonly<Record<string, Method>>; presets: Readonly<Record<string, Preset>> }> {
  const [methods, presets] = await Promise.all([wholeMethods(), wholePresets()]);
  return { methods, presets };
}

function paperOf({ paper, experiment }: Preset, methods: Readonly<Record<string, Method>> = {}): string {
  const card = methods[experiment.phases.at(-1)?.sparsity.method ?? '']?.card;
  if (!card) return paper?.title ?? '';
  return paper && paper.url !== card.paper.url ? paper.title : `${shortAuthors(card.paper.authors)} ${card.paper.year}`;
}

/** A canvas of one pixel a cell, which the style sheet enlarges; in the colour of its text. */
function Cells({ thumbnail }: { thumbnail: Thumbnail }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useView((view) => view.theme);
  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (!canvas.current || !pen) return;
    pen.clearRect(0, 0, thumbnail.columns, thumbnail.rows);
    pen.fillStyle = getComputedStyle(canvas.current).color;
    for (const [i, digit] of [...thumbnail.cells].entries()) {
      pen.globalAlpha = Number.parseInt(digit, THUMBNAIL_LEVELS) / (THUMBNAIL_LEVELS - 1);
      pen.fillRect(i % thumbnail.columns, Math.floor(i / thumbnail.columns), 1, 1);
    }
  }, [thumbnail, theme]);
  return <canvas ref={canvas} className="card-cells" width={thumbnail.columns} height={thumbnail.rows} aria-hidden="true" />;
}

function useThumbnails(): ReadonlyMap<string, Thumbnail> {
  const [found, setFound] = useState(NONE);
  useEffect(() => {
    const stop = new AbortController();
    // Offline, the cards do without.
    fetch(new URL('thumbnails.json', document.baseURI), { signal: stop.signal }).then((response) => (response.ok ? response.json() : null)).then((json) => setFound(readThumbnails(json)), () => undefined);
    return () => stop.abort();
  }, []);
  return found;
}
