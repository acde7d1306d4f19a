import { transform } from 'esbuild';

/** Bytes that the script of the embedding element may have in the build. */
export const EMBED_LIMIT = 5000;

/**
 * The script of `<sparse-playground>` as the build ships it: without comments, indentation and long local names.
 * @param {string} source public/embed.js
 */
export async function leanEmbed(source) {
  const sheet = source.replace(/replaceSync\(`([^`]*)`\)/, (_, css) => `replaceSync(${JSON.stringify(css.replace(/\s*([{};:,])\s*/g, '$1').trim())})`);
  const { code } = await transform(sheet, { minify: true, target: 'es2022' });
  return code;
}
