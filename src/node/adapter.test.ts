import { afterEach, expect, test, vi } from 'vitest';
import { ADAPTER_CHOICES, adapterFromEnvironment, NoAdapterError } from './adapter.ts';

afterEach(() => vi.unstubAllEnvs());

test('without SPARSELAND_ADAPTER, or with an empty one, the system chooses', () => {
  for (const value of [undefined, '']) {
    vi.stubEnv('SPARSELAND_ADAPTER', value);
    expect(adapterFromEnvironment()).toBe('default');
  }
});

test.each(ADAPTER_CHOICES)('SPARSELAND_ADAPTER=%s is understood', (choice) => {
  vi.stubEnv('SPARSELAND_ADAPTER', choice);
  expect(adapterFromEnvironment()).toBe(choice);
});

test('an unknown adapter lists the known ones', () => {
  vi.stubEnv('SPARSELAND_ADAPTER', 'toString');
  expect(() => adapterFromEnvironment()).toThrow(/'toString'.*default, swiftshader, lavapipe/);
});

test('the error carries the choice and can be told from others', () => {
  expect(new NoAdapterError('lavapipe', 'gone')).toMatchObject({ name: 'NoAdapterError', choice: 'lavapipe', message: 'gone' });
});
