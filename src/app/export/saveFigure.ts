import type { ChartModel } from '../charts/model.ts';
import { useLog } from '../stores/log.ts';
import { saveFile } from '../text/saveText.ts';
import { originOf } from './caption.ts';
import { figureSvg } from './figureSvg.ts';
import { svgToPng } from './png.ts';

/** Address of the page without its link. */
export const pageAddress = (): string => document.baseURI.replace(/#.*/, '');

/** Hands a chart of the shown run to the reader as a figure. */
export async function saveFigure(model: ChartModel, kind: 'svg' | 'png'): Promise<void> {
  const svg = figureSvg(model, originOf(useLog.getState().log, pageAddress()));
  saveFile(`sparseland-${model.id}.${kind}`, kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await svgToPng(svg));
}
