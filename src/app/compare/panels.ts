import type { ComponentType } from 'react';
import { MethodsPanel } from './MethodsPanel.tsx';
import { OverlapPanel } from './OverlapPanel.tsx';
import { RunsPanel } from './RunsPanel.tsx';

/** A pane of the Compare sheet. */
export interface ComparePane {
  id: string;
  title: string;
  Component: ComponentType;
}

/** All panes, in the order of their tabs. A new one is one file and one line here. */
export const COMPARE_PANES: readonly ComparePane[] = [
  { id: 'runs', title: 'Runs', Component: RunsPanel },
  { id: 'methods', title: 'Methods', Component: MethodsPanel },
  { id: 'overlap', title: 'Mask overlap', Component: OverlapPanel },
];
