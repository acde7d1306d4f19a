import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLink, encodeLink, MAX_LINK_LENGTH } from './link.ts';
import { parseExperiment } from './parse.ts';
import { listPaths } from './paths.ts';
import { PRESETS } from './presets/index.ts';

const paths = [...new Set(Object.values(PRESETS).flatMap(({ experiment }) => [...listPaths(experiment).keys()]))];
const PROTOTYPES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'constructor.prototype', '__proto__.seed', 'model.__proto__', 'phases.__proto__.steps', 'phases.constructor', 'sparsity.constructor'];
const NUMBERS = ['NaN', 'Infinity', '-Infinity', '1e999', '-1e999', '1e-999', '-0', '0x10', '9'.repeat(400), '1e308', '5e-324', '4294967296', '9007199254740993', '0.1.2', '1_000', '', ' ', '\u0660', '01', '+5', '--5', '1e', 'e5', '-'];
const BROKEN = ['%', '%0', '%zz', '%E0%A4', '%C0%80', '%FF%FE', '%00', '%F0%9F%98', '\ud800', '%u0041', '%25%25', '+', '&&=&', '=', '#', '#preset=dense-mnist'];
const LONG = ['a'.repeat(5000), '1-'.repeat(3000), '1,'.repeat(3000), '5:optimizer.rate:0.1,'.repeat(1500), ':'.repeat(9000), '%2C'.repeat(4000), '['.repeat(4000), '9'.repeat(MAX_LINK_LENGTH + 10)];

const key = fc.oneof(fc.constantFrom(...paths), fc.constantFrom(...paths, ...PROTOTYPES, 'preset', 'edits', 'missing', 'v', 'phases', 'phases.9.steps', 'phases.-1.steps', 'phases.1e0.steps'), fc.constantFrom(...BROKEN), fc.string({ maxLength: 12 }));
const value = fc.oneof(
  fc.constantFrom(...NUMBERS), fc.constantFrom(...BROKEN, ...PROTOTYPES), fc.constantFrom(...Object.keys(PRESETS), 'rigl', 'cnn', 'imp', 'block', 'f16', 'csr', '8', '64-64'),
  fc.string({ maxLength: 20 }), fc.double().map(String), { weight: 1, arbitrary: fc.constantFrom(...LONG) }, fc.array(fc.integer(), { maxLength: 12 }).map((widths) => widths.join('-')),
);
const link = fc.array(fc.tuple(key, value).map((pair) => pair.join('=')), { maxLength: 12 }).map((parts) => `#${parts.join('&')}`);

test('10,000 hostile links each give a valid experiment, which its own link gives back', () => {
  fc.assert(fc.property(link, (text) => {
    const { experiment, notes } = decodeLink(text);
    const again = parseExperiment(experiment);
    if (again.notes.length > 0) throw new Error(`not valid: ${again.notes[0]}`);
    if (notes.length > 200 || notes.some((note) => note.length > 4000)) throw new Error(`${notes.length} notes`);
    const written = encodeLink(experiment);
    // Edits that did not fit are counted; what comes back has those that did.
    const whole = written.replace(/&missing=\d+/, '');
    if (written.length > MAX_LINK_LENGTH || encodeLink(decodeLink(written).experiment) !== whole) throw new Error(`${written} is not the link of its experiment`);
  }), { numRuns: 10_000, examples: [['#preset=hello-mnist&edits=' + LONG[3]]] });
  expect(Object.keys(Object.prototype)).toEqual([]);
}, 60_000);

test('a link of a megabyte of anything is read at once up to the limit', () => {
  for (const filler of ['a=1&', '%25', '=', '&', 'edits=1:optimizer.rate:1,', '\u{1F600}']) {
    const { experiment, notes } = decodeLink(`#${filler.repeat(2 ** 20 / filler.length)}`);
    expect(parseExperiment(experiment).notes).toEqual([]);
    expect(notes.join()).toContain(`more than ${MAX_LINK_LENGTH} characters`);
  }
});
