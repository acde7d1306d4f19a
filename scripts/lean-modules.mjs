/*
 * What the build leaves out of what a visitor waits for. Of workers: words that only people read, and what only the
 * self-test asks of an operation. Of the page: what a method's card says at length, which comes when it is looked at, and
 * the lines below settings, which come once the page stands.
 */

/** Files whose objects describe something to people: cards of methods and data sets, presets, the schema. */
const DESCRIBING = /\/src\/engine\/(sparsity\/(methods\/\w+|\w*[kK]nobs)|experiment\/(schema|presets\/\w+)|data\/cards)\.ts$/;
const OPERATION = /\/src\/engine\/ops\/\w+\.ts$/;

/** Files with settings, each with a line of help. */
const SETTINGS = /\/src\/engine\/(sparsity\/(methods\/\w+|\w*[kK]nobs)|experiment\/schema)\.ts$/;
const METHOD = /\/src\/engine\/sparsity\/methods\/\w+\.ts$/;

/** What a method's card says at length, and what stands in its place: only one part of the page shows it. */
const NOTES = new Map(['equations', 'fidelity', 'deviations'].map((key) => /** @type {const} */ ([key, '[]'])));

/** What a setting says below its control. */
const HELP = new Map([['help', '""']]);

/** Properties that only people read, and what stands in their place. */
const WORDS = new Map([
  ...['idea', 'sentence', 'label', 'help', 'note', 'unit'].map((key) => /** @type {const} */ ([key, '""'])),
  ['paper', '{}'],
  ...NOTES,
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
 * JavaScript of a module as the page needs it at first; null where nothing is left out. With the query `whole` a method
 * has its notes, and settings their help: that is how they are loaded later.
 * @param {string} id of the module, query included
 * @param {string} code
 * @param {(code: string) => unknown} parse gives the code's ESTree
 * @returns {string | null}
 */
export function withoutNotes(id, code, parse) {
  if (!SETTINGS.test(id)) return null;
  return without(code, propertiesIn(parse(code), METHOD.test(id) ? new Map([...NOTES, ...HELP]) : HELP));
}

/**
 * The id under which a whole module imports another that is left out in part: whole, too.
 * @param {string} id that the import leads to
 * @param {string | undefined} importer
 * @returns {string | null} null where nothing changes
 */
export const wholeAsImporter = (id, importer) => (importer?.endsWith('?whole') && SETTINGS.test(id) ? `${id}?whole` : null);

/** @param {string} code @param {readonly Cut[]} cuts */
const without = (code, cuts) => cuts.toSorted((a, b) => b.start - a.start).reduce((left, { start, end, text }) => left.slice(0, start) + text + left.slice(end), code);

/**
 * Properties of these names, to be replaced.
 * @param {unknown} ast
 * @param {ReadonlyMap<string, string>} names
 */
function propertiesIn(ast, names) {
  /** @type {Cut[]} */
  const cuts = [];
  visit(ast, (node) => {
    const text = node.type === 'Property' && !node.computed && !node.shorthand ? names.get(node.key.name) : undefined;
    if (text !== undefined) cuts.push({ start: node.value.start, end: node.value.end, text });
    return text !== undefined;
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
