/** A piece of a line of text. */
export type Inline =
  | { kind: 'text' | 'strong' | 'em' | 'code'; text: string }
  | { kind: 'link'; text: string; href: string };

/** A block of a text. */
export type Block = { kind: 'paragraph'; inlines: readonly Inline[] } | { kind: 'list'; items: readonly (readonly Inline[])[] };

const INLINE = /\*\*(?<strong>[^*]+)\*\*|\*(?<em>[^*]+)\*|`(?<code>[^`]+)`|\[(?<link>[^\]]+)\]\((?<href>https:\/\/[^\s)]+)\)/g;
const ITEM = /^- /;

/**
 * Reads the Markdown of lessons: paragraphs, lists with `-`, `**strong**`, `*emphasis*`, code and links to https.
 * All else, HTML too, is text as it stands: nothing is ever taken for markup by the browser.
 */
export function readMarkdown(source: string): Block[] {
  return source.replaceAll('\r\n', '\n').split(/\n[ \t]*\n/).map((block) => block.trim()).filter(Boolean).map((block): Block => {
    if (!ITEM.test(block)) return { kind: 'paragraph', inlines: readInlines(joined(block)) };
    return { kind: 'list', items: block.split(/\n(?=- )/).map((item) => readInlines(joined(item.replace(ITEM, '')))) };
  });
}

const joined = (lines: string): string => lines.replace(/\s*\n\s*/g, ' ');

function readInlines(line: string): Inline[] {
  const inlines: Inline[] = [];
  let end = 0;
  const upTo = (start: number): void => {
    if (start > end) inlines.push({ kind: 'text', text: line.slice(end, start) });
  };
  for (const match of line.matchAll(INLINE)) {
    upTo(match.index);
    end = match.index + match[0].length;
    const { strong, em, code, link, href } = match.groups ?? {};
    if (link !== undefined && href !== undefined) inlines.push({ kind: 'link', text: link, href });
    else if (strong !== undefined) inlines.push({ kind: 'strong', text: strong });
    else if (em !== undefined) inlines.push({ kind: 'em', text: em });
    else inlines.push({ kind: 'code', text: code ?? '' });
  }
  upTo(line.length);
  return inlines;
}
