/**
 * Inflates zlib data into the room that is given and no further: a bomb cannot grow.
 * @returns bytes written, at most `out.length`
 * @throws TypeError where the data are damaged or cut off, or hold more than fits
 */
export async function inflateInto(out: Uint8Array, stored: Uint8Array): Promise<number> {
  const stream = new Blob([stored.slice()]).stream().pipeThrough(new DecompressionStream('deflate'));
  let end = 0;
  // A reader and not `for await`: Safari's streams are not iterable.
  const reader = stream.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (end + chunk.value.length > out.length) {
      await reader.cancel();
      throw new TypeError(`The data hold more than ${out.length} bytes.`);
    }
    out.set(chunk.value, end);
    end += chunk.value.length;
  }
  return end;
}
