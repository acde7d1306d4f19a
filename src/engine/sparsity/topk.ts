/** The bin in which the k-th largest element lies, and how many elements lie above that bin. */
function locate(histogram: Uint32Array, k: number): { bin: number; above: number } {
  let above = 0;
  for (let bin = histogram.length - 1; bin > 0; bin--) {
    const here = histogram[bin]!;
    if (above + here >= k) return { bin, above };
    above += here;
  }
  return { bin: 0, above };
}

/**
 * Marks the k largest keys with 1, the others with 0; equal keys go to the lower index, so exactly min(k, n) are marked.
 * Radix selection in two passes of 16 bits: linear in n.
 */
export function selectTop(keys: Uint32Array, k: number): Uint8Array {
  const chosen = new Uint8Array(keys.length);
  if (k <= 0) return chosen;
  if (k >= keys.length) return chosen.fill(1);

  const histogram = new Uint32Array(65536);
  for (const key of keys) histogram[key >>> 16]!++;
  const high = locate(histogram, k);
  histogram.fill(0);
  for (const key of keys) if (key >>> 16 === high.bin) histogram[key & 0xffff]!++;
  const low = locate(histogram, k - high.above);

  const threshold = ((high.bin << 16) | low.bin) >>> 0;
  let ties = k - high.above - low.above;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (key > threshold || (key === threshold && ties-- > 0)) chosen[i] = 1;
  }
  return chosen;
}
