import { useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { Chart, type PlotFrame } from '../charts/Chart.tsx';
import { useChartsWanted } from '../charts/wanted.ts';
import { ScheduleEditor } from '../schedule/ScheduleEditor.tsx';
import { usePlanned } from '../schedule/usePlanned.ts';
import { useView } from '../stores/view.ts';
import { scheduleModel } from './scheduleModel.ts';
import type { SparsitySpec } from '../../engine/experiment/experiment.ts';
import type { PanelProps } from './reading.ts';

/** The sparsity schedule: planned density over the whole run, achieved density so far; of all weights, where it is dragged, or of one layer. */
export function SchedulePanel(panel: PanelProps): ReactElement {
  const { log } = panel;
  const masked = log.layers.filter(({ maskable }) => maskable).map(({ name }) => name);
  const [chosen, setChosen] = useState('');
  const layer = masked.includes(chosen) ? chosen : undefined;
  return (
    <section className="panel chart-panel" aria-label="Sparsity schedule">
      <h2>
        Density <span className="aside">planned and achieved</span>
        {masked.length > 1 && (
          <select className="select schedule-layers" aria-label="Weights whose density is shown" value={layer ?? ''} onChange={(event) => setChosen(event.target.value)}>
            <option value="">All weights</option>
            {masked.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        )}
      </h2>
      {layer === undefined ? <ScheduleEditor renderChart={(overlay) => <DensityChart {...panel} overlay={overlay} />} /> : <><DensityChart {...panel} layer={layer} /><ShareWords {...panel} layer={layer} /></>}
    </section>
  );
}

interface DensityChartProps extends PanelProps {
  layer?: string;
  overlay?: (frame: PlotFrame) => ReactNode;
}

function DensityChart({ log, version, cursor, end, layer, overlay }: DensityChartProps): ReactElement {
  const theme = useView((view) => view.theme);
  const full = useChartsWanted();
  const planned = usePlanned(log, layer);
  const model = useMemo(() => scheduleModel(log, end, planned, layer), [log, version, end, planned, layer]);
  const whose = layer === undefined ? 'the masks have' : `the mask of ${layer} has`;
  return <Chart model={model} mark={cursor < end ? cursor : undefined} height={144} full={full} theme={theme} description={`Planned density over the run, and the density that ${whose} reached.`} overlay={overlay} />;
}

/** Why a layer's plan is not that of all weights. */
function ShareWords({ log }: PanelProps & { layer: string }): ReactElement {
  const sparsity: Partial<SparsitySpec> = log.experiment?.phases.at(-1)?.sparsity ?? {};
  const { distribution, scope } = sparsity;
  const shared = distribution === undefined ? '' : `Layers share the active weights by ${String(distribution)}. `;
  return <p className="small muted">{shared}{scope === 'global' ? 'One threshold decides for all layers: a layer may leave its share.' : ''}</p>;
}
