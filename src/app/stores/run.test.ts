import { describe, expect, it } from 'vitest';
import { adapterName, chipWords, paceOf } from './run.ts';
import { shortAuthors } from '../shell/PaperLink.tsx';
import { toggleSolo, useView } from './view.ts';

const adapter = { vendor: 'google', architecture: 'swiftshader', device: '', description: 'SwiftShader Device (Subzero)', software: true, lanes: 0, features: [] };
const run = { state: 'training', source: 'live', adapter, compiling: null, loading: null, preparing: false, replaying: null } as const;

describe('the state chip', () => {
  it('names the adapter, and says when it computes in software', () => {
    expect(chipWords(run)).toBe('Live · SwiftShader Device (software) · f32');
    expect(chipWords({ ...run, state: 'paused', adapter: { ...adapter, software: false } })).toBe('Paused · SwiftShader Device · f32');
  });

  it('never calls a recording live', () => {
    expect(chipWords({ ...run, source: 'recording' })).toBe('Recording');
    expect(chipWords({ ...run, source: 'recording', preparing: true })).toBe('Recording, your GPU is getting ready');
  });

  it('counts bytes while data come, where there are any', () => {
    expect(chipWords({ ...run, state: 'loading' })).toBe('Loading data');
    expect(chipWords({ ...run, state: 'loading', loading: { done: 812_000, total: 1_970_000 } }).replace(/\s/g, ' ')).toBe('Loading data, 812 kB of 1.97 MB');
  });

  it('counts pipelines while compiling', () => {
    expect(chipWords({ ...run, state: 'compiling', compiling: { done: 3, total: 21 } })).toBe('Compiling 3 of 21');
  });

  it('says how far a branch is on its way, and about how long it takes', () => {
    const replaying = (step: number, leftMs: number): string => chipWords({ ...run, state: 'replaying', replaying: { step, to: 1200, leftMs } }).replace(/\s/g, ' ');
    expect([replaying(0, 0), replaying(400, 2100)]).toEqual(['Replaying 0 of 1,200', 'Replaying 400 of 1,200, about 3 s left']);
  });

  it('falls back to vendor and architecture', () => {
    expect(adapterName({ ...adapter, description: '' })).toBe('swiftshader (software)');
    expect(adapterName({ ...adapter, description: '', vendor: 'nvidia', architecture: 'ampere', software: false })).toBe('nvidia ampere');
    expect(adapterName({ ...adapter, description: '', vendor: '', architecture: '', software: false })).toBe('GPU');
  });
});

describe('pace', () => {
  it('makes a run last about a quarter of a minute, whatever its length', () => {
    expect(2000 / paceOf('paced', 2000)).toBeCloseTo(15, 0);
    expect(paceOf('paced', 20)).toBe(10);
    expect(paceOf('fastest', 2000)).toBe(0);
  });
});

it('shows a state alone, and all again on the second click', () => {
  toggleSolo('grown');
  expect(useView.getState().solo).toBe('grown');
  toggleSolo('grown');
  expect(useView.getState().solo).toBeNull();
});

it.each([['Evci, Gale, Menick', 'Evci et al.'], ['Zhu, Gupta', 'Zhu and Gupta'], ['Michael Zhu and Suyog Gupta', 'Zhu and Gupta'], ['Mocanu et al.', 'Mocanu et al.'], ['LeCun', 'LeCun']])(
  'shortens %s to %s', (authors, short) => expect(shortAuthors(authors)).toBe(short));
