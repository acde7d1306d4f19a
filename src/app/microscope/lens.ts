import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { MasksSpec } from '../../engine/experiment/experiment.ts';
import { keptOfGroup, type NmPattern } from '../../engine/sparsity/pattern.ts';

/** A way to look at a layer: lines of slots, M of which form a group. A slot is a weight, or those of the lines that share a pattern. */
export interface Lens {
  /** Weights are [out, in], row-major. */
  layer: Pick<LayerFacts, 'out' | 'in'>;
  /** Slots of a line follow the inputs of an output, or the outputs of an input. */
  along: 'in' | 'out';
  /** Of the mask: N of every M, along which axis. */
  pattern: NmPattern;
  /** Neighbouring lines with one pattern. */
  share: number;
  /** How scores of weights become that of a slot where lines share. */
  score: MasksSpec['blockScore'];
}

/** Lines of a layer, those that share a pattern counted as one. */
export const lineCount = ({ layer, along, share }: Lens): number => Math.ceil((along === 'in' ? layer.out : layer.in) / share);

/** Slots of a line. */
export const slotCount = ({ layer, along }: Lens): number => (along === 'in' ? layer.in : layer.out);

/** Groups of a line; the last may be smaller. */
export const groupCount = (lens: Lens): number => Math.ceil(slotCount(lens) / lens.pattern.m);

/** Lines of the layer that a line of the lens stands for: the last group of them may be smaller. */
export function sharingLines({ layer, along, share }: Lens, line: number): number {
  return Math.min(share, (along === 'in' ? layer.out : layer.in) - line * share);
}

/** A weight by its place in [out, in]. @param member of the lines that share a pattern */
export function weightAt({ layer, along, share }: Lens, line: number, slot: number, member = 0): number {
  const across = line * share + member;
  return along === 'in' ? across * layer.in + slot : slot * layer.in + across;
}

/** The first slot of a group, and how many it has and keeps. */
export function groupAt(lens: Lens, group: number): { first: number; size: number; keeps: number } {
  const first = group * lens.pattern.m;
  const size = Math.min(lens.pattern.m, slotCount(lens) - first);
  return { first, size, keeps: keptOfGroup(lens.pattern, size) };
}
