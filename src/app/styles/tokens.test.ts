import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function colours(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('\n}', start));
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9A-F]{6})/gi)].map(([, name = '', hex = '']) => [name, hex]));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const themes = [['light', colours(':root')], ['dark', colours(":root[data-theme='dark']")]] as const;

describe('colour tokens', () => {
  it('are the same set in both themes', () => {
    expect([...themes[0][1].keys()].sort()).toEqual([...themes[1][1].keys()].sort());
    expect(themes[0][1].size).toBeGreaterThanOrEqual(30);
  });

  it.each(themes)('give text of at least 4.5 : 1 in the %s theme', (_, tokens) => {
    for (const text of ['text-1', 'text-2', 'text-3', 'accent', 'danger', 'shown', 'not-shown', 'inconclusive']) {
      for (const ground of ['page', 'surface']) {
        expect(contrast(tokens.get(text)!, tokens.get(ground)!), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(tokens.get('on-accent')!, tokens.get('accent')!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(themes)('give controls, mask events and the first three runs at least 3 : 1 in the %s theme', (_, tokens) => {
    for (const mark of ['control-border', 'mask-kept', 'mask-dropped', 'mask-grown', 'run-1', 'run-2', 'run-3']) {
      expect(contrast(tokens.get(mark)!, tokens.get('surface')!), mark).toBeGreaterThanOrEqual(3);
    }
  });
});
