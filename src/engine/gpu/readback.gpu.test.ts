import { afterEach, describe, expect, test } from 'vitest';
import { underScopes } from '../../node/testDevice.ts';
import { type TestRig, testRig } from '../../node/testRig.ts';
import { createReadback, readNow } from './readback.ts';

const rigs: TestRig[] = [];
afterEach(() => rigs.splice(0).forEach((rig) => rig.destroy()));
async function rigOf(): Promise<TestRig> {
  const rig = await testRig();
  rigs.push(rig);
  return rig;
}

const count = (n: number, from = 0): Uint32Array<ArrayBuffer> => Uint32Array.from({ length: n }, (_, i) => i + from);

describe('the read-back ring', () => {
  test('gives parts in order, and each copy what was there when it was submitted', async () => {
    const { gpu, arena } = await rigOf();
    await underScopes(gpu, async () => {
      const source = arena.storage('source', 4000);
      const ring = createReadback(arena, 3);
      const copies = [0, 1, 2].map((round) => {
        gpu.device.queue.writeBuffer(source, 0, count(1000, 1000 * round));
        const encoder = gpu.device.createCommandEncoder();
        const copy = ring.copy(encoder, [{ buffer: source, offset: 400, bytes: 8 }, { buffer: source, offset: 0, bytes: 4 }]);
        gpu.device.queue.submit([encoder.finish()]);
        return copy;
      });
      expect(ring.ready()).toBe(false);
      expect(() => ring.copy(gpu.device.createCommandEncoder(), [])).toThrow('All staging buffers are in use');
      // The last is taken first: no copy waits for another.
      const taken = await Promise.all(copies.toReversed().map((copy) => copy.take()));
      expect(taken.map((parts) => parts.map((bytes) => [...new Uint32Array(bytes)]))).toEqual(
        [2, 1, 0].map((round) => [[1000 * round + 100, 1000 * round + 101], [1000 * round]]));
      expect(ring.ready()).toBe(true);
      ring.destroy();
    });
  });

  test('grows to a copy that is larger than its buffers, and keeps the count', async () => {
    const { gpu, arena } = await rigOf();
    await underScopes(gpu, async () => {
      const before = arena.counters();
      const large = arena.storage('large', 100_000);
      gpu.device.queue.writeBuffer(large, 0, count(25_000));
      const ring = createReadback(arena, 2);
      for (let i = 0; i < 5; i++) {
        const encoder = gpu.device.createCommandEncoder();
        const copy = ring.copy(encoder, [{ buffer: large, offset: 0, bytes: 100_000 }]);
        gpu.device.queue.submit([encoder.finish()]);
        const [bytes] = await copy.take();
        expect(new Uint32Array(bytes as ArrayBuffer)).toEqual(count(25_000));
      }
      expect(arena.counters().buffers).toBe(before.buffers + 3);
      ring.destroy();
      arena.free(large);
      expect(arena.counters()).toMatchObject({ liveBytes: before.liveBytes, buffers: before.buffers });
    });
  });

  test('destroyed while a copy is on its way, still gives it, and then nothing is left', async () => {
    const { gpu, arena } = await rigOf();
    const { liveBytes } = arena.counters();
    const source = arena.storage('source', 16);
    const ring = createReadback(arena);
    const encoder = gpu.device.createCommandEncoder();
    const copy = ring.copy(encoder, [{ buffer: source, offset: 0, bytes: 16 }]);
    gpu.device.queue.submit([encoder.finish()]);
    const taking = copy.take();
    ring.destroy();
    expect((await taking)[0]?.byteLength).toBe(16);
    arena.free(source);
    expect(arena.counters().liveBytes).toBe(liveBytes);
  });
});

describe('a State', () => {
  test('carries what stays, pads with zeros what grows, cuts what shrinks, and refuses another type', async () => {
    const rig = await rigOf();
    const { state } = rig;
    await underScopes(rig.gpu, async () => {
      state.require(new Map([['a', { dtype: 'f32', length: 4 }], ['b', { dtype: 'u32', length: 2 }]] as const));
      expect(await rig.words('a', 'b')).toEqual([new Uint32Array(4), new Uint32Array(2)]);
      state.write('a', new Float32Array([1, 2, 3, 4]));
      state.write('b', new Uint32Array([9]), 1);
      const kept = state.buffer('a');
      state.require(new Map([['a', { dtype: 'f32', length: 4 }]] as const));
      expect(state.buffer('a')).toBe(kept);
      state.require(new Map([['a', { dtype: 'f32', length: 6 }]] as const));
      expect(await rig.floats('a')).toEqual([1, 2, 3, 4, 0, 0]);
      state.require(new Map([['a', { dtype: 'f32', length: 3 }]] as const));
      expect(await rig.floats('a')).toEqual([1, 2, 3]);
      expect(await rig.words('b')).toEqual([new Uint32Array([0, 9])]);
    });
    expect(() => state.require(new Map([['b', { dtype: 'f32', length: 2 }]] as const))).toThrow('b is u32 and cannot become f32');
    expect(() => state.buffer('c')).toThrow('State test has no c; it has a, b.');
  });

  test('takes bytes that fill no whole word', async () => {
    const rig = await rigOf();
    rig.state.require(new Map([['bytes', { dtype: 'u32', length: 2 }]] as const));
    await underScopes(rig.gpu, () => rig.state.write('bytes', new Uint8Array([1, 2, 3, 4, 5])));
    expect((await rig.words('bytes'))[0]).toEqual(new Uint32Array([0x04030201, 5]));
    rig.state.clear('bytes');
    expect((await rig.words('bytes'))[0]).toEqual(new Uint32Array(2));
  });
});

test('reading now gives several buffers at once and leaves no staging buffer', async () => {
  const { gpu, arena } = await rigOf();
  const [a, b] = [arena.storage('a', 8), arena.storage('b', 4)];
  gpu.device.queue.writeBuffer(a, 0, count(2, 5));
  const before = arena.counters();
  const parts = await readNow(gpu.device, arena, [{ buffer: b, offset: 0, bytes: 4 }, { buffer: a, offset: 4, bytes: 4 }]);
  expect(parts.map((bytes) => [...new Uint32Array(bytes)])).toEqual([[0], [6]]);
  expect(arena.counters()).toMatchObject({ liveBytes: before.liveBytes, buffers: before.buffers });
});
