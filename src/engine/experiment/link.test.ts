import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryExperiment } from './arbitrary.testing.ts';
import v1 from './fixtures/links.v1.json' with { type: 'json' };
import { decodeLink, encodeLink, MAX_LINK_LENGTH, upgrade } from './link.ts';
import { parseExperiment } from './parse.ts';
import { getPath, setPath } from './paths.ts';
import { findPreset, PRESETS } from './presets/index.ts';

const rigl = findPreset('rigl-mnist').experiment;

describe('a link', () => {
  it.each(Object.keys(PRESETS))('of the preset %s holds its name and nothing more', (id) => {
    expect(encodeLink(findPreset(id).experiment)).toBe(`#preset=${id}&v=1`);
    expect(decodeLink(`#preset=${id}&v=1`)).toEqual({ experiment: findPreset(id).experiment, notes: [] });
  });

  it('holds only what differs from the preset, readably', () => {
    const edited = parseExperiment({ ...setPath(setPath(rigl, 'sparsity.density', 0.02), 'model.hidden', [300, 100]), edits: [{ step: 1200, path: 'optimizer.rate', value: 0.01 }, { step: 1500, path: 'sparsity.density', value: 0.1 }] }).experiment;
    expect(encodeLink(edited)).toBe('#preset=rigl-mnist&model.hidden=300-100&sparsity.density=0.02&edits=1200:optimizer.rate:0.01,1500:sparsity.density:0.1&v=1');
  });

  it('names what a phase freezes, and nothing where it freezes nothing', () => {
    const frozen = setPath(rigl, 'frozen', [1]);
    expect(encodeLink(frozen)).toBe('#preset=rigl-mnist&frozen=1&v=1');
    expect(decodeLink(encodeLink(frozen))).toEqual({ experiment: frozen, notes: [] });
    expect(encodeLink(setPath(frozen, 'frozen', []))).toBe('#preset=rigl-mnist&v=1');
  });

  it('names the micro-batches of a step where there are several', () => {
    const parts = setPath(rigl, 'accumulate', 4);
    expect(encodeLink(parts)).toBe('#preset=rigl-mnist&accumulate=4&v=1');
    expect(decodeLink('#preset=rigl-mnist&accumulate=4&v=1')).toEqual({ experiment: parts, notes: [] });
    expect(encodeLink(setPath(parts, 'accumulate', 1))).toBe('#preset=rigl-mnist&v=1');
  });

  it('names the unit of masks where it is not the weight', () => {
    const blocks = setPath(setPath(rigl, 'masks.granularity', 'block'), 'masks.blockSize', 8);
    expect(encodeLink(blocks)).toBe('#preset=rigl-mnist&masks.granularity=block&masks.blockSize=8&v=1');
    expect(decodeLink(encodeLink(blocks))).toEqual({ experiment: blocks, notes: [] });
    expect(encodeLink(setPath(setPath(blocks, 'masks.granularity', 'weight'), 'masks.blockSize', '16'))).toBe('#preset=rigl-mnist&v=1');
  });

  it('without anything in it is the default experiment', () => {
    for (const hash of ['', '#', '#&&', '#v=1']) expect(decodeLink(hash)).toEqual({ experiment: findPreset('hello-mnist').experiment, notes: [] });
  });

  it.each([
    ['#preset=nope', /^preset "nope" is unknown \(known: hello-mnist/],
    ['#preset=constructor', /^preset "constructor" is unknown/],
    ['#preset=rigl-mnist&sparsity.density=0', /^sparsity\.density 0 raised to 0\.001$/],
    ['#sparsity.densty=0.1', /^setting "sparsity\.densty" is unknown; known: sparsity\.method/],
    ['#__proto__=1', /^setting "__proto__" is unknown/],
    ['#v=2', /^v "2" is a version of links not known here \(newest: 1\)/],
    ['#seed=%zz', /^seed "%zz" is no number; 1 kept/],
    ['#edits=5:seed:3', /^edits\.0\.path "seed" cannot be changed while running/],
    ['#edits=5', /^edits\.0\.path "" cannot/],
    ['#edits=1:optimizer.rate:2:3', /^edits\.0\.value .* is no number/],
    ['#missing=12', /^edits were too many for a link; "12" are missing$/],
    ['#preset=sparse-then-dense-mnist&steps=5', /^steps names no phase of 2; taken for the first, phases\.0\.steps$/],
  ])('such as %s is taken as far as it goes, with a note', (hash, note) => {
    expect(decodeLink(hash).notes).toEqual([expect.stringMatching(note)]);
  });

  it('may give sparsity in place of density, and its settings in any order', () => {
    const { experiment, notes } = decodeLink('#sparsity.dropFraction=0.5&sparsity.sparsity=0.95&sparsity.method=set&preset=hello-mnist');
    expect(experiment.phases[0]?.sparsity).toMatchObject({ method: 'set', dropFraction: 0.5, density: 0.05 });
    expect(notes).toEqual([]);
  });

  it('can add phases', () => {
    const { experiment, notes } = decodeLink('#preset=rigl-mnist&phases.1.entry=lift&phases=2&phases.1.sparsity.method=dense');
    expect(experiment.phases.map((phase) => [phase.entry, phase.sparsity.method])).toEqual([['keep', 'rigl'], ['lift', 'dense']]);
    expect(notes).toEqual([]);
  });

  it('longer than the limit is cut between settings', () => {
    const { experiment, notes } = decodeLink(`#seed=5&${'data.batch=64&'.repeat(1140)}x=1&steps=${'0'.repeat(100)}7`);
    expect(notes.join()).toMatch(/link has more than 16000 characters/);
    expect([getPath(experiment, 'seed'), getPath(experiment, 'data.batch'), getPath(experiment, 'steps')]).toEqual([5, 64, 2000]);
  });
});

describe('links and experiments', () => {
  it('are one to one', () => {
    fc.assert(fc.property(arbitraryExperiment, (experiment) => {
      const link = encodeLink(experiment);
      expect(link.length).toBeLessThanOrEqual(MAX_LINK_LENGTH);
      expect(link).toMatch(/^#[\w.:,=&-]*$/);
      expect(decodeLink(link)).toEqual({ experiment, notes: [] });
    }), { numRuns: 300 });
  });

  it('with more edits than fit keep the first ones and tell how many are missing', () => {
    const edits = Array.from({ length: 1000 }, (_, step) => ({ step, path: 'optimizer.rate', value: 1 / (step + 3) }));
    const { experiment } = parseExperiment({ ...rigl, edits });
    const link = encodeLink(experiment);
    expect(link.length).toBeLessThanOrEqual(MAX_LINK_LENGTH);
    expect(link.length).toBeGreaterThan(MAX_LINK_LENGTH - 60);
    const back = decodeLink(link);
    const kept = back.experiment.edits.length;
    expect(back.experiment).toEqual({ ...experiment, edits: edits.slice(0, kept) });
    expect(back.notes).toEqual([`edits were too many for a link; "${1000 - kept}" are missing`]);
  });

  it('survive 10,000 random changes of their text', () => {
    const seeds = Object.keys(v1.links).concat('#preset=dense-then-prune-mnist&phases.1.sparsity.density=0.1&edits=5:optimizer.rate:0.1&v=1');
    const letters = '#&=:,.%-+0129eEx_ \u{1F600}\u0000prseed__proto__NaN';
    const change = fc.record({ at: fc.nat(120), remove: fc.nat(4), insert: fc.string({ unit: fc.constantFrom(...letters), maxLength: 4 }) });
    fc.assert(fc.property(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }), (link, changes) => {
      const text = changes.reduce((now, { at, remove, insert }) => now.slice(0, at) + insert + now.slice(at + remove), link);
      const { experiment } = decodeLink(text);
      if (parseExperiment(experiment).notes.length > 0) throw new Error(`${text} gives an experiment that is not valid`);
    }), { numRuns: 10_000 });
  }, 60_000);
});

describe('versions', () => {
  it.each(Object.entries(v1.links))('%s of version 1 still means what it meant', (link, settings) => {
    const { experiment, notes } = decodeLink(link);
    expect(notes).toEqual([]);
    for (const [path, value] of Object.entries(settings)) expect(getPath(experiment, path), path).toEqual(value);
  });

  it('are brought up to date one after the other', () => {
    const table = {
      1: (entries: readonly (readonly [string, string])[]) => entries.map(([key, value]) => [key.replace('drop', 'prune'), value] as const),
      3: (entries: readonly (readonly [string, string])[]) => [...entries, ['added', '1'] as const],
    };
    expect(upgrade([['drop', '2']], 1, table, 4)).toEqual([['prune', '2'], ['added', '1']]);
    expect(upgrade([['drop', '2']], 3, table, 4)).toEqual([['drop', '2'], ['added', '1']]);
    expect(upgrade([['drop', '2']], 4, table, 4)).toEqual([['drop', '2']]);
  });
});
