import type { ReactElement } from 'react';
import { readMarkdown, type Inline } from './readMarkdown.ts';

/** The text of a lesson as elements. */
export function Markdown({ source }: { source: string }): ReactElement {
  return (
    <>
      {readMarkdown(source).map((block, i) => (block.kind === 'paragraph'
        ? <p key={i}><Inlines inlines={block.inlines} /></p>
        : <ul key={i} className="bullets">{block.items.map((inlines, n) => <li key={n}><Inlines inlines={inlines} /></li>)}</ul>))}
    </>
  );
}

function Inlines({ inlines }: { inlines: readonly Inline[] }): ReactElement {
  return <>{inlines.map((inline, i) => <Piece key={i} inline={inline} />)}</>;
}

function Piece({ inline }: { inline: Inline }): ReactElement {
  switch (inline.kind) {
    case 'text': return <>{inline.text}</>;
    case 'strong': return <strong>{inline.text}</strong>;
    case 'em': return <em>{inline.text}</em>;
    case 'code': return <code>{inline.text}</code>;
    case 'link': return <a href={inline.href} target="_blank" rel="noreferrer">{inline.text}</a>;
  }
}
