import type { ReactElement } from 'react';
import { findMethod } from '../../engine/sparsity/methods/index.ts';
import { methodOf, useExperiment } from '../stores/experiment.ts';

/** The paper that proposed the current method. */
export function PaperLink(): ReactElement {
  const method = useExperiment((state) => methodOf(state.experiment));
  const { paper } = findMethod(method).card;
  const words = `${shortAuthors(paper.authors)} ${paper.year}`;
  return (
    <span className="paper small muted" title={paper.title}>
      {paper.url ? <a href={paper.url} target="_blank" rel="noreferrer">{words}</a> : words}
    </span>
  );
}

/** `Evci et al.` of a list of authors; one or two are named in full. */
export function shortAuthors(authors: string): string {
  const names = authors.split(/,| and |;/).map((name) => name.trim()).filter(Boolean);
  const last = (name: string): string => name.replace(/\s+et al\.?$/, '').split(' ').at(-1) ?? name;
  if (names.length > 2 || /et al/.test(authors)) return `${last(names[0] ?? authors)} et al.`;
  return names.map(last).join(' and ');
}
