/** Cosines and sines (context, width): pair i of place t turns by t / base^(2 i / width). */
export function rotaryTable(context: number, width: number, base = 10_000): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: context * width }, (_, i) => {
    const [t, pair] = [Math.floor(i / width), Math.floor((i % width) / 2)];
    const angle = t / base ** ((2 * pair) / width);
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
}
