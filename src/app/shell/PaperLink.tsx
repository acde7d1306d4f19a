import type { ReactElement } from 'react';
import { methodOf, useExperiment } from '../stores/experiment.ts';
import { wholeCard, wholePreset } from '../text/whole.ts';
import { useFetched } from './useFetched.ts';

/** The paper that the preset follows, or else the one that proposed the method. */
export function PaperLink(): ReactElement | null {
  const experiment = useExperiment((state) => state.experiment);
  const paper = useFetched(methodOf(experiment), wholeCard)?.paper;
  const preset = useFetched(experiment.preset, wholePreset)?.paper;
  if (!paper) return null;
  const own = preset && preset.url !== paper.url ? preset : undefined;
  const words = own ? own.title : `${shortAuthors(paper.authors)} ${paper.year}`;
  const url = own?.url ?? paper.url;
  return (
    <span className="paper small muted" title={own?.title ?? paper.title}>
      {url ? <a href={url} target="_blank" rel="noreferrer">{words}</a> : words}
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
