import { expect, test } from 'vitest';
import { isInstalled } from './install.mjs';

const wanted = { packages: { '': { version: '1.0.0' }, 'node_modules/a': { version: '2.0.0' }, 'node_modules/b': { version: '1.0.0', optional: true } } };

test('installed is every required package at its version; optional ones may be missing', () => {
  expect(isInstalled(wanted, { packages: { 'node_modules/a': { version: '2.0.0' } } })).toBe(true);
});

test('a missing package, another version, or no node_modules is not installed', () => {
  expect(isInstalled(wanted, { packages: {} })).toBe(false);
  expect(isInstalled(wanted, { packages: { 'node_modules/a': { version: '2.0.1' } } })).toBe(false);
  expect(isInstalled(wanted, undefined)).toBe(false);
});
