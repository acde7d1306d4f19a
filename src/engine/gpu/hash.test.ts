import { expect, test } from 'vitest';
import { sha256, sha256Text } from './hash.ts';

test('the published vectors of SHA-256', async () => {
  expect(await sha256Text('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(await sha256Text('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('of a view, only what it shows', async () => {
  const bytes = new TextEncoder().encode('xabcx');
  expect(await sha256(bytes.subarray(1, 4))).toBe(await sha256Text('abc'));
  expect(await sha256(new Float32Array([1]).buffer)).toBe(await sha256(new Uint32Array([0x3f800000])));
});
