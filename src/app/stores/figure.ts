import { create } from 'zustand';
import { readOptions, type EmbedOptions } from '../embed/options.ts';
import type { Turn } from '../embed/turns.ts';

/** A figure in another page: what its author decided, and what it does beside its run. */
export interface FigureStore {
  options: EmbedOptions;
  turn: Turn;
  /** The reader's prediction of the final accuracy, as a share; `skipped` without one; null before the question is answered. */
  prediction: number | 'skipped' | null;
}

/** The store of the figure. */
export const useFigure = create<FigureStore>()(() => ({ options: readOptions('', new Map()).options, turn: 'own', prediction: null }));
