import { useMemo, type ReactElement } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { Chart } from '../charts/Chart.tsx';
import { extent, type ChartModel, type Points } from '../charts/model.ts';
import { roundTicks } from '../charts/ticks.ts';
import { useChartsWanted } from '../charts/wanted.ts';
import { curve, maskableWeights, type PanelProps } from '../panels/reading.ts';
import { useView } from '../stores/view.ts';
import { formatDensity } from '../text/numbers.ts';

/** Share of a layer's weights that each update moved into or out of its mask, and of all layers, up to a step. */
export function flipsModel(log: RunLog, layer: Pick<LayerFacts, 'name' | 'out' | 'in'>, end: number): ChartModel {
  const share = (column: string, size: number): Points => {
    const { steps, values } = curve(log, 'main', 'mask', column, end);
    return { steps: Array.from(steps).slice(from), values: Array.from(values, (count) => count / size).slice(from) };
  };
  // The mask that a run begins with has flipped nothing, and the first choice among all weights is no change of mind: it would dwarf the others.
  const densities = Array.from(curve(log, 'main', 'mask', 'density', end).values);
  const from = Math.max(1, densities.findIndex((density) => density < 1) + (densities[0] === 1 ? 1 : 0));
  const own = { id: layer.name, label: layer.name, colour: '--run-1', stroke: 'solid', ...share(`${layer.name}.flips`, layer.out * layer.in) } as const;
  const masked = log.layers.filter(({ maskable }) => maskable);
  const all = { id: 'all', label: 'all layers', colour: '--text-3', stroke: 'dashed', ...share('flips', maskableWeights(log.layers)) } as const;
  const curves = masked.length > 1 ? [own, all] : [own];
  const high = Math.max(1e-4, extent(curves)?.[1] ?? 0.01);
  const ticks = roundTicks(0, high, 2);
  return { id: `flips-${layer.name}`, title: `Flips of ${layer.name}`, curves, levels: [], x: [0, log.totalSteps], y: [0, Math.max(high, ticks.at(-1) ?? high)], ticks, format: formatDensity };
}

/** How much each update behind the first changed: masks that settle are a curve that falls. */
export function FlipsChart({ log, version, cursor, end, layer }: PanelProps & { layer: LayerFacts }): ReactElement {
  const theme = useView((view) => view.theme);
  const full = useChartsWanted();
  const model = useMemo(() => flipsModel(log, layer, end), [log, version, layer, end]);
  return (
    <div className="microscope-flips">
      <h3>Flips <span className="aside">share of the weights that an update moved, after the first</span></h3>
      <Chart model={model} mark={cursor < end ? cursor : undefined} height={112} full={full} theme={theme} description={`Share of the weights of ${layer.name}, and of all layers, that entered or left the mask in each update.`} />
    </div>
  );
}
