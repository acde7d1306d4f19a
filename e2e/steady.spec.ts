import { expect, test, type Page } from './fixture.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** What of the GPU the training worker has made since counting began and not given back. */
interface Counted { live: { buffers: number; bytes: number }; made: number }

/** Workers that train; another one may paint a matrix. */
const trainers = (page: Page) => page.workers().filter((worker) => worker.url().includes('/worker-'));

/** Counts buffers in the worker that trains: from now on, made and destroyed. */
async function countBuffers(page: Page): Promise<() => Promise<Counted>> {
  const [worker] = trainers(page);
  if (!worker) throw new Error('No worker trains on this page.');
  await worker.evaluate(() => {
    const counted = { live: { buffers: 0, bytes: 0 }, made: 0 };
    Object.assign(globalThis, { counted });
    const held = new WeakSet<GPUBuffer>();
    const create = GPUDevice.prototype.createBuffer;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = create.call(this, descriptor);
      held.add(buffer);
      counted.made++;
      counted.live.buffers++;
      counted.live.bytes += buffer.size;
      return buffer;
    };
    const destroy = GPUBuffer.prototype.destroy;
    GPUBuffer.prototype.destroy = function () {
      if (held.delete(this)) {
        counted.live.buffers--;
        counted.live.bytes -= this.size;
      }
      return destroy.call(this);
    };
  });
  return () => worker.evaluate(() => structuredClone((globalThis as unknown as { counted: Counted }).counted));
}

// Twenty in a row are run without a page, in src/engine/experiment/manyRuns.gpu.test.ts.
test('runs in a row give back all that they made on the GPU, in one worker', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&model.hidden=8&steps=12&evaluateEvery=6&beside.random=false&beside.dense=false');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  const train = async (): Promise<void> => {
    await button(page, 'Play').click();
    await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 30_000 });
    await button(page, 'Reset').click();
    await expect(page.getByText(/^Finished/)).toHaveCount(0);
  };
  await train();
  const counted = await countBuffers(page);
  let made = 0;
  for (let run = 0; run < 2; run++) {
    await train();
    await expect.poll(async () => (await counted()).live, { message: `after run ${run + 1}` }).toEqual({ buffers: 0, bytes: 0 });
    const now = await counted();
    expect(now.made, 'each run makes buffers').toBeGreaterThan(made);
    made = now.made;
  }
  expect(trainers(page)).toHaveLength(1);
});

test('a run pauses while its tab is hidden where the reader chose so, and goes on after', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&steps=100000');
  await button(page, 'Keyboard shortcuts').click();
  await page.getByLabel('Pause while the tab is hidden').check();
  await page.keyboard.press('Escape');
  await button(page, 'Play').click();
  await expect(button(page, 'Pause')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^Live/)).toBeVisible({ timeout: 30_000 });
  const hide = (hidden: boolean): Promise<void> => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await hide(true);
  await expect(page.getByText(/^Paused/)).toBeVisible();
  await hide(false);
  await expect(page.getByText(/^Live/)).toBeVisible();
  await page.reload();
  await button(page, 'Keyboard shortcuts').click();
  await expect(page.getByLabel('Pause while the tab is hidden')).toBeChecked();
});
