import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage } from './messages.ts';

const ask = (message: object): object => ({ sparseland: 1, id: 7, ...message });

describe('messages of other pages', () => {
  it('are not ours without the version', () => {
    for (const data of [undefined, null, 1, 'play', [], {}, { type: 'play', id: 1 }, { sparseland: '1', type: 'play', id: 1 }, { sparseland: 2, type: 'play', id: 1 }, JSON.parse('{"__proto__":{"sparseland":1},"type":"play","id":1}')]) expect(parseMessage(data)).toBeNull();
  });

  it('are taken where they are whole, and only what is named is taken', () => {
    expect(parseMessage(ask({ type: 'play', more: 1, constructor: 2 }))).toEqual({ ok: true, request: { id: 7, type: 'play' } });
    expect(parseMessage(ask({ id: 'a', type: 'subscribe' }))).toEqual({ ok: true, request: { id: 'a', type: 'subscribe', everyMs: 250 } });
    for (const value of [0.5, 'csr', true, [300, 100]]) expect(parseMessage(ask({ type: 'set', key: 'optimizer.rate', value }))).toEqual({ ok: true, request: { id: 7, type: 'set', key: 'optimizer.rate', value } });
  });

  it.each([
    [{ id: undefined, type: 'play' }, 'bad-message'],
    [{ id: '', type: 'play' }, 'bad-message'],
    [{ id: {}, type: 'play' }, 'bad-message'],
    [{ id: 0.5, type: 'play' }, 'bad-message'],
    [{ id: 'x'.repeat(201), type: 'play' }, 'bad-message'],
    [{}, 'unknown-type'],
    [{ type: 'eval' }, 'unknown-type'],
    [{ type: ['play'] }, 'unknown-type'],
    [{ type: 'toString' }, 'unknown-type'],
    [{ type: 'subscribe', everyMs: 249 }, 'bad-value'],
    [{ type: 'subscribe', everyMs: Number.NaN }, 'bad-value'],
    [{ type: 'subscribe', everyMs: '250' }, 'bad-value'],
    [{ type: 'set', value: 1 }, 'bad-message'],
    [{ type: 'set', key: 'x'.repeat(201), value: 1 }, 'bad-message'],
    [{ type: 'set', key: 'optimizer.rate' }, 'bad-value'],
    [{ type: 'set', key: 'optimizer.rate', value: Infinity }, 'bad-value'],
    [{ type: 'set', key: 'optimizer.rate', value: 'x'.repeat(201) }, 'bad-value'],
    [{ type: 'set', key: 'model.hidden', value: [1, '2'] }, 'bad-value'],
    [{ type: 'set', key: 'model.hidden', value: Array(17).fill(1) }, 'bad-value'],
    [{ type: 'set', key: 'model.hidden', value: { length: 1 } }, 'bad-value'],
  ])('are refused with a reason: %j', (message, code) => {
    expect(parseMessage(ask(message))).toMatchObject({ ok: false, error: { code } });
  });

  it('never throw, whatever they hold', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true });
    const near = fc.record({ sparseland: fc.constant(1), id: fc.oneof(fc.integer(), anything), type: fc.oneof(fc.constantFrom('set', 'subscribe', 'play'), anything), key: anything, value: anything, everyMs: anything }, { requiredKeys: ['sparseland'] });
    fc.assert(fc.property(fc.oneof(anything, near), (data) => {
      const parsed = parseMessage(data);
      if (parsed && !parsed.ok) expect(parsed.error.message).toMatch(/\.$/);
    }), { numRuns: 10_000 });
  });
});
