import { createHash } from 'node:crypto';

/** sha256 of the bytes, hexadecimal. */
export const digest = (bytes: Uint8Array | Float32Array): string => createHash('sha256').update(bytes).digest('hex');

/** How often each byte below `values` occurs. */
export function histogram(bytes: Uint8Array, values: number): number[] {
  const counts = new Uint32Array(256);
  for (let i = 0; i < bytes.length; i++) counts[bytes[i]!]!++;
  return [...counts.subarray(0, values)];
}
