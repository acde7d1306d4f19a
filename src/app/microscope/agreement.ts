import type { LayerFacts } from '../../engine/experiment/events.ts';
import { keptOfGroup, type NmPattern } from '../../engine/sparsity/pattern.ts';
import { lineCount, sharingLines, weightAt, type Lens } from './lens.ts';
import { chosenOf } from './ranks.ts';

/** What N of M keeps of a matrix [out, in] by the sizes of single weights along its rows or columns, ties to the lower place: 1 for each weight that stays. */
export function patternMask(values: Float32Array, { out, in: inputs }: Pick<LayerFacts, 'out' | 'in'>, along: 'in' | 'out', pattern: Pick<NmPattern, 'n' | 'm'>): Uint8Array {
  const mask = new Uint8Array(out * inputs);
  // The order of non-negative floats is that of their bits.
  const keys = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const [lines, length, step] = along === 'in' ? [out, inputs, 1] : [inputs, out, inputs];
  for (let line = 0; line < lines; line++) {
    const start = along === 'in' ? line * inputs : line;
    for (let at = 0; at < length; at += pattern.m) {
      const size = Math.min(pattern.m, length - at);
      const keeps = keptOfGroup(pattern, size);
      for (let i = 0; i < size; i++) {
        const own = keys[start + (at + i) * step]! & 0x7fffffff;
        let ahead = 0;
        for (let j = 0; j < size && ahead < keeps; j++) {
          const other = keys[start + (at + j) * step]! & 0x7fffffff;
          if (other > own || (other === own && j < i)) ahead++;
        }
        if (ahead < keeps) mask[start + (at + i) * step] = 1;
      }
    }
  }
  return mask;
}

/** Share of the weights whose bits agree in two masks of a layer. */
export function agreement(a: Uint8Array, b: Uint8Array): number {
  let agreeing = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) agreeing++;
  return agreeing / a.length;
}

/** The agreement that two masks of their densities have where neither knows of the other. */
export function agreementByChance(a: Uint8Array, b: Uint8Array): number {
  const [x, y] = [a, b].map((mask) => mask.reduce((kept, bit) => kept + bit, 0) / mask.length) as [number, number];
  return x * y + (1 - x) * (1 - y);
}

/** The mask of a layer, were it chosen from these weights, [out, in]. */
export function chosenMask(lens: Lens, values: Float32Array): Uint8Array {
  if (lens.share === 1 && lens.pattern.axis !== 'both') return patternMask(values, lens.layer, lens.along, lens.pattern);
  const mask = new Uint8Array(values.length);
  for (let line = 0; line < lineCount(lens); line++) {
    chosenOf(lens, values, line).forEach((keeps, slot) => {
      for (let member = 0; member < sharingLines(lens, line); member++) mask[weightAt(lens, line, slot, member)] = keeps;
    });
  }
  return mask;
}
