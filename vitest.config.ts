import { devNull } from 'node:os';
import { defineConfig } from 'vitest/config';

/** No test reads or writes the user's cache: nothing can be a folder in the null device. */
const env = { SPARSELAND_CACHE: devNull };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          env,
          environment: 'node',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.{ts,mjs}'],
          exclude: ['**/*.gpu.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'kernels',
          env,
          environment: 'node',
          include: ['src/**/*.gpu.test.ts'],
          // One process and one module graph: compiling a pipeline costs up to a second, so all files share one device.
          // A fork and not a thread, because a thread's process.env never reaches the Vulkan loader.
          pool: 'forks',
          isolate: false,
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
