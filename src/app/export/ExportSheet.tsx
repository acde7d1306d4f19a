import { useState, type ReactElement } from 'react';
import { usePastRuns } from '../compare/pastRuns.ts';
import { layerNamed } from '../panels/reading.ts';
import { SheetHead } from '../sheets/SheetHead.tsx';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { saveFile } from '../text/saveText.ts';
import { plural } from '../text/numbers.ts';
import { originOf } from './caption.ts';
import { exportZip, maskTitle, sessionRuns } from './exporting.ts';
import { maskFigure } from './maskFigure.ts';
import { drawingToPng } from './png.ts';
import { pageAddress } from './saveFigure.ts';
import '../share/share.css';

/** What of the shown run, and of the session, can be taken along as files. */
export function ExportSheet(): ReactElement {
  const log = useLog((store) => store.log);
  const step = useRun((run) => run.step);
  const live = useRun((run) => run.source === 'live');
  usePastRuns((store) => store.runs);
  const runs = sessionRuns(log).length;
  const [said, setSaid] = useState('');
  const began = step > 0;
  const save = (name: string, make: () => Promise<Blob>) => (): void => {
    setSaid('Writing…');
    make().then((blob) => {
      saveFile(name, blob);
      setSaid(`Saved ${name}`);
    }, (error: unknown) => setSaid(error instanceof Error ? error.message : String(error)));
  };
  return (
    <div className="sheet-body">
      <SheetHead title="Export" />
      <p className="muted">A zip holds the experiment with its link, all metrics as one tidy CSV, masks and weights as safetensors, and figures as SVG and PNG.</p>
      <div className="copy-row export-row">
        <button type="button" className="button primary" disabled={!began} onClick={save('sparseland-run.zip', () => exportZip(false))}>This run</button>
        <button type="button" className="button" disabled={runs === 0} onClick={save('sparseland-runs.zip', () => exportZip(true))}>{plural(runs, 'run')} of the session</button>
        <button type="button" className="button" disabled={log.layers.length === 0} onClick={save('sparseland-mask.png', maskPng)}>Mask as PNG</button>
      </div>
      <p className="small muted" role="status">{said || (began ? '' : 'No step has been trained yet: press Play, then export.')}</p>
      <p className="small faint">{live || !began ? 'Pruned weights are exact zeros; their masks stand beside them.' : 'A recording holds no weights: train it live to export them.'} Runs that are over keep their metrics and last masks, not their weights. Each chart has CSV, SVG and PNG below it.</p>
    </div>
  );
}

/** The mask as the panel shows it: its layer, view and step. */
function maskPng(): Promise<Blob> {
  const { log } = useLog.getState();
  const { layer: name, view, cursor } = useView.getState();
  const layer = layerNamed(log, name);
  const step = cursor ?? useRun.getState().step;
  const drawing = layer && maskFigure(log, layer, view, step);
  if (!drawing) return Promise.reject(new Error('There is no mask to draw yet.'));
  return drawingToPng(drawing, maskTitle(layer.name, step), originOf(log, pageAddress()));
}
