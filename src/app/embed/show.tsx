import { StrictMode } from 'react';
import type { Root } from 'react-dom/client';
import './embed.css';
import { openFigure } from './figure.ts';
import { FigurePage } from './FigurePage.tsx';

/** Shows the figure of the page's link, in place of the whole page. */
export function showFigure(root: Root): void {
  const host = openFigure();
  root.render(<StrictMode><FigurePage host={host} /></StrictMode>);
}
