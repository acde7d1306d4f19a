import { writeOptions, type WrittenOptions } from '../embed/options.ts';

/** What a snippet is made of. */
export interface SnippetParts {
  /** An element that needs one script, or a plain frame for pages that take no scripts. */
  kind: 'element' | 'frame';
  /** Address of the whole page, without its link. */
  site: string;
  /** The experiment as `encodeLink` writes it. */
  link: string;
  /** What a screen reader calls the figure. */
  label: string;
  /** CSS pixels: kept free for the element until it knows its height, kept for good by a frame. */
  height: number;
  options: WrittenOptions;
}

/** What a frame may do, here and in embed.js: run its own scripts under its own origin, open the whole page, save a file by a click. */
export const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads';

/** Address of the figure by itself. */
export function figureAddress({ site, link, options }: Pick<SnippetParts, 'site' | 'link' | 'options'>): string {
  const written = writeOptions(options).map(([key, text]) => `&${key}=${encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':')}`);
  return `${site}${link}&embed=1${written.join('')}`;
}

/** HTML that shows the figure in any page. */
export function snippet(parts: SnippetParts): string {
  return parts.kind === 'element' ? element(parts) : frame(parts);
}

function element({ site, link, label, height, options }: SnippetParts): string {
  const [preset = '', ...settings] = link.replace(/^#preset=/, '').split('&');
  const attributes: [string, string][] = [['preset', decodeURIComponent(preset)], ['settings', settings.join('&')], ...writeOptions(options), ['height', String(height)], ['label', label]];
  return [
    `<script async src="${escape(`${site}embed.js`)}"></script>`,
    `<sparse-playground${attributes.map(([name, text]) => `\n  ${name}="${escape(text)}"`).join('')}>`,
    `  <a href="${escape(site + link)}">${escape(label)}</a>`,
    '</sparse-playground>',
  ].join('\n');
}

function frame({ label, height, ...parts }: SnippetParts): string {
  return `<iframe src="${escape(figureAddress(parts))}"\n  title="${escape(label)}" width="100%" height="${height}" loading="lazy"\n  sandbox="${SANDBOX}"></iframe>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
