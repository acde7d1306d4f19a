import { create } from 'zustand';
import { useRun } from '../stores/run.ts';

const useWanted = create<{ wanted: boolean }>()(() => ({ wanted: false }));

// From the first step on, and not before: until then the shell stays light.
useRun.subscribe((run) => {
  if (run.step > 0 && !useWanted.getState().wanted) useWanted.setState({ wanted: true });
});

/** True once training has run: from then on the chart library is worth its bytes. */
export function useChartsWanted(): boolean {
  return useWanted((state) => state.wanted);
}
