import { describe, expect, it } from 'vitest';
import { encodeLink, decodeLink } from '../../engine/experiment/link.ts';
import { listPaths, setPath } from '../../engine/experiment/paths.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { readOptions, splitLink } from '../embed/options.ts';
import { figureAddress, snippet, type SnippetParts } from './snippet.ts';

const experiment = setPath(PRESETS['rigl-mnist']!.experiment, 'sparsity.density', 0.02);
const parts: SnippetParts = {
  kind: 'element', site: 'https://sparse.example/lab/', link: encodeLink(experiment), label: 'Half & "half" <fixed>', height: 640,
  options: { hide: ['seed', 'speed'], lock: ['sparsity.density'], bounds: ['optimizer.rate:0.01..0.5'], start: 'play', predict: true },
};
/** Attributes of the one tag of that name, as a browser reads them. */
function attributes(html: string, tag: string): Record<string, string> {
  const inside = new RegExp(`<${tag}((?:\\s+[\\w-]+(?:="[^"]*")?)*)\\s*>`).exec(html)?.[1] ?? '';
  const text = (value: string): string => value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  return Object.fromEntries([...inside.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, text(value)]));
}

describe('snippets', () => {
  it('hold the experiment and the options as attributes of the element, and a link for pages without scripts', () => {
    const html = snippet(parts);
    expect(attributes(html, 'script')).toEqual({ src: 'https://sparse.example/lab/embed.js' });
    const given = attributes(html, 'sparse-playground');
    expect(given).toMatchObject({ preset: 'rigl-mnist', hide: 'seed,speed', lock: 'sparsity.density', bounds: 'optimizer.rate:0.01..0.5', start: 'play', predict: '1', height: '640', label: parts.label });
    expect(decodeLink(`#preset=${given['preset']}&${given['settings']}`)).toEqual({ experiment, notes: [] });
    expect(attributes(html, 'a')['href']).toBe(`https://sparse.example/lab/${parts.link}`);
  });

  it('hold the same in the address of a plain frame', () => {
    const frame = attributes(snippet({ ...parts, kind: 'frame' }), 'iframe');
    expect(frame).toMatchObject({ title: parts.label, height: '640', loading: 'lazy', src: figureAddress(parts) });
    const { experiment: link, embedding } = splitLink(new URL(frame['src'] ?? '').hash);
    expect(decodeLink(link)).toEqual({ experiment, notes: [] });
    const { options, notes } = readOptions(embedding, listPaths(experiment));
    expect(notes).toEqual([]);
    expect(options).toMatchObject({ hide: new Set(['seed', 'speed']), lock: new Set(['sparsity.density']), bounds: new Map([['optimizer.rate', { min: 0.01, max: 0.5 }]]), start: 'play', predict: true });
  });

  it('let no label or address break out of its attribute', () => {
    for (const kind of ['element', 'frame'] as const) {
      const html = snippet({ ...parts, kind, label: '"><script>alert(1)</script>' });
      expect(html.match(/<script/g)?.length ?? 0).toBe(kind === 'element' ? 1 : 0);
    }
  });
});
