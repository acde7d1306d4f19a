import { agreement } from './measure.ts';
import type { MaskLayout } from './initialMask.ts';
import type { NmPattern } from './pattern.ts';

/** What is known of a mask of N to M when it has been read. */
export interface ReadPattern {
  /** The pattern of the experiment, and the one that an update chose this mask by; absent where that is not known. */
  pattern: Pick<NmPattern, 'n' | 'm'>;
  chosen: Pick<NmPattern, 'n' | 'm'> | undefined;
  full: boolean;
  /** Packed masks of the forward pass, and of the way back, where it has its own. */
  mask: Uint32Array;
  backward: Uint32Array | undefined;
}

/** Columns of the mask table that only patterns have: N and M that the mask holds, M of M where it is full, and in total and per layer the share of the weights that the masks of both passes treat alike. */
export function patternColumns(layers: readonly (MaskLayout & { name: string; kernel?: unknown })[], read: ReadPattern): Record<string, Float32Array> {
  const { n, m } = (read.full ? { n: read.pattern.m, m: read.pattern.m } : read.chosen) ?? {};
  const values = { ...(n !== undefined && m !== undefined && { n, m }), ...(read.backward && agreements(layers, read.mask, read.backward)) };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float32Array.of(value)]));
}

function agreements(layers: Parameters<typeof patternColumns>[0], forward: Uint32Array, backward: Uint32Array): Record<string, number> {
  const shares = layers.filter(({ maskable, kernel }) => maskable && !kernel).map(({ name, out, in: inputs, wordOffset }) => ({ name, size: out * inputs, share: agreement(forward, backward, out * inputs, wordOffset) }));
  const total = shares.reduce((sum, { size }) => sum + size, 0);
  return { ...Object.fromEntries(shares.map(({ name, share }) => [`${name}.agreement`, share])), agreement: shares.reduce((sum, { size, share }) => sum + size * share, 0) / total };
}
