import type { ComponentType } from 'react';
import { later, soon } from './later.tsx';
import { MaskPanel } from './MaskPanel.tsx';
import { isText, type PanelProps } from './reading.ts';
import { ResultStrip } from './ResultStrip.tsx';

/** A panel: a picture of the log at a step. */
export interface Panel {
  id: string;
  /** The column on wide screens, and the tab on narrow ones: `picture` is Mask, `figures` is Charts. */
  place: 'picture' | 'figures';
  Component: ComponentType<PanelProps>;
}

/** All panels, in the order in which they stand. A new panel is one file and one line here. */
export const PANELS: readonly Panel[] = [
  { id: 'text', place: 'picture', Component: soon(330, async () => (await import('./TextPanel.tsx')).TextPanel, isText) },
  { id: 'mask', place: 'picture', Component: MaskPanel },
  { id: 'layers', place: 'picture', Component: soon(112, async () => (await import('./LayerStrips.tsx')).LayerStrips) },
  { id: 'microscope', place: 'picture', Component: later(async () => (await import('./MicroscopePanel.tsx')).MicroscopePanel) },
  { id: 'graph', place: 'picture', Component: later(async () => (await import('./GraphPanel.tsx')).GraphPanel) },
  { id: 'filters', place: 'picture', Component: later(async () => (await import('./FiltersPanel.tsx')).FiltersPanel) },
  { id: 'boundary', place: 'picture', Component: later(async () => (await import('./BoundaryPanel.tsx')).BoundaryPanel) },
  { id: 'predictions', place: 'picture', Component: later(async () => (await import('./Predictions.tsx')).Predictions) },
  { id: 'magnitudes', place: 'picture', Component: later(async () => (await import('./MagnitudesPanel.tsx')).MagnitudesPanel) },
  { id: 'diagnostics', place: 'picture', Component: later(async () => (await import('./DiagnosticsPanel.tsx')).DiagnosticsPanel) },
  { id: 'result', place: 'figures', Component: ResultStrip },
  { id: 'accuracy', place: 'figures', Component: soon(244, async () => (await import('./AccuracyPanel.tsx')).AccuracyPanel) },
  { id: 'loss', place: 'figures', Component: soon(244, async () => (await import('./LossPanel.tsx')).LossPanel) },
  { id: 'schedule', place: 'figures', Component: soon(244, async () => (await import('./SchedulePanel.tsx')).SchedulePanel) },
  { id: 'decay', place: 'figures', Component: soon(0, async () => (await import('./DecayPanel.tsx')).DecayPanel) },
  { id: 'gradients', place: 'figures', Component: later(async () => (await import('./GradientsPanel.tsx')).GradientsPanel) },
  { id: 'cost', place: 'figures', Component: later(async () => (await import('./CostPanel.tsx')).CostPanel) },
];
