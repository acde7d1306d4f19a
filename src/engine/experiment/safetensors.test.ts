import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, SafetensorsError, type Tensor } from './safetensors.ts';

const weight: Tensor = { name: 'layers.0.weight', dtype: 'F32', shape: [2, 3], values: Float32Array.of(1, -2, 0, 0.5, -0, 3e-9) };
const mask: Tensor = { name: 'layers.0.weight.mask', dtype: 'U8', shape: [2, 3], values: Uint8Array.of(1, 1, 0, 1, 0, 1) };

/** A file with this header and `size` bytes of values. */
function fileOf(header: unknown, size = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

test('the bytes are those of the format: length, header filled up to 8 bytes, values', () => {
  const bytes = encodeSafetensors({ tensors: [{ name: 'b', dtype: 'U8', shape: [1], values: Uint8Array.of(7) }, { name: 'a', dtype: 'F32', shape: [1], values: Float32Array.of(1) }], metadata: { format: 'pt' } });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    __metadata__: { format: 'pt' },
    a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    b: { dtype: 'U8', shape: [1], data_offsets: [4, 5] },
  });
  expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 7]);
});

test('what was written is read back, bit for bit', () => {
  const file = decodeSafetensors(encodeSafetensors({ tensors: [mask, weight], metadata: { preset: 'rigl-moons' } }));
  expect(file).toEqual({ tensors: [weight, mask], metadata: { preset: 'rigl-moons' } });
});

test('scalars and empty tensors have a place', () => {
  const tensors: Tensor[] = [{ name: 's', dtype: 'F32', shape: [], values: Float32Array.of(2) }, { name: 'e', dtype: 'F32', shape: [0, 4], values: new Float32Array() }];
  expect(decodeSafetensors(encodeSafetensors({ tensors, metadata: {} })).tensors).toEqual(expect.arrayContaining(tensors));
});

test.each([
  ['two tensors of one name', [weight, weight], /two tensors called layers\.0\.weight/],
  ['a name that the format keeps for itself', [{ ...weight, name: '__metadata__' }], /__metadata__/],
  ['values that do not fill the shape', [{ ...weight, shape: [2, 2] }], /6 values.*2 x 2/],
])('%s are refused', (_, tensors, message) => {
  expect(() => encodeSafetensors({ tensors, metadata: {} })).toThrow(message);
});

test.each([
  ['an empty file', new Uint8Array()],
  ['a header longer than the file', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0)],
  ['a header that is not JSON', fileOf('{')],
  ['a header that is a list', fileOf([])],
  ['metadata that is not text', fileOf({ __metadata__: { a: 1 } })],
  ['another type', fileOf({ a: { dtype: 'F16', shape: [1], data_offsets: [0, 2] } }, 2)],
  ['a negative size', fileOf({ a: { dtype: 'U8', shape: [-1], data_offsets: [0, 1] } }, 1)],
  ['offsets that do not fit the shape', fileOf({ a: { dtype: 'U8', shape: [2], data_offsets: [0, 1] } }, 1)],
  ['a gap', fileOf({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 2] } }, 2)],
  ['bytes behind the last tensor', fileOf({ a: { dtype: 'U8', shape: [1], data_offsets: [0, 1] } }, 2)],
])('%s is refused', (_, bytes) => {
  expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
});

test('whatever is cut or changed, the reader returns or throws its own error', () => {
  const whole = encodeSafetensors({ tensors: [weight, mask], metadata: { format: 'pt' } });
  fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, end) => {
    const bytes = whole.slice(0, Math.max(at, end));
    bytes[at] = value;
    try {
      decodeSafetensors(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(SafetensorsError);
    }
  }), { numRuns: 500 });
});
