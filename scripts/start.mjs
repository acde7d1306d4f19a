/** `npm start`: installs and packs what is missing, then serves the page. `npm start -- --port N --host` as in Vite. */
import { parseArgs } from 'node:util';
import { ensureInstalled, ROOT } from './install.mjs';
import { ensureData } from './pack-data.mjs';

const { port, host } = options();
ensureInstalled();
ensureData();

// Loaded here and not above: on a fresh clone it exists only now.
const { createServer } = await import('vite');
const server = await createServer({ root: ROOT, server: { port, host } });
await server.listen();
const { local = [], network = [] } = server.resolvedUrls ?? {};
console.log(`\nSparseland is ready: open ${local[0] ?? network[0]} in a browser with WebGPU.`);
for (const url of network) console.log(`From other machines: ${url} (WebGPU needs https there)`);
console.log('Ctrl+C stops it.\n');

/** @returns {{ port: number, host: boolean }} */
function options() {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string', default: '5173' }, host: { type: 'boolean', default: false } } });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`--port is '${values.port}', but must be from 1 to 65535.`);
    return { port, host: values.host };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} Known: --port N, --host.`);
    process.exit(2);
  }
}
