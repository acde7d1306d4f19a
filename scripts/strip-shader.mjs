/**
 * WGSL without comments, indentation and empty lines; `// include NAME` and `// slot NAME` lines stay, for the engine expands them.
 * WGSL has no string literals, so `//` and `/*` always begin a comment. Block comments do not nest here.
 * @param {string} text
 */
export function stripShader(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .split('\n')
    .map((line) => (/^\s*\/\/ (include|slot) \S+\s*$/.test(line) ? line : line.replace(/\/\/.*$/, '')).trim())
    .filter((line) => line !== '')
    .join('\n')
    .concat('\n');
}
