/**
 * SHA-256 of bytes, as 64 hexadecimal digits: names of states, sources and files in reports. The same in the page, a
 * worker and Node 20, because all have `crypto.subtle` wherever they have WebGPU (both ask for a secure context).
 */
export async function sha256(bytes: ArrayBuffer | ArrayBufferView): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as BufferSource);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 of a text in UTF-8. */
export function sha256Text(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
