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

/** Pixels of the picture that stands on the page, by rows, 0xAABBGGRR, and a word for all of them. */
interface Picture { pixels: number[]; word: string }

/** The picture as it is; pixels are left out where they are those of `known`, or of one colour. */
const picture = (page: Page, known = ''): Promise<Picture> => page.evaluate((word) => {
  const canvas = document.querySelector<HTMLCanvasElement>('.matrix-picture canvas')!;
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
  context.drawImage(canvas, 0, 0);
  const all = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const now = `${canvas.width} ${all.reduce((hash, pixel) => Math.imul(hash ^ pixel, 16_777_619), 0)}`;
  return { word: now, pixels: now === word || all.every((pixel) => pixel === all[0]) ? [] : [...all] };
}, known);

/** The picture once it is another than before, which the worker paints in its own time; it is never of one colour. */
async function pictureAfter(page: Page, before?: Picture): Promise<Picture> {
  let now: Picture | undefined;
  await expect.poll(async () => (now = await picture(page, before?.word)).pixels.length).toBeGreaterThan(0);
  return now!;
}

/** The matrix seen whole, zoomed, moved, with one state alone, and in the other theme. */
async function tour(page: Page): Promise<Record<string, Picture>> {
  const whole = await pictureAfter(page);
  await button(page, 'Zoom in').click();
  const zoomed = await pictureAfter(page, whole);
  const { x, y } = (await matrix(page).boundingBox())!;
  await page.mouse.move(x + 200, y + 200);
  await page.mouse.down();
  await page.mouse.move(x + 160, y + 150);
  await page.mouse.up();
  const moved = await pictureAfter(page, zoomed);
  await page.getByRole('button', { name: /^never/ }).click();
  const alone = await pictureAfter(page, moved);
  await page.getByRole('button', { name: /^never/ }).click();
  await page.keyboard.press('t');
  const dark = await pictureAfter(page, alone);
  await page.keyboard.press('t');
  await expect.poll(async () => (await picture(page, moved.word)).word, { message: 'back in the place and colours from before' }).toBe(moved.word);
  return { whole, zoomed, moved, alone, dark };
}

test('the GPU of a worker, a worker without, and the page itself paint the matrix in the same pixels', async ({ page }) => {
  await page.goto('/#preset=rigl-moons');
  await expect(matrix(page)).toBeVisible();
  const tours: Record<string, Picture>[] = [];
  for (const painter of ['gpu', 'worker', 'page'] as const) {
    await paintWith(page, painter);
    tours.push(await tour(page));
  }
  const [gpu, worker, own] = tours;
  for (const [name, { pixels }] of Object.entries(own!)) {
    expect(differing(worker![name]!.pixels, pixels), `${name}, worker`).toBe(0);
    expect(differing(gpu![name]!.pixels, pixels), `${name}, GPU`).toBe(0);
  }
});

/** How many pixels have a channel that differs by more than one. */
const differing = (a: readonly number[], b: readonly number[]): number => {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  return a.filter((pixel, i) => [0, 8, 16].some((shift) => Math.abs(((pixel >>> shift) & 255) - ((b[i]! >>> shift) & 255)) > 1)).length;
};

test('the GPU paints the mask of the step looked at, live and looking back, and gives back its worker', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&steps=60&sparsity.updatePeriod=10&beside.random=false&beside.dense=false');
  await paintWith(page, 'gpu');
  const start = await pictureAfter(page);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await button(page, 'Play').click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 30_000 });
  const end = await pictureAfter(page, start);
  const scrubber = page.getByRole('slider', { name: 'Step looked at' });
  await scrubber.fill('20');
  const middle = await pictureAfter(page, end);
  await page.getByText('Age', { exact: true }).click();
  await pictureAfter(page, middle);
  await page.getByRole('radiogroup', { name: 'Colours of the matrix' }).getByText('Last update').click();
  await scrubber.fill('0');
  await expect.poll(async () => (await picture(page, start.word)).word).toBe(start.word);
  await scrubber.fill('60');
  await expect.poll(async () => (await picture(page, end.word)).word).toBe(end.word);

  const painters = () => page.workers().filter((worker) => worker.url().includes('/matrixWorker-')).length;
  expect(painters()).toBe(1);
  await page.getByText('Neurons', { exact: true }).click();
  await expect.poll(painters).toBe(0);
});
