/*
 * What the build leaves out of what a visitor waits for. Of workers: words that only people read, and what only the
 * self-test asks of an operation. Of the page: what methods and presets say of themselves, and the lines below settings,
 * which come once the page stands.
 */

/** Files whose objects describe something to people: cards of methods and data sets, presets, the schema. */
const DESCRIBING = /\/src\/engine\/(sparsity\/(methods\/\w+|\w*[kK]nobs)|experiment\/(schema|presets\/\w+)|data\/cards)\.ts$/;
const OPERATION = /\/src\/engine\/ops\/\w+\.ts$/;

/** Files with settings, each with a line of help. */
const SETTINGS = /\/src\/engine\/(sparsity\/(methods\/\w+|\w*[kK]nobs)|experiment\/schema)\.ts$/;
const METHOD = /\/src\/engine\/sparsity\/methods\/\w+\.ts$/;
const PRESET = /\/src\/engine\/experiment\/presets\/\w+\.ts$/;

/** What a method's card says of it, and what stands in its place. */
const NOTES = new Map([...['equations', 'fidelity', 'deviations'].map((key) => /** @type {const} */ ([key, '[]'])), ['idea', '""'], ['paper', '{}']]);

/** What a method does, which its card says nothing of. */
const DEEDS = new Map(['plan', 'update'].map((key) => /** @type {const} */ ([key, 'undefined'])));

const PLANS = /\/(plan|masterPlan)\.ts$/;

/** What a preset says of itself, and what it reached when it was measured. */
const STORY = new Map([['sentence', '""'], ['paper', '{}'], ['recorded', 'null'], ['small', 'null']]);

/** What a setting says below its control. */
const HELP = new Map([['help', '""']]);

/** Properties that only people read, and what stands in their place. */
const WORDS = new Map([
  ...['label', 'help', 'note', 'unit'].map((key) => /** @type {const} */ ([key, '""'])),
  ...NOTES,
  ...STORY,
]);

/** Properties of an operation by which it is tested. */
const PROOFS = new Set(['reference', 'cases', 'cover', 'transcendental', 'terms', 'magnitude']);

/** @typedef {{ start: number; end: number; text: string }} Cut */

/**
 * JavaScript of a module as a worker needs it; null where nothing is left out.
 * @param {string} path of the module
 * @param {string} code
 * @param {(code: string) => unknown} parse gives the code's ESTree
 * @param {string} entry path of the worker that it becomes a part of
 * @returns {string | null}
 */
export function leanModule(path, code, parse, entry) {
  if (DESCRIBING.test(path)) return without(code, propertiesIn(parse(code), WORDS));
  if (OPERATION.test(path) && !/selftest/i.test(entry)) return without(code, proofsIn(parse(code)));
  return null;
}

/**
 * JavaScript of a module as the page needs it at first; null where nothing is left out. With the query `whole` methods,
 * presets and settings have all their words: that is how they are loaded later. With the query `cards` methods have
 * their cards alone.
 * @param {string} id of the module, query included
 * @param {string} code
 * @param {(code: string) => unknown} parse gives the code's ESTree
 * @returns {string | null}
 */
export function withoutNotes(id, code, parse) {
  if (id.endsWith('?cards')) return without(code, [...propertiesIn(parse(code), new Map([...NOTES, ...HELP, ...DEEDS])), ...plansIn(parse(code))]);
  const left = METHOD.test(id) ? new Map([...NOTES, ...HELP]) : SETTINGS.test(id) ? HELP : PRESET.test(id) ? STORY : undefined;
  return left ? without(code, propertiesIn(parse(code), left)) : null;
}

/** Modules of the first load that read the cards of methods, and neither plan nor update. */
const CARD_READERS = /\/src\/(engine\/experiment\/(schema|parse|defaults|phases)\.ts|app\/shell\/Settings\.tsx)$/;

/** True of modules whose imports may come in another version. @param {string} importer */
export const hasVersions = (importer) => importer.endsWith('?whole') || importer.endsWith('?cards') || CARD_READERS.test(importer);

/**
 * The id under which a module imports another that is left out in part: whole where it is whole itself, and as cards
 * alone where it reads nothing else.
 * @param {string} id that the import leads to
 * @param {string} importer
 * @returns {string | null} null where nothing changes
 */
export function versionFor(id, importer) {
  if (importer.endsWith('?whole')) return SETTINGS.test(id) || PRESET.test(id) ? `${id}?whole` : null;
  return METHOD.test(id) ? `${id}?cards` : null;
}

/** @param {string} code @param {readonly Cut[]} cuts */
const without = (code, cuts) => cuts.toSorted((a, b) => b.start - a.start).reduce((left, { start, end, text }) => left.slice(0, start) + text + left.slice(end), code);

/**
 * Properties of these names, to be replaced; not those that name a variable, which stands for what is left out elsewhere.
 * @param {unknown} ast
 * @param {ReadonlyMap<string, string>} names
 */
function propertiesIn(ast, names) {
  /** @type {Cut[]} */
  const cuts = [];
  visit(ast, (node) => {
    const text = node.type === 'Property' && !node.computed && !node.shorthand ? names.get(node.key.name) : undefined;
    // A method in short form begins with its name, any other value behind it.
    if (text !== undefined) cuts.push(node.method ? { start: node.start, end: node.end, text: `${node.key.name}: ${text}` } : { start: node.value.start, end: node.value.end, text });
    return text !== undefined;
  });
  return cuts;
}

/** Imports of what plans are made of: nothing but what a method does needs them. @param {unknown} ast */
function plansIn(ast) {
  /** @type {Cut[]} */
  const cuts = [];
  visit(ast, (node) => {
    if (node.type === 'ImportDeclaration' && PLANS.test(node.source.value)) cuts.push({ start: node.start, end: node.end, text: '' });
    return false;
  });
  return cuts;
}

/** @param {unknown} ast */
function proofsIn(ast) {
  /** @type {Cut[]} */
  const cuts = [];
  visit(ast, (node) => {
    if (node.type !== 'CallExpression' || node.callee.name !== 'op') return false;
    const [{ properties, end }] = node.arguments;
    properties.forEach((/** @type {any} */ property, /** @type {number} */ i) => {
      // Up to the next property, comma and comments included; the last one ends before the brace.
      if (PROOFS.has(property.key?.name)) cuts.push({ start: property.start, end: properties[i + 1]?.start ?? end - 1, text: '' });
    });
    return true;
  });
  return cuts;
}

/**
 * Every node, parents first; not what is within those that `seen` answers with true.
 * @param {any} node
 * @param {(node: any) => boolean} seen
 */
function visit(node, seen) {
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string' && seen(node)) return;
  for (const part of Object.values(node)) visit(part, seen);
}
