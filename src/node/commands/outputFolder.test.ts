import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareFolder, writeWhole } from './outputFolder.ts';

let base: string;
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), 'sparseland-out-'))));
afterEach(() => rmSync(base, { recursive: true }));

test('the files appear together, and nothing else', () => {
  const folder = prepareFolder(join(base, 'a/b'));
  expect(existsSync(join(base, 'a/b'))).toBe(false);
  folder.commit({ 'report.json': '{}', 'weights.safetensors': Uint8Array.of(1) });
  expect(readdirSync(join(base, 'a'))).toEqual(['b']);
  expect(readdirSync(join(base, 'a/b')).sort()).toEqual(['report.json', 'weights.safetensors']);
  folder.discard();
  expect(existsSync(join(base, 'a/b/report.json'))).toBe(true);
});

test('what is given up leaves no trace, not even the folders above', () => {
  prepareFolder(join(base, 'a/b/c')).discard();
  expect(readdirSync(base)).toEqual([]);
});

test('a folder above that was there, or that others use by now, stays', () => {
  mkdirSync(join(base, 'runs'));
  prepareFolder(join(base, 'runs/x')).discard();
  const folder = prepareFolder(join(base, 'new/x'));
  writeFileSync(join(base, 'new/other'), '');
  folder.discard();
  expect([existsSync(join(base, 'runs')), readdirSync(join(base, 'new'))]).toEqual([true, ['other']]);
});

test('a run that is there is replaced at the end, and stays where the new one is given up', () => {
  const path = join(base, 'run');
  prepareFolder(path).commit({ 'report.json': 'old' });
  prepareFolder(path).discard();
  expect(readFileSync(join(path, 'report.json'), 'utf8')).toBe('old');
  prepareFolder(path).commit({ 'report.json': 'new' });
  expect([readFileSync(join(path, 'report.json'), 'utf8'), readdirSync(base)]).toEqual(['new', ['run']]);
});

test('a folder with anything else, a file, and a place under a file are refused, and left as they are', () => {
  mkdirSync(join(base, 'home'));
  writeFileSync(join(base, 'home/letter.txt'), 'dear');
  expect(() => prepareFolder(join(base, 'home'))).toThrow(/letter\.txt.*--out DIR/);
  expect(() => prepareFolder(join(base, 'home/letter.txt'))).toThrow(/is a file/);
  expect(() => prepareFolder(join(base, 'home/letter.txt/x'))).toThrow(/cannot be written to/);
  expect(readdirSync(join(base, 'home'))).toEqual(['letter.txt']);
});

test('a file is written whole, or the old one stays', () => {
  writeWhole(join(base, 'f'), 'one');
  expect(() => writeWhole(join(base, 'none/f'), 'two')).toThrow(/cannot be written/);
  expect(readdirSync(base)).toEqual(['f']);
});
