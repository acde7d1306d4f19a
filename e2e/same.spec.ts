import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixture.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const moons = (phases: readonly object[]): object => ({ preset: 'rigl-moons', seed: 7, evaluateEvery: 50, beside: { random: false, dense: false }, phases });
// Some of these have shaders that do not come with the first load.
const EXPERIMENTS: readonly (readonly [name: string, experiment: object])[] = [
  ['RigL', moons([{ steps: 100, sparsity: { method: 'rigl', density: 0.2, updatePeriod: 10 } }])],
  ['GraNet', moons([{ steps: 100, sparsity: { method: 'granet', density: 0.2, updatePeriod: 10 } }])],
  ['SNIP, and a ticket of it', moons([{ steps: 50, sparsity: { method: 'snip', density: 0.4 } }, { steps: 50, entry: 'prune-rewind', sparsity: { method: 'imp', density: 0.2 } }])],
  ['SynFlow', moons([{ steps: 50, sparsity: { method: 'synflow', density: 0.2 } }])],
];

for (const [name, parts] of EXPERIMENTS) test(`Node and the page end with the same bits on the same driver: ${name}`, async ({ page, baseURL }) => {
  test.setTimeout(120_000);
  const printed = execFileSync(process.execPath, ['--import', 'tsx', 'e2e/nodeHash.ts', JSON.stringify(parts)], { cwd: ROOT, env: { ...process.env, SPARSELAND_ADAPTER: 'swiftshader' }, encoding: 'utf8' });
  const node = /hash ([0-9a-f]{64})/.exec(printed)?.[1];
  expect(node).toBeDefined();
  const experiment = JSON.parse(/^experiment (.*)$/m.exec(printed)?.[1] ?? '{}') as object;

  // The page makes its worker at the first start: the test listens which file that is, and starts one of its own.
  const workerUrl = new Promise<string>((resolve) => page.on('worker', (worker) => worker.url().includes('/worker-') && resolve(worker.url())));
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
