import { describe, expect, it } from 'vitest';
import type { SelfTestReport } from '../../engine/experiment/fullSelfTest.ts';
import { keepSelfTest, lastSelfTest, selfTestWords, shortReport, type LastSelfTest } from './lastSelfTest.ts';

const adapter = { vendor: 'nvidia', architecture: 'ampere', device: '', description: '', software: false } as unknown as SelfTestReport['adapter'];
const report = (faults: readonly string[]): SelfTestReport => ({ format: 1, ok: faults.length === 0, adapter, quick: 'computes correctly', checks: [{ name: 'linear small', ms: 1, faults: [] }, { name: 'linear tall', ms: 1, faults }], timings: [] });
const TIME = Date.UTC(2026, 0, 2, 3, 4);
const now = { adapter: 'nvidia ampere', build: 'Not built' };

function storage(text: string | null = null): { getItem(): string | null; setItem(key: string, value: string): void } {
  let held = text;
  return { getItem: () => held, setItem: (_, value) => void (held = value) };
}

describe('the last self-test', () => {
  it('is kept and read again', () => {
    const store = storage();
    const result = shortReport(report(['output 3 is 1']), TIME);
    keepSelfTest(result, store);
    expect(result).toEqual({ time: TIME, adapter: 'nvidia ampere', build: 'Not built', checks: 2, failed: ['linear tall'] });
    expect(lastSelfTest(store)).toEqual(result);
  });

  it.each(['', '{', 'null', '[]', '{"time":"x"}', '{"time":1,"adapter":"a","build":"b","checks":1,"failed":[1]}', 'x'.repeat(30_000)])('is none where %s is stored', (text) => {
    expect(lastSelfTest(storage(text))).toBeNull();
  });

  it('is lost, and nothing else, where nothing can be stored', () => {
    const full = { setItem: () => { throw new DOMException('full', 'QuotaExceededError'); } };
    expect(() => keepSelfTest(shortReport(report([]), TIME), full)).not.toThrow();
  });

  it.each<[Partial<LastSelfTest>, RegExp]>([
    [{}, /^✓ All 2 checks passed on nvidia ampere, .*2026.*\d\.$/],
    [{ failed: ['linear tall'] }, /^✗ 1 check of 2 failed \(linear tall\) on nvidia ampere/],
    [{ adapter: 'other' }, /on other, .*; another adapter than now\.$/],
    [{ adapter: 'other', build: 'older' }, /; another adapter than now and another build than this\.$/],
  ])('is told in words: %j', (change, words) => {
    expect(selfTestWords({ ...shortReport(report([]), TIME), ...change }, now)).toMatch(words);
  });

  it('is told with few of many failed checks', () => {
    const failed = Array.from({ length: 9 }, (_, i) => `check ${i}`);
    expect(selfTestWords({ ...shortReport(report([]), TIME), failed }, now)).toContain('check 4; …)');
  });
});
