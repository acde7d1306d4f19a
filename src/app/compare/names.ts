/** First words of names: each is short, common and says nothing about how good a run was. */
const QUALITIES = [
  'amber', 'autumn', 'brisk', 'calm', 'cedar', 'chalk', 'clear', 'cobalt', 'copper', 'coral', 'crisp', 'dawn', 'distant', 'dusk', 'early', 'ember',
  'even', 'fern', 'flint', 'foggy', 'frosty', 'gentle', 'glass', 'golden', 'granite', 'green', 'hazel', 'hidden', 'hollow', 'indigo', 'ivory', 'jade',
  'late', 'lilac', 'linen', 'lunar', 'maple', 'marble', 'mellow', 'misty', 'mossy', 'narrow', 'northern', 'ochre', 'olive', 'opal', 'pale', 'pine',
  'plain', 'quiet', 'rainy', 'russet', 'sandy', 'silver', 'slate', 'slow', 'snowy', 'southern', 'still', 'stone', 'sunny', 'tidal', 'velvet', 'windy',
] as const;

/** Second words of names. */
const THINGS = [
  'acorn', 'anchor', 'badger', 'barn', 'basin', 'beacon', 'birch', 'bridge', 'brook', 'canyon', 'cliff', 'comet', 'crane', 'creek', 'delta', 'dune',
  'falcon', 'ferry', 'field', 'finch', 'fjord', 'forest', 'garden', 'glacier', 'grove', 'harbour', 'heron', 'hill', 'inlet', 'island', 'kestrel', 'lagoon',
  'lantern', 'lark', 'ledge', 'lynx', 'meadow', 'mill', 'moor', 'moth', 'oak', 'orchard', 'otter', 'owl', 'path', 'pebble', 'plover', 'pond',
  'quarry', 'raven', 'reef', 'ridge', 'river', 'robin', 'sail', 'shore', 'sparrow', 'spring', 'summit', 'swift', 'thicket', 'tower', 'valley', 'wren',
] as const;

/** 32-bit FNV-1a of a text's UTF-16 units (Fowler, Noll, Vo), with a last stir, so that neighbouring texts share no word. */
function spreadOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * A name of two words that follows from `seed`, such as the hash of a run's parameters and masks: runs with the same
 * numbers have the same name. There are 4,096 names.
 */
export function memorableName(seed: string): string {
  const spread = spreadOf(seed);
  return `${QUALITIES[spread % QUALITIES.length]} ${THINGS[(spread >>> 8) % THINGS.length]}`;
}
