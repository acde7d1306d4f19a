import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { buildWords } from './scripts/build-words.mjs';
import { CONTENT_POLICY, withPolicy } from './scripts/content-policy.mjs';
import { leanEmbed } from './scripts/lean-embed.mjs';
import { stripShader } from './scripts/strip-shader.mjs';
import { hasVersions, leanModule, versionFor, withoutNotes } from './scripts/lean-modules.mjs';
import { writeServiceWorker } from './scripts/service-worker.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const PAGES = ['index', 'embed', 'selftest', 'bench'];

/** Takes comments and indentation out of shader text in the build; while developing, shaders stay as written. */
function smallShaders(): Plugin {
  return {
    name: 'sparseland:small-shaders',
    apply: 'build',
    enforce: 'pre',
    async load(id) {
      const [path, query] = id.split('?');
      if (!path?.endsWith('.wgsl') || query !== 'raw') return null;
      const text = stripShader(await readFile(path, 'utf8'));
      return { code: `export default ${JSON.stringify(text)}`, moduleType: 'js' };
    },
  };
}

/** Leaves out of each worker what it has no use for. */
function leanWorkers(): Plugin {
  let entry = '';
  return {
    name: 'sparseland:lean-workers',
    apply: 'build',
    enforce: 'post',
    buildStart({ input }) {
      entry = Object.values(input).join();
    },
    transform(code, id) {
      const lean = leanModule(id.split('?')[0] ?? '', code, (text) => this.parse(text), entry);
      return lean === null ? null : { code: lean, map: null };
    },
  };
}

/** Leaves out of the page the notes of methods and the help of settings, except where they are asked for. */
function notesApart(): Plugin {
  return {
    name: 'sparseland:notes-apart',
    apply: 'build',
    enforce: 'post',
    resolveId: {
      // Before Vite's own, which would answer first.
      order: 'pre',
      async handler(source, importer) {
        if (!importer || !hasVersions(importer)) return null;
        const found = await this.resolve(source, importer, { skipSelf: true });
        return found && versionFor(found.id, importer);
      },
    },
    transform(code, id) {
      const lean = withoutNotes(id, code, (text) => this.parse(text));
      return lean === null ? null : { code: lean, map: null };
    },
  };
}

/** Makes the script of the embedding element small: other people's pages load it. */
function smallEmbed(): Plugin {
  return {
    name: 'sparseland:small-embed',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir) await writeFile(`${dir}/embed.js`, await leanEmbed(await readFile(`${root}public/embed.js`, 'utf8')));
    },
  };
}

/** Gives each built page the policy of what it may load; while developing, Vite needs inline scripts. */
function contentPolicy(): Plugin {
  return { name: 'sparseland:content-policy', apply: 'build', transformIndexHtml: withPolicy };
}

/** Writes into the service worker what it keeps, once all else is written. */
function offlineWorker(): Plugin {
  return {
    name: 'sparseland:offline-worker',
    apply: 'build',
    enforce: 'post',
    writeBundle: { order: 'post', sequential: true, handler: async ({ dir }) => void (dir && (await writeServiceWorker(dir))) },
  };
}

/** The pages that exist, by name. */
function pages(): Record<string, string> {
  const found = PAGES.filter((name) => existsSync(`${root}${name}.html`));
  return Object.fromEntries(found.map((name) => [name, `${root}${name}.html`]));
}

/**
 * React apart from everything, so that no lazily loaded chunk drags it along; charts apart, loaded once training runs.
 * What the page begins with, and what that imports, in one chunk: cut into those that lazily loaded parts share it is 4 kB more.
 */
const chunkGroups = [
  { name: 'page', test: /src[\\/]app[\\/](mask[\\/](draw|palette|shading|signs|states|aggregate|layout|raster|Picture|moveCell)|stores[\\/](run|view|experiment|log)|session[\\/]current|panels[\\/](reading|curves)|shell[\\/]useElementSize|charts[\\/](wanted|Sparkline)|text[\\/]numbers)\.tsx?/, priority: 1 },
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
  { name: 'tfjs', test: /node_modules[\\/]@tensorflow[\\/]/, priority: 2 },
  { name: 'katex', test: /node_modules[\\/]katex[\\/]/, priority: 2 },
  { name: 'charts', test: /node_modules[\\/](recharts|victory-vendor|d3-[a-z]+|@reduxjs|redux|react-redux|immer|reselect|decimal\.js-light|es-toolkit)[\\/]/, priority: 1 },
];

export default defineConfig({
  // Relative, so that any folder of any web server can host the build.
  base: './',
  define: { __SPARSELAND_BUILD__: JSON.stringify(buildWords(root)) },
  plugins: [react(), smallShaders(), notesApart(), smallEmbed(), contentPolicy(), offlineWorker()],
  worker: {
    format: 'es', plugins: () => [smallShaders(), leanWorkers()],
    // Code that the first step needs stays whole though lazily loaded parts share some of it, as in the page.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'run', test: /src[\\/]engine[\\/]experiment[\\/]run\.ts/ }] } } },
  },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    // The size guard and its table say it better than a warning per chunk.
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      input: pages(),
      output: { codeSplitting: { groups: chunkGroups } },
    },
  },
  // Workers are named too: a package that Vite meets only when a worker starts makes it reload the page, run and all.
  optimizeDeps: { entries: ['*.html', 'src/**/*orker.ts'] },
  // Fails instead of hopping to a port that nobody was told about.
  preview: { strictPort: true, headers: { 'Content-Security-Policy': CONTENT_POLICY } },
});
