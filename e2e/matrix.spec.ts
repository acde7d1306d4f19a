import { expect, test } from './fixture.ts';

test('the matrix is zoomed, moved, read and coloured by age', async ({ page }) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto('/#preset=rigl-moons');
  const matrix = page.getByRole('img', { name: /^Matrix of layer/ });
  await expect(matrix).toBeVisible();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.getByText(/^[0,]*1 \/ /).first()).toBeVisible({ timeout: 30_000 });

  const status = page.locator('.mask-reading');
  await matrix.focus();
  await page.keyboard.press('ArrowRight');
  await expect(status).toHaveText(/^Input \d+ to unit \d+: .*Weight .*score \|[wg]\| /);
  await expect(page.locator('.read-out')).toBeVisible();
  const before = await status.innerText();

  await expect(page.getByRole('button', { name: 'Zoom out' })).toBeDisabled();
  await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: 'Zoom out' })).toBeEnabled();
  await page.keyboard.press('ArrowDown');
  await expect(status).not.toHaveText(before);
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: 'Zoom out' })).toBeDisabled();

  await page.getByText('Age', { exact: true }).click();
  const ages = page.getByRole('list', { name: 'Updates since the weight entered the mask' });
  await expect(ages.getByRole('listitem')).toHaveCount(6);
  await expect(ages).toContainText(/this update[1-9]/);
  expect(complaints).toEqual([]);
});
