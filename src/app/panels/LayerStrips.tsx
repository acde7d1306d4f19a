import { useMemo, type ReactElement } from 'react';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { activeCount, countStates } from '../mask/states.ts';
import { scheduleOf } from '../session/preview.ts';
import { look, useView } from '../stores/view.ts';
import { formatCount, formatDensity } from '../text/numbers.ts';
import { layerNamed, masks, valueAt, type PanelProps } from './reading.ts';
import '../styles/strips.css';

/** The fewest weights that the plan leaves each layer at the end of any phase. */
function fewestLinks(log: RunLog): Map<string, number> {
  const fewest = new Map<string, number>();
  if (!log.experiment) return fewest;
  for (const end of scheduleOf(log.experiment, log.layers).ends) {
    for (const [name, links] of end) fewest.set(name, Math.min(links, fewest.get(name) ?? Infinity));
  }
  return fewest;
}

/** Every layer as a strip: its achieved density as a bar, the planned one as a tick. A click draws that layer. */
export function LayerStrips({ log, version, cursor }: PanelProps): ReactElement {
  const chosen = useView((view) => view.layer);
  const current = layerNamed(log, chosen);
  const ends = useMemo(() => fewestLinks(log), [log, version]);
  const snapshot = useMemo(() => masks(log, 'main', cursor), [log, version, cursor]);
  return (
    <section className="panel" aria-label="Layers">
      <h2>Layers <span className="aside">bar: achieved density; tick: planned</span></h2>
      <ul className="strips">
        {log.layers.map((layer) => {
          const size = layer.in * layer.out;
          const active = snapshot ? activeCount(countStates(snapshot, [layer])) : size;
          const planned = valueAt(log, 'main', 'mask', `${layer.name}.planned`, cursor)?.value;
          const dead = valueAt(log, 'main', 'mask', `${layer.name}.dead`, cursor)?.value ?? 0;
          const density = active / size;
          const end = ends.get(layer.name) ?? size;
          const words = layer.maskable ? `${formatCount(active)} of ${formatCount(size)}` : `${formatCount(size)}, kept dense`;
          return (
            <li key={layer.name}>
              <button type="button" className="strip" aria-pressed={layer === current} title={`Draw ${layer.name}`} onClick={() => look({ layer: layer.name, unit: null })}>
                <span className="strip-name">{layer.name}<span className="faint small"> {formatCount(layer.in)} → {formatCount(layer.out)}</span></span>
                <svg className="strip-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
                  <rect x="0" y="2" width="100" height="8" className="strip-room" />
                  <rect x="0" y="2" width={density * 100} height="8" className="strip-fill" />
                  {planned !== undefined && <line x1={planned * 100} x2={planned * 100} y1="0" y2="12" className="strip-tick" vectorEffect="non-scaling-stroke" />}
                </svg>
                {end < layer.out && <span className="strip-alarm small">▲ {formatCount(end)} links for {formatCount(layer.out)} units: some units will hear nothing</span>}
                <span className="strip-figures"><b>{formatDensity(density)}</b> <span className="faint small">{words}{dead > 0 ? `, ${formatCount(dead)} dead` : ''}</span></span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
