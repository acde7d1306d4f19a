import { useEffect, useState, type ReactElement } from 'react';

/** Equations, set once they are looked at; until then, and without the typesetter, their sources. */
export function Equations({ sources, wanted }: { sources: readonly string[]; wanted: boolean }): ReactElement {
  const [set, setSet] = useState<{ sources: readonly string[]; html: string[] } | null>(null);
  useEffect(() => {
    if (!wanted) return undefined;
    let current = true;
    import('./typeset.ts').then(({ typeset }) => {
      if (current) setSet({ sources, html: sources.map(typeset) });
    }, () => undefined);
    return () => {
      current = false;
    };
  }, [sources, wanted]);
  return (
    <div className="equations">
      {sources.map((source, i) => set?.sources === sources
        // Made by KaTeX from our own method cards, never from user input.
        ? <div key={source} className="equation" tabIndex={0} dangerouslySetInnerHTML={{ __html: set.html[i] ?? '' }} />
        : <code key={source} className="equation">{source}</code>)}
    </div>
  );
}
