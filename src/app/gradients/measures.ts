import type { ArmId, LayerFacts, MetricRows } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { extent, type ChartModel, type Curve } from '../charts/model.ts';
import { roundTicks } from '../charts/ticks.ts';
import { NETWORK_ORDER, NETWORKS } from '../panels/networks.ts';
import { curve } from '../panels/reading.ts';
import { formatPower } from '../text/power.ts';

/** What is measured of a layer's gradients: a column of the log, and how it is drawn. */
export interface Measure {
  id: string;
  table: MetricRows['table'];
  title: string;
  /** One sentence on what it is. */
  words: string;
  /** Decades on its axis; else a share of at most 1. */
  log: boolean;
}

/** All measures, the first that a run has being shown first. */
export const MEASURES: readonly Measure[] = [
  { id: 'gradientVariance', table: 'gradient', title: 'Variance of gradients', log: true, words: 'Of the gradient of the newest step, over the weights of the layer that train.' },
  { id: 'momentVariance', table: 'gradient', title: 'Variance of second moments', log: true, words: 'Of Adam\'s average of squared gradients, over the weights of the layer that train.' },
  { id: 'cosine', table: 'gradient', title: 'Cosine with the exact gradient', log: false, words: 'Between gradients of the layer\'s inputs through the mask of the way back, and through that of the forward pass.' },
  { id: 'agreement', table: 'mask', title: 'Agreement of both masks', log: false, words: 'Share of the layer\'s weights that the forward pass and the way back both see, or both hide.' },
];

/** The measures that a run has told anything of. */
export function measuresOf({ tables, layers }: RunLog): Measure[] {
  return MEASURES.filter(({ id, table }) => layers.some(({ name }) => tables.get(`main/${table}`)?.columns.has(`${name}.${id}`)));
}

/** The layers that a measure is told of. */
export function layersOf({ tables, layers }: RunLog, { id, table }: Measure): LayerFacts[] {
  return layers.filter(({ name }) => tables.get(`main/${table}`)?.columns.has(`${name}.${id}`));
}

/** Charts of a measure, one a layer, on one scale: layers can be told apart by their height. */
export function measureModels(log: RunLog, measure: Measure, end: number): Map<string, ChartModel> {
  const layers = layersOf(log, measure);
  const curves = layers.map(({ name }) => NETWORK_ORDER.filter((arm) => log.arms.includes(arm)).map((arm) => curveOf(log, arm, measure, name, end)).filter(({ values }) => values.length > 0));
  const scale = measure.log ? decades(curves.flat()) : shares(curves.flat());
  return new Map(layers.map(({ name }, l) => [name, { id: `${measure.id}-${name}`, title: `${measure.title}, ${name}`, curves: curves[l] as Curve[], levels: [], x: [0, log.totalSteps], ...scale }]));
}

function curveOf(log: RunLog, arm: ArmId, { id, table, log: isLog }: Measure, layer: string, end: number): Curve {
  const { steps, values } = curve(log, arm, table, `${layer}.${id}`, end);
  // A layer that is frozen has no variance, and 0 no place among decades.
  return { id: arm, ...NETWORKS[arm], steps, values: isLog ? Float64Array.from(values, (value) => (value > 0 ? Math.log10(value) : Number.NaN)) : values };
}

type Scale = Pick<ChartModel, 'y' | 'ticks' | 'format' | 'measured'>;

/** Most intervals between ticks: labels of more hide one another. */
const MOST_INTERVALS = 3;
const HAIR = 1e-6;

function decades(curves: readonly Curve[]): Scale {
  const [least, most] = extent(curves) ?? [-1, 0];
  // Logarithms of round 32-bit floats miss their decade by a hair.
  const low = Math.floor(least + HAIR);
  const high = Math.max(low + 1, Math.ceil(most - HAIR));
  const every = Math.ceil((high - low) / MOST_INTERVALS);
  return { y: [low, high], ticks: Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => low + i * every), measured: (value) => 10 ** value, format: (value) => formatPower(10 ** value) };
}

function shares(curves: readonly Curve[]): Scale {
  const low = Math.min(0, Math.floor(2 * (extent(curves)?.[0] ?? 0)) / 2);
  return { y: [low, 1], ticks: roundTicks(low, 1, 3), format: (value) => value.toFixed(2) };
}
