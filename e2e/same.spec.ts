import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'playwright/test';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const experimentWith = (method: string): object => ({
  preset: 'rigl-moons', seed: 7, evaluateEvery: 50, beside: { random: false, dense: false },
  phases: [{ steps: 100, sparsity: { method, density: 0.2, updatePeriod: 10 } }],
});

// GraNet has a shader that does not come with the first load.
for (const method of ['rigl', 'granet']) test(`Node and the page end with the same bits on the same driver (${method})`, async ({ page, baseURL }) => {
  test.setTimeout(120_000);
  const experiment = experimentWith(method);
  const printed = execFileSync(process.execPath, ['--import', 'tsx', 'e2e/nodeHash.ts', JSON.stringify(experiment)], { cwd: ROOT, env: { ...process.env, SPARSELAND_ADAPTER: 'swiftshader' }, encoding: 'utf8' });
  const node = /hash ([0-9a-f]{64})/.exec(printed)?.[1];
  expect(node).toBeDefined();

  // The page makes its worker at the first start: the test listens which file that is, and starts one of its own.
  const workerUrl = new Promise<string>((resolve) => page.on('worker', (worker) => resolve(worker.url())));
  await page.goto('/#preset=rigl-moons');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  const hash = await page.evaluate(
    ({ url, experiment, dataUrl }) => new Promise<string>((resolve) => {
      const worker = new Worker(url, { type: 'module' });
      worker.onmessage = ({ data }) => {
        if (data.event.type === 'finished') resolve(data.event.hash);
        if (data.event.type === 'failed') resolve(`failed: ${data.event.message}`);
      };
      worker.postMessage({ type: 'start', runId: 'test', experiment, dataUrl });
    }),
    { url: await workerUrl, experiment, dataUrl: `${baseURL}/data/` },
  );
  expect(hash).toBe(node);
});
