import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLink } from '../../engine/experiment/link.ts';
import { listPaths } from '../../engine/experiment/paths.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { embedAsked } from './asked.ts';
import { EMBED_KEYS, PARTS, readOptions, splitLink, writeOptions } from './options.ts';

const knobs = listPaths(PRESETS['rigl-mnist']!.experiment);
const read = (embedding: string) => readOptions(embedding, knobs);

describe('links of embedded pages', () => {
  it('are known by embed=1 and nothing like it', () => {
    expect(['#embed=1', '#preset=rigl-mnist&embed=1', '#embed=1&v=1'].map(embedAsked)).toEqual([true, true, true]);
    expect(['', '#embed=0', '#embed=10', '#reembed=1', '#preset=embed', 'embed=1'].map(embedAsked)).toEqual(Array(6).fill(false));
  });

  it('fall into an experiment, read as ever, and what belongs to the embedding', () => {
    const { experiment, embedding } = splitLink('#preset=rigl-mnist&embed=1&sparsity.density=0.02&hide=seed,speed&v=1&lock=seed');
    expect(experiment).toBe('#preset=rigl-mnist&sparsity.density=0.02&v=1');
    expect(embedding).toBe('embed=1&hide=seed,speed&lock=seed');
    expect(decodeLink(experiment).notes).toEqual([]);
  });

  it('share no key with any experiment, nor a part its name with a quantity other than the seed', () => {
    for (const { experiment } of Object.values(PRESETS)) {
      const heads = [...listPaths(experiment).keys()].map((path) => path.split('.')[0]);
      for (const key of [...EMBED_KEYS, ...Object.keys(PARTS)]) if (key !== 'seed') expect(heads).not.toContain(key);
    }
    for (const reserved of ['preset', 'edits', 'missing', 'v', 'expect']) expect(EMBED_KEYS).not.toContain(reserved);
  });
});

describe('options', () => {
  it('are those of nobody where nothing is said', () => {
    const { options, notes } = read('embed=1');
    expect(options).toEqual({ hide: new Set(), lock: new Set(), bounds: new Map(), start: 'paused', record: null, predict: false, origins: [], theme: null });
    expect(notes).toEqual([]);
  });

  it('are read whole', () => {
    const { options, notes } = read('hide=seed,legend,optimizer.rate&lock=sparsity.density&bounds=sparsity.dropFraction:0.1..0.5&start=play&record=rigl-one-percent&predict=1&origin=https://a.example,http://localhost:8080&theme=dark');
    expect(notes).toEqual([]);
    expect([...options.hide]).toEqual(['seed', 'legend', 'optimizer.rate']);
    expect([...options.lock]).toEqual(['sparsity.density']);
    expect([...options.bounds]).toEqual([['sparsity.dropFraction', { min: 0.1, max: 0.5 }]]);
    expect(options).toMatchObject({ start: 'play', record: 'rigl-one-percent', predict: true, origins: ['https://a.example', 'http://localhost:8080'], theme: 'dark' });
  });

  it.each([
    ['hide=header', /hide "header" is unknown \(known: sentence, text, mask/],
    ['lock=mask', /lock "mask" is unknown/],
    ['lock=__proto__', /lock "__proto__" is unknown/],
    ['bounds=nonsense:1..2', /"nonsense" is unknown/],
    ['bounds=sparsity.method:1..2', /is no quantity/],
    ['bounds=optimizer.rate:1', /not written as key:min..max/],
    ['bounds=optimizer.rate:1..2..3', /not written/],
    ['bounds=optimizer.rate:0x1..2', /not written/],
    ['bounds=optimizer.rate:0.1..1e999', /not written/],
    ['bounds=optimizer.rate:0.5..0.1', /leaves no value/],
    ['bounds=optimizer.rate:20..30', /leaves no value/],
    ['start=now', /start "now" is unknown/],
    ['predict=yes', /predict "yes" is unknown/],
    ['theme=blue', /theme "blue" is unknown/],
    ['record=https://evil.example/a', /no name of a recording/],
    ['record=../data/x', /no name of a recording/],
    ['origin=*', /no origin/],
    ['origin=null', /no origin/],
    ['origin=https://a.example/path', /no origin/],
    ['origin=file:///', /no origin/],
    [`hide=${'x'.repeat(3000)}`, /more than 2000 characters/],
  ])('%s is left out, and said', (embedding, words) => {
    const { options, notes } = read(embedding);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(words);
    expect(options).toEqual(read('').options);
  });

  it('never go beyond what a setting allows', () => {
    const { options } = read('bounds=optimizer.rate:0..99');
    expect(options.bounds.get('optimizer.rate')).toEqual({ min: 1e-6, max: 10 });
  });

  it('are the last where a key stands twice', () => {
    expect(read('start=play&start=paused').options.start).toBe('paused');
  });

  it('are read from any text without an error, and keep to their types', () => {
    const word = fc.oneof(fc.constantFrom(...EMBED_KEYS, ...Object.keys(PARTS), '=', '&', ',', ':', '..', '%', '1', 'NaN', '-1e9', 'optimizer.rate'), fc.string({ maxLength: 8 }));
    fc.assert(fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      const { experiment, embedding } = splitLink(`#${words.join('')}`);
      expect(splitLink(experiment).embedding).toBe('');
      const { options } = read(embedding);
      for (const path of [...options.lock, ...options.bounds.keys()]) expect(knobs.has(path)).toBe(true);
      for (const { min, max } of options.bounds.values()) expect(min <= max).toBe(true);
    }), { numRuns: 500 });
  });

  it('are read as they were written', () => {
    const written = writeOptions({ hide: ['seed', 'speed'], lock: ['optimizer.rate'], bounds: ['sparsity.density:0.01..0.2'], start: 'play', record: 'hello-mnist', predict: true, theme: 'light' });
    const { options, notes } = read(new URLSearchParams(written).toString());
    expect(notes).toEqual([]);
    expect(writeOptions({ hide: [...options.hide], lock: [...options.lock], bounds: ['sparsity.density:0.01..0.2'], start: options.start, record: options.record ?? '', predict: options.predict, theme: 'light' })).toEqual(written);
    expect(writeOptions({})).toEqual([]);
  });
});
