/** Files whose objects describe something to people: cards of methods and data sets, presets, the schema. */
const DESCRIBING = /\/src\/engine\/(sparsity\/(methods\/\w+|knobs)|experiment\/(schema|presets\/\w+)|data\/cards)\.ts$/;

/** Properties that only people read, and what stands in their place. */
const WORDS = new Map([
  ...['idea', 'sentence', 'label', 'help', 'note', 'unit'].map((key) => /** @type {const} */ ([key, '""'])),
  ['paper', '{}'],
  ...['equations', 'fidelity', 'deviations'].map((key) => /** @type {const} */ ([key, '[]'])),
]);

/** @param {string} path of a module */
export const describes = (path) => DESCRIBING.test(path);

/**
 * JavaScript of a describing module without its words: a worker, which shows nothing, need not load them.
 * @param {string} code
 * @param {unknown} ast of the code, as ESTree
 */
export function withoutWords(code, ast) {
  /** @type {{ start: number; end: number; text: string }[]} */
  const cuts = [];
  visit(ast, (node) => {
    const text = node.type === 'Property' && !node.computed ? WORDS.get(node.key.name) : undefined;
    if (text !== undefined) cuts.push({ start: node.value.start, end: node.value.end, text });
    return text !== undefined;
  });
  return cuts.toSorted((a, b) => b.start - a.start).reduce((left, { start, end, text }) => left.slice(0, start) + text + left.slice(end), code);
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
