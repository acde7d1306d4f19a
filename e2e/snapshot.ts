import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page, TestInfo } from 'playwright/test';
import { barFont } from './barFont.ts';

/**
 * Pictures of the page that can be read. A screenshot holds the fonts of the machine that took it, and its review is a
 * guess; so what is kept of a state is text, one file a state: the box of everything that has a name, the colours of each
 * kind of element, and the mean colours of a coarse grid over the screen (what covers what, what a canvas drew). Text is
 * set in a font of bars, so that neither boxes nor colours know the fonts of a machine.
 */
export interface Snapshot {
  /** Left, top, width and height in whole CSS pixels, by name; the same in both themes. */
  boxes: Record<string, string>;
  themes: Record<Theme, Look>;
}

export type Theme = 'light' | 'dark';

/** What a theme makes of it. */
interface Look {
  /** Text, background and border of the first element of each kind. */
  colours: Record<string, string>;
  /** Rows of mean colours, six hexadecimal digits a cell. */
  grid: string[];
}

/** What stands on the page. */
interface Seen {
  boxes: Record<string, string>;
  colours: Record<string, string>;
  /** Cells `row,column` in which training drew. */
  drawn: string[];
}

/** How far a box may be off, in CSS pixels: controls that browsers draw themselves differ between builds. */
const BOX_TOLERANCE = 6;
/** How far a channel of a mean colour may be off, of 255: edges are smoothed differently; curves and masks depend on the arithmetic of the adapter. */
const CHANNEL_TOLERANCE = 6;
const DRAWN_TOLERANCE = 48;
const CELLS_ACROSS = { wide: 24, narrow: 10 };

const NAMED = 'header, main, dialog, section, h1, h2, h3, button, select, textarea, input:not([type=radio]), canvas, summary, .play-bar, .bottom-bar, .notice, .column, .pane, .sentence, .figure';
const DRAWN = 'canvas, .chart-plot, .dot-plot, .squares';

/** Sets all text of pages that are opened from now on in bars. The content policy must be bypassed: it allows no style but the page's own. */
export async function setInBars(page: Page): Promise<void> {
  const css = `@font-face { font-family: Bars; font-display: block; src: url(data:font/ttf;base64,${barFont().toString('base64')}); } *, *::before, *::after { font-family: Bars !important; font-synthesis: none !important; }`;
  await page.addInitScript((text) => {
    const style = Object.assign(document.createElement('style'), { textContent: text });
    const add = (): void => void document.documentElement?.append(style);
    if (document.documentElement) add();
    else new MutationObserver((_, observer) => document.documentElement && (observer.disconnect(), add())).observe(document, { childList: true });
  }, css);
}

/** Reads the boxes and the colours of what is on the page. */
async function look(page: Page): Promise<Seen> {
  const across = (page.viewportSize()?.width ?? 0) > 1000 ? CELLS_ACROSS.wide : CELLS_ACROSS.narrow;
  await page.evaluate(() => document.fonts.load('16px Bars'));
  return page.evaluate(({ named, drawn, columns }) => {
    const hex = (colour: string): string => {
      const [r, g, b, a] = colour.match(/[\d.]+/g)?.map(Number) ?? [];
      if (a === 0) return 'none';
      return `#${[r, g, b].map((x) => Math.round(x ?? 0).toString(16).padStart(2, '0')).join('')}${a === undefined ? '' : ` ${a}`}`;
    };
    const boxes: Record<string, string> = {};
    const colours: Record<string, string> = {};
    for (const element of document.querySelectorAll<HTMLElement>(named)) {
      const { left, top, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0 || !element.checkVisibility({ visibilityProperty: true })) continue;
      const kind = [element.localName, ...[...element.classList].slice(0, 1)].join('.');
      const { labels } = element as HTMLInputElement;
      const words = element.localName === 'canvas' ? '' : element.ariaLabel ?? (/^(button|summary|h\d)$/.test(element.localName) ? element.innerText : labels?.[0]?.innerText ?? '');
      // Numbers are results, and a theme is not what is laid out: neither names anything.
      const base = [kind, words.replace(/[\d.,:%\s–−-]+|\b(light|dark)\b/g, ' ').replace(/ +/g, ' ').trim().slice(0, 32).trim()].filter(Boolean).join(' ');
      let name = base;
      for (let n = 2; name in boxes; n++) name = `${base} #${n}`;
      boxes[name] = [left + scrollX, top + scrollY, width, height].map(Math.round).join(' ');
      const style = getComputedStyle(element);
      colours[kind] ??= `${hex(style.color)} on ${hex(style.backgroundColor)} in ${hex(style.borderTopColor)}`;
    }
    const side = innerWidth / columns;
    const cells = new Set<string>();
    for (const element of document.querySelectorAll(drawn)) {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      for (let row = Math.floor(top / side); row * side < bottom; row++) {
        for (let column = Math.floor(left / side); column * side < right; column++) cells.add(`${row},${column}`);
      }
    }
    return { boxes, colours, drawn: [...cells] };
  }, { named: NAMED, drawn: DRAWN, columns: across });
}

/** Mean colours of square cells of the screen; counted on a page of its own, as the page that is looked at has other work to do. */
async function gridOf(page: Page, eye: Page): Promise<string[]> {
  const { width = 0 } = page.viewportSize() ?? {};
  // Now and then Chromium never answers while a page is still being put together: the caller asks again.
  const png = await page.screenshot({ animations: 'disabled', scale: 'css', timeout: 5000 });
  return eye.evaluate(async ({ base64, columns }) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const side = image.width / columns;
    return Array.from({ length: Math.floor(image.height / side) }, (_, row) => Array.from({ length: columns }, (__, column) => {
      const sums = [0, 0, 0];
      let n = 0;
      for (let y = Math.floor(row * side); y < Math.floor((row + 1) * side); y++) {
        for (let x = Math.floor(column * side); x < Math.floor((column + 1) * side); x++, n++) {
          for (let c = 0; c < 3; c++) sums[c]! += data[4 * (y * image.width + x) + c]!;
        }
      }
      return sums.map((sum) => Math.round(sum / n).toString(16).padStart(2, '0')).join('');
    }).join(' '));
  }, { base64: png.toString('base64'), columns: width > 1000 ? CELLS_ACROSS.wide : CELLS_ACROSS.narrow });
}

/** Boxes and colours that are not as they were kept, in words. */
function movedOrRecoloured(seen: Seen, kept: Snapshot, theme: Theme): string[] {
  const found: string[] = [];
  for (const name of new Set([...Object.keys(kept.boxes), ...Object.keys(seen.boxes)])) {
    const [now, then] = [seen.boxes[name], kept.boxes[name]];
    const far = now && then ? now.split(' ').some((value, i) => Math.abs(Number(value) - Number(then.split(' ')[i])) > BOX_TOLERANCE) : true;
    if (far) found.push(`${name}: ${now ?? 'gone'}, was ${then ?? 'not there'}`);
  }
  for (const [kind, then] of Object.entries(kept.themes[theme].colours)) {
    const now = seen.colours[kind];
    if (now !== undefined && now !== then) found.push(`${kind}: ${now}, was ${then}`);
  }
  return found;
}

/** Cells of the screen that are not as they were kept, in words. */
function repainted({ drawn }: Seen, grid: readonly string[], kept: readonly string[]): string[] {
  const found: string[] = [];
  kept.forEach((row, r) => row.split(' ').forEach((then, c) => {
    const now = grid[r]?.split(' ')[c] ?? '';
    const limit = drawn.includes(`${r},${c}`) ? DRAWN_TOLERANCE : CHANNEL_TOLERANCE;
    const channels = (text: string): number[] => [0, 2, 4].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
    if (!channels(now).every((channel, i) => Math.abs(channel - channels(then)[i]!) <= limit)) found.push(`row ${r}, column ${c} of the screen: #${now}, was #${then}`);
  }));
  return found;
}

/** Where pictures are kept, and whether this run takes them anew (`npm run snapshots`). */
export interface Album {
  /** Takes a picture: `what` names the state, `size` the screen. Returns what differs from the one that is kept. */
  take(page: Page, what: string, size: string, theme: Theme): Promise<string[]>;
}

/** Opens the folder of kept pictures. */
export function openAlbum(info: TestInfo, eye: Page): Album {
  const renew = info.config.updateSnapshots === 'all';
  const fileOf = (what: string): string => fileURLToPath(new URL(`./snapshots/${what}.json`, import.meta.url));
  const read = (what: string): Record<string, Snapshot> => (existsSync(fileOf(what)) ? JSON.parse(readFileSync(fileOf(what), 'utf8')) as Record<string, Snapshot> : {});
  return {
    async take(page, what, size, theme) {
      const all = read(what);
      const kept = all[size];
      if (!renew) {
        if (!kept?.themes[theme]) return [`There is no picture of '${what}' at ${size} in the ${theme} theme. Take it: npm run snapshots`];
        const seen = await look(page);
        const found = movedOrRecoloured(seen, kept, theme);
        return found.length > 0 ? found : repainted(seen, await gridOf(page, eye), kept.themes[theme].grid);
      }
      const seen = await settled(page);
      all[size] = { boxes: seen.boxes, themes: { ...kept?.themes, [theme]: { colours: seen.colours, grid: await gridOf(page, eye) } } as Snapshot['themes'] };
      mkdirSync(fileURLToPath(new URL('./snapshots/', import.meta.url)), { recursive: true });
      writeFileSync(fileOf(what), `${JSON.stringify(all, null, 1)}\n`);
      return [];
    },
  };
}

/** What is on the page once nothing has come or moved for a while: panels are loaded when they are wanted. */
async function settled(page: Page): Promise<Seen> {
  await page.waitForLoadState('networkidle');
  let before = await look(page);
  for (;;) {
    await page.waitForTimeout(1500);
    const now = await look(page);
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}
