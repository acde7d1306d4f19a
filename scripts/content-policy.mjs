/**
 * What the built pages may load and run: their own files and nothing else, no inline script or style, no eval. Pictures
 * may also be made by the page, since a chart becomes a PNG through one. Frames are those of the examples. Short, because
 * every visitor loads it.
 */
const RULES = { 'default-src': "'self'", 'script-src': "'self'", 'img-src': "'self' blob:", 'object-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'" };

/** The policy as the header `Content-Security-Policy` and its meta tag hold it. */
export const CONTENT_POLICY = Object.entries(RULES).map((rule) => rule.join(' ')).join('; ');

/**
 * A page with the policy before everything that it loads.
 * @param {string} html with its encoding named first, as `<meta charset="utf-8">`
 */
export function withPolicy(html) {
  const withTag = html.replace(/<meta charset="utf-8"\s*\/?>/, (charset) => `${charset}\n    <meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}" />`);
  if (withTag === html) throw new Error('The page has no <meta charset="utf-8">, behind which the content policy belongs.');
  return withTag;
}
