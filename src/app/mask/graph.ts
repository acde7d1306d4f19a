import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';
import { classify, CODE, isActive } from './states.ts';

/** Most nodes of a column, and most weights of a network, that are drawn as a graph: more would be a grey area. */
const MOST_NODES = 64;
const MOST_WEIGHTS = 4096;

/** A link that is active, or left the mask in the last update. */
export interface Edge {
  /** Number of its layer, of its input and of its output. */
  layer: number;
  from: number;
  to: number;
  code: number;
  /** Where values are known; 0 for what has left. */
  weight?: number | undefined;
}

/** A network as nodes in columns, inputs first, and links between neighbouring columns. */
export interface Graph {
  widths: readonly number[];
  edges: readonly Edge[];
  /** For each column, which nodes lie on a path of active links from an input to an output. */
  alive: readonly (readonly boolean[])[];
}

/** True for networks of linear layers that are small enough to be drawn link by link. */
export function isDrawable(layers: readonly LayerFacts[]): boolean {
  return layers.length > 0 && layers.every(({ kernel, in: inputs, out }) => !kernel && Math.max(inputs, out) <= MOST_NODES) && layers.reduce((sum, { in: inputs, out }) => sum + inputs * out, 0) <= MOST_WEIGHTS;
}

/**
 * The graph of a snapshot: links that are not active any more are left out, but for those that left in the last update.
 * @param values of the weights of each layer, [out, in], where they are known of all
 */
export function graphOf(snapshot: MaskSnapshot, layers: readonly LayerFacts[], values?: readonly Float32Array[]): Graph {
  const edges = layers.flatMap((layer, l) => {
    const codes = classify(snapshot, layer);
    return Array.from(codes, (code, i): Edge => ({ layer: l, from: i % layer.in, to: Math.floor(i / layer.in), code, ...(values && { weight: values[l]?.[i] }) })).filter(({ code }) => isActive(code) || code === CODE.dropped);
  });
  const widths = [layers[0]!.in, ...layers.map(({ out }) => out)];
  return { widths, edges, alive: aliveOf(widths, edges.filter(({ code }) => isActive(code))) };
}

/** Largest magnitude of a weight of the graph. */
export function largestWeight({ edges }: Pick<Graph, 'edges'>): number {
  return edges.reduce((most, { weight = 0 }) => Math.max(most, Number.isFinite(weight) ? Math.abs(weight) : 0), 0);
}

/** Width of a link, in units of the drawing: by the root of its magnitude, so that small weights are seen, too; one width for all where values are not known. */
export function linkWidth({ weight }: Pick<Edge, 'weight'>, largest: number): number {
  return weight === undefined || !(largest > 0) ? 1 : 0.5 + 3 * Math.sqrt(Math.min(1, Math.abs(weight) / largest));
}

/** Nodes that can be reached from the inputs, and from which the outputs can be. */
function aliveOf(widths: readonly number[], active: readonly Edge[]): boolean[][] {
  const reached = widths.map((width, column) => new Array<boolean>(width).fill(column === 0));
  const leads = widths.map((width, column) => new Array<boolean>(width).fill(column === widths.length - 1));
  for (const { layer, from, to } of active) if (reached[layer]![from]) reached[layer + 1]![to] = true;
  for (const { layer, from, to } of active.toReversed()) if (leads[layer + 1]![to]) leads[layer]![from] = true;
  return widths.map((width, column) => Array.from({ length: width }, (_, i) => reached[column]![i]! && leads[column]![i]!));
}
