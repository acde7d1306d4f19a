import { expect, test, type Page } from './fixture.ts';

/** Painters as the page names them: a worker's GPU, a worker without, the page itself. */
type PainterName = 'gpu' | 'worker' | 'page';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const matrix = (page: Page) => page.getByRole('img', { name: /^Matrix of layer/ });

/** Has the matrix painted by one painter, as if that had been chosen before; each view of it begins anew. */
async function paintWith(page: Page, painter: PainterName): Promise<void> {
  await page.evaluate((name) => {
    if (name === 'page') Reflect.deleteProperty(HTMLCanvasElement.prototype, 'transferControlToOffscreen');
    else localStorage.setItem('sparseland.painter', `${name} ${navigator.userAgent}`);
  }, painter);
  await page.getByText('Neurons', { exact: true }).click();
  await page.getByText('Matrix', { exact: true }).click();
  await expect(matrix(page).locator('[data-painter]')).toHaveAttribute('data-painter', painter);
}

/** Pictures stay on the page, by name: they are large. */
type Pictures = { pictures?: Record<string, Uint32Array> };

/** Keeps the pixels that stand on the page as `name`; tells a word for all of them, which is `blank` where they are of one colour. */
const keep = (page: Page, name: string): Promise<string> => page.evaluate((key) => {
  const canvas = document.querySelector<HTMLCanvasElement>('.matrix-picture canvas')!;
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(canvas, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const page = globalThis as Pictures;
  (page.pictures ??= {})[key] = pixels;
  return pixels.every((pixel) => pixel === pixels[0]) ? 'blank' : `${canvas.width} ${pixels.reduce((hash, pixel) => Math.imul(hash ^ pixel, 16_777_619), 0)}`;
}, name);

/** The word for the picture, kept as `name`, once it is painted and another than before. */
async function pictureAfter(page: Page, name: string, before = 'blank'): Promise<string> {
  let word = '';
  await expect.poll(async () => {
    await expect(matrix(page).locator('[aria-busy=true]')).toHaveCount(0);
    return (word = await keep(page, name));
  }, { message: `${name}, after ${before}` }).not.toBe(before);
  expect(word).not.toBe('blank');
  return word;
}

/** How many pixels of two pictures have a channel that differs by more than one. */
const differing = (page: Page, one: string, other: string): Promise<number> => page.evaluate(([p, q]) => {
  const { pictures } = globalThis as Pictures;
  const [a, b] = [pictures![p!]!, pictures![q!]!];
  if (a.length !== b.length) return Math.max(a.length, b.length);
  return a.filter((pixel, i) => [0, 8, 16].some((shift) => Math.abs(((pixel >>> shift) & 255) - ((b[i]! >>> shift) & 255)) > 1)).length;
}, [one, other]);

const STAGES = ['whole', 'zoomed', 'moved', 'alone', 'dark'] as const;

/** The matrix seen whole, zoomed, moved, with one state alone, and in the other theme. */
async function tour(page: Page, painter: PainterName): Promise<void> {
  const whole = await pictureAfter(page, `${painter} whole`);
  await button(page, 'Zoom in').click();
  const zoomed = await pictureAfter(page, `${painter} zoomed`, whole);
  const { x, y } = (await matrix(page).boundingBox())!;
  await page.mouse.move(x + 200, y + 200);
  await page.mouse.down();
  await page.mouse.move(x + 160, y + 150);
  await page.mouse.up();
  const moved = await pictureAfter(page, `${painter} moved`, zoomed);
  await page.getByRole('button', { name: /^never/ }).click();
  const alone = await pictureAfter(page, `${painter} alone`, moved);
  await page.keyboard.press('t');
  // In the dark, weights that were never active are as dark as the ground: others must be there to be seen.
  await page.getByRole('button', { name: /^never/ }).click();
  await expect.poll(() => keep(page, `${painter} dark`)).not.toMatch(new RegExp(`^(blank|${alone}|${moved})$`));
  await page.keyboard.press('t');
  await expect.poll(() => keep(page, 'back'), { message: 'back in the place and colours from before' }).toBe(moved);
}

test('the GPU of a worker, a worker without, and the page itself paint the matrix in the same pixels', async ({ page }) => {
  await page.goto('/#preset=rigl-moons');
  await expect(matrix(page)).toBeVisible();
  for (const painter of ['gpu', 'worker', 'page'] as const) {
    await paintWith(page, painter);
    await tour(page, painter);
  }
  for (const stage of STAGES) {
    expect(await differing(page, `worker ${stage}`, `page ${stage}`), `${stage}, worker`).toBe(0);
    expect(await differing(page, `gpu ${stage}`, `page ${stage}`), `${stage}, GPU`).toBe(0);
  }
});

test('the GPU paints the mask of the step looked at, live and looking back, and gives back its worker', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&model.hidden=16&steps=30&sparsity.updatePeriod=10&beside.random=false&beside.dense=false');
  await paintWith(page, 'gpu');
  const start = await pictureAfter(page, 'start');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await button(page, 'Play').click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 40_000 });
  const end = await pictureAfter(page, 'end', start);
  const scrubber = page.getByRole('slider', { name: 'Step looked at' });
  await scrubber.fill('12');
  const middle = await pictureAfter(page, 'middle', end);
  const colours = page.getByRole('radiogroup', { name: 'Colours of the matrix' });
  await colours.getByText('Age').click();
  await pictureAfter(page, 'age', middle);
  await colours.getByText('Last update').click();
  await scrubber.fill('0');
  await expect.poll(() => keep(page, 'back')).toBe(start);
  await scrubber.fill('30');
  await expect.poll(() => keep(page, 'back')).toBe(end);

  const painters = () => page.workers().filter((worker) => worker.url().includes('/matrixWorker-')).length;
  expect(painters()).toBe(1);
  await page.getByText('Neurons', { exact: true }).click();
  await expect.poll(painters).toBe(0);
});
