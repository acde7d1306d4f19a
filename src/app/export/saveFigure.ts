import type { ChartModel } from '../charts/model.ts';
import { useLog } from '../stores/log.ts';
import { saveFile } from '../text/saveText.ts';
import { originOf } from './caption.ts';
import { figureSvg } from './figureSvg.ts';
import { svgToPng } from './png.ts';

/** Address of the page without its link. */
export const pageAddress = (): string => document.baseURI.replace(/#.*/, '');

/** A chart of the shown run as a figure. */
export const chartFigure = (model: ChartModel): string => figureSvg(model, originOf(useLog.getState().log, pageAddress()));

/** Hands a figure to the reader as a file. */
export async function saveFigure(name: string, figure: Promise<string>, kind: 'svg' | 'png'): Promise<void> {
  const svg = await figure;
  saveFile(`${name}.${kind}`, kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await svgToPng(svg));
}
