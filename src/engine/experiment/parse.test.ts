import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryExperiment } from './arbitrary.testing.ts';
import { parseExperiment } from './parse.ts';
import { DEFAULT_PRESET, PRESETS } from './presets/index.ts';
import { countParameters, MAX_PARAMETERS } from './schema.ts';

const hello = DEFAULT_PRESET.experiment;

/** What the first phase of the default experiment becomes with some of its fields replaced. */
function withPhase(fields: object): ReturnType<typeof parseExperiment> {
  return parseExperiment({ phases: [fields] });
}

describe('presets', () => {
  it.each(Object.values(PRESETS))('$id is valid as it stands', ({ id, experiment }) => {
    expect(parseExperiment(experiment)).toEqual({ experiment, notes: [] });
    expect(experiment.preset).toBe(id);
  });

  it('are listed under their own ids', () => {
    for (const [id, preset] of Object.entries(PRESETS)) expect(preset.id).toBe(id);
  });
});

describe('parsing', () => {
  it('takes from the preset what is absent, silently', () => {
    expect(parseExperiment({})).toEqual({ experiment: hello, notes: [] });
    expect(parseExperiment({ preset: 'rigl-moons' })).toEqual({ experiment: PRESETS['rigl-moons']?.experiment, notes: [] });
    expect(parseExperiment({ seed: 7 }).experiment).toEqual({ ...hello, seed: 7 });
  });

  it.each([
    ['a number', 3, 'experiment 3 is no object; the preset\'s taken'],
    ['null', null, 'experiment null is no object; the preset\'s taken'],
    ['a list', [1], 'experiment a list is no object; the preset\'s taken'],
    ['text', 'x'.repeat(1e6), /^experiment "x{40}\.\.\." is no object/],
    ['an unknown preset', { preset: 'nope' }, /^preset "nope" is unknown \(known: hello-mnist, .*\); hello-mnist kept$/],
    ['an unknown key', { phase: [] }, /^phase is unknown and left out \(known: version, preset, /],
    ['an inherited name', { preset: 'constructor' }, /^preset "constructor" is unknown/],
    ['a newer version', { version: 2 }, 'version 2 is not known here; read as version 1'],
    ['an empty list of phases', { phases: [] }, 'phases is empty; those of the preset taken'],
    ['too many phases', { phases: Array.from({ length: 9 }, () => ({})) }, 'phases 9 entries cut to the first 8'],
    ['too large a number', { data: { batch: 1e300 } }, 'data.batch 1e+300 lowered to 4096'],
    ['infinity', { data: { batch: Infinity } }, 'data.batch Infinity lowered to 4096'],
    ['not a number', { seed: NaN }, 'seed NaN is no number; 1 kept'],
    ['a number in quotes', { seed: '5' }, 'seed "5" is no number; 1 kept'],
    ['a fraction of a step', { evaluateEvery: 2.5 }, 'evaluateEvery 2.5 rounded to 3'],
    ['an unknown data set', { data: { set: 'cifar' } }, 'data.set "cifar" is unknown (known: mnist-10k, mnist, fashion-mnist-10k, fashion-mnist, moby-dick, moons, spirals, teacher); mnist-10k kept'],
    ['a flag that is none', { beside: { random: 1 } }, 'beside.random 1 is neither true nor false; true kept'],
    ['too many layers', { model: { hidden: [1, 1, 1, 1, 1, 1, 1] } }, 'model.hidden 7 layers cut to 6'],
    ['a layer too wide', { model: { hidden: [5000] } }, 'model.hidden width 1: 5000 lowered to 4096'],
    ['a width that is none', { model: { hidden: [64, 'x'] } }, 'model.hidden a width is no number; 128 kept'],
    ['parts that do not divide a batch', { data: { batch: 100 }, phases: [{ accumulate: 16 }] }, 'phases.0.accumulate 16 lowered to 10, which divides a batch of 100'],
    ['an index of weights of 16 bits', { model: { weights: 'f16' }, phases: [{ format: 'csr' }] }, 'phases.0.format csr multiplies weights of 32 bits, but model.weights is f16; masked taken'],
    ['a frozen layer that is not there', { phases: [{ frozen: [2, 1, 1, 3] }] }, 'phases.0.frozen 2-1-1-3 read as 1-2, of 2 layers'],
    ['a frozen layer that is none', { phases: [{ frozen: ['fc1'] }] }, 'phases.0.frozen a layer is no number; none kept'],
    ['one threshold over frozen layers', { phases: [{ frozen: [1], sparsity: { method: 'gmp', scope: 'global' } }] }, 'phases.0.sparsity.scope global would prune frozen layers, too; layer taken'],
  ])('says what was wrong with %s, where, and what was done', (_, input, note) => {
    const { experiment, notes } = parseExperiment(input);
    expect(notes).toEqual([typeof note === 'string' ? note : expect.stringMatching(note)]);
    expect(parseExperiment(experiment)).toEqual({ experiment, notes: [] });
  });

  it('narrows a network that would not fit a default device', () => {
    const { experiment, notes } = parseExperiment({ model: { hidden: [4096, 4096, 4096, 4096, 4096, 4096] } });
    expect(countParameters(experiment.model.hidden)).toBeLessThanOrEqual(MAX_PARAMETERS);
    expect(notes).toEqual([expect.stringMatching(/^model\.hidden 4096-.* has more than 16000000 parameters; narrowed to /)]);
  });

  it('takes channels from a convolutional network whose activations would not fit a binding, layer by layer', () => {
    const input = { data: { batch: 1024 }, model: { kind: 'cnn', channels: [64, 256, 64] } };
    const { experiment, notes } = parseExperiment(input);
    expect(experiment.model.channels).toEqual([41, 167, 64]);
    expect(notes).toEqual(['model.channels 64-256-64 at batch 1024 needs activations of more than 128 MiB; narrowed to 41-167-64']);
    expect(parseExperiment(experiment)).toEqual({ experiment, notes: [] });
    expect(parseExperiment({ ...input, model: { ...input.model, kind: 'mlp' } }).notes).toEqual([]);
  });

  it('does not reach prototypes', () => {
    const { experiment, notes } = parseExperiment(JSON.parse('{"__proto__": {"seed": 9}, "data": {"constructor": 1}}'));
    expect(experiment).toEqual(hello);
    expect(notes).toEqual([expect.stringMatching(/^__proto__ is unknown/), expect.stringMatching(/^data\.constructor is unknown/)]);
    expect(Object.prototype).not.toHaveProperty('seed');
    expect(parseExperiment(Object.create({ seed: 9 })).experiment.seed).toBe(1);
  });

  it('bounds the number of notes', () => {
    const { notes } = parseExperiment(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i])));
    expect(notes).toHaveLength(51);
    expect(notes.at(-1)).toMatch(/^and at least \d+ more/);
  });

  it('shares nothing with its input', () => {
    const { experiment } = parseExperiment(hello);
    expect(experiment.phases[0]).not.toBe(hello.phases[0]);
    expect(experiment.model.hidden).not.toBe(hello.model.hidden);
  });
});

describe('the settings of a method', () => {
  it('are checked against its card', () => {
    const { experiment, notes } = withPhase({ sparsity: { method: 'rigl', density: 0, curve: 'cosine', dropDecay: 'sometimes' } });
    expect(experiment.phases[0]?.sparsity).toMatchObject({ method: 'rigl', density: 0.001, dropDecay: 'cosine' });
    expect(experiment.phases[0]?.sparsity).not.toHaveProperty('curve');
    expect(notes).toEqual([
      expect.stringMatching(/^phases\.0\.sparsity\.curve is unknown and left out \(known: method, density/),
      'phases.0.sparsity.density 0 raised to 0.001',
      expect.stringMatching(/^phases\.0\.sparsity\.dropDecay "sometimes" is unknown/),
    ]);
  });

  it('accept sparsity for density', () => {
    expect(withPhase({ sparsity: { sparsity: 0.95 } }).experiment.phases[0]?.sparsity.density).toBe(0.05);
    expect(withPhase({ sparsity: { sparsity: 0.95 } }).notes).toEqual([]);
    expect(withPhase({ sparsity: { sparsity: 0.95, density: 0.2 } }).experiment.phases[0]?.sparsity.density).toBe(0.2);
    expect(withPhase({ sparsity: { method: 'dense', sparsity: 0.95 } }).notes).toEqual([expect.stringMatching(/sparsity is unknown/)]);
  });

  it('go over to another method where they were changed and it has them', () => {
    const preset = PRESETS['rigl-mnist'];
    const { experiment } = parseExperiment({ preset: 'rigl-mnist', phases: [{ sparsity: { method: 'set' } }] });
    expect(preset?.experiment.phases[0]?.sparsity).toMatchObject({ density: 0.01, updatePeriod: 50, distribution: 'erk' });
    expect(experiment.phases[0]?.sparsity).toMatchObject({ method: 'set', density: 0.01, updatePeriod: 50, distribution: 'er' });
  });
});

describe('edits', () => {
  const edit = (step: unknown, path: unknown, value: unknown): object => ({ step, path, value });

  it('are sorted by step, those of one step in the order given', () => {
    const { experiment, notes } = parseExperiment({ edits: [edit(9, 'optimizer.rate', 1), edit(3, 'sparsity.density', 0.5), edit(3, 'sparsity.density', 0.4)] });
    expect(experiment.edits).toEqual([edit(3, 'sparsity.density', 0.5), edit(3, 'sparsity.density', 0.4), edit(9, 'optimizer.rate', 1)]);
    expect(notes).toEqual([]);
  });

  it.each([
    ['an unknown path', edit(1, 'seed', 2), /^edits\.0\.path "seed" cannot be changed while running \(known: optimizer\.rate, sparsity\.density/],
    ['a knob that is not live', edit(1, 'sparsity.curve', 2), /^edits\.0\.path "sparsity.curve" cannot/],
    ['an inherited name', edit(1, 'constructor', 2), /^edits\.0\.path/],
    ['a step that is none', edit(-1, 'optimizer.rate', 2), 'edits.0.step -1 is no step; the edit left out'],
    ['a value that is none', edit(1, 'optimizer.rate', 'fast'), 'edits.0.value "fast" is no number; the edit left out'],
    ['no edit at all', null, 'edits.0 null is no edit; left out'],
  ])('are left out when they have %s', (_, given, note) => {
    const { experiment, notes } = parseExperiment({ edits: [given] });
    expect(experiment.edits).toEqual([]);
    expect(notes).toEqual([typeof note === 'string' ? note : expect.stringMatching(note)]);
  });

  it('are clamped, and at most a thousand', () => {
    expect(parseExperiment({ edits: [edit(1, 'sparsity.density', 0)] })).toMatchObject({ experiment: { edits: [edit(1, 'sparsity.density', 0.001)] }, notes: ['edits.0.value 0 raised to 0.001'] });
    expect(parseExperiment({ edits: Array.from({ length: 1200 }, (_, i) => edit(i, 'optimizer.rate', 1)) }).experiment.edits).toHaveLength(1000);
  });

  it('may only touch what the method of their phase has', () => {
    const input = { preset: 'sparse-then-dense-mnist', phases: [{ sparsity: { method: 'rigl' } }, {}] };
    expect(parseExperiment({ ...input, edits: [edit(5, 'sparsity.density', 0.2)] }).notes).toEqual([]);
    expect(parseExperiment({ ...input, edits: [edit(1500, 'sparsity.density', 0.2)] }).experiment.edits).toEqual([]);
    expect(parseExperiment({ ...input, edits: [edit(1500, 'optimizer.rate', 0.2)] }).notes).toEqual([]);
  });
});

describe('whatever is given', () => {
  const isValid = (input: unknown): void => {
    const { experiment } = parseExperiment(input);
    expect(parseExperiment(experiment)).toEqual({ experiment, notes: [] });
  };

  it('a valid experiment comes of it', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true, withSparseArray: true, withBigInt: true, withDate: true, withMap: true }), isValid), { numRuns: 1000 });
  });

  it('a valid experiment comes of one in which anything is replaced by anything', () => {
    fc.assert(fc.property(arbitraryExperiment, fc.nat(), fc.anything(), (experiment, at, value) => {
      const copy: unknown = structuredClone(experiment);
      replaceNth(copy, at, value);
      isValid(copy);
    }), { numRuns: 1000 });
  });

  it('valid experiments pass as they are', () => {
    fc.assert(fc.property(arbitraryExperiment, (experiment) => {
      expect(parseExperiment(experiment)).toEqual({ experiment, notes: [] });
      expect(parseExperiment(JSON.parse(JSON.stringify(experiment)))).toEqual({ experiment, notes: [] });
    }));
  });

  it('cyclic, deep, revoked and throwing objects are survived', () => {
    const cyclic: Record<string, unknown> = { seed: 4 };
    Object.assign(cyclic, { data: cyclic, phases: [cyclic], edits: [cyclic] });
    isValid(cyclic);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = { phases: [deep] };
    isValid(deep);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const hostile of [proxy, { data: proxy }, { get seed(): number { throw new Error('no'); } }]) {
      expect(parseExperiment(hostile)).toEqual({ experiment: hello, notes: [expect.stringMatching(/could not be read/)] });
    }
    isValid({ edits: new Array(4e9), phases: new Array(3) });
  });
});

/** Replaces the n-th leaf or branch, counted in depth-first order and around the end. */
function replaceNth(root: unknown, n: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(root);
  const [parent, key] = places[n % places.length] as (typeof places)[number];
  parent[key] = value;
}
