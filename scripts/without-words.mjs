/** Properties of cards and presets that only people read: strings, lists or records. */
const WORDS = new Set(['help', 'idea', 'paper', 'equations', 'fidelity', 'deviations', 'sentence']);

/**
 * @typedef {{ type: string, start: number, end: number, value?: unknown, key?: Node & { name?: string }, expressions?: unknown[] }} Node
 */

/** What stands for a value whose words are left out; undefined where it is more than words. @param {Node} value */
function wordless(value) {
  if (value.type === 'ArrayExpression') return '[]';
  if (value.type === 'ObjectExpression') return '{}';
  if (value.type === 'Literal' && typeof value.value === 'string') return "''";
  return value.type === 'TemplateLiteral' && value.expressions?.length === 0 ? "''" : undefined;
}

/**
 * A module without the words of its cards: the worker computes with cards, but shows none of them.
 * @param {string} code JavaScript
 * @param {unknown} tree its syntax tree (ESTree)
 */
export function withoutWords(code, tree) {
  /** @type {{ start: number, end: number, text: string }[]} */
  const cuts = [];
  const walk = (/** @type {unknown} */ node) => {
    if (typeof node !== 'object' || node === null) return;
    const { type, key, value } = /** @type {Node} */ (node);
    const text = type === 'Property' && key?.name !== undefined && WORDS.has(key.name) ? wordless(/** @type {Node} */ (value)) : undefined;
    if (text !== undefined) cuts.push({ start: /** @type {Node} */ (value).start, end: /** @type {Node} */ (value).end, text });
    else Object.values(node).forEach(walk);
  };
  walk(tree);
  return cuts.reduceRight((left, { start, end, text }) => left.slice(0, start) + text + left.slice(end), code);
}
