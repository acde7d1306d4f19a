/** `npm run build`: a static dist/ with relative paths, data included, that any web server can host. */
import { ensureInstalled, ROOT } from './install.mjs';
import { ensureData } from './pack-data.mjs';

ensureInstalled();
ensureData();
const { build } = await import('vite');
await build({ root: ROOT });
console.log('Built dist/. Serve that folder with any web server, or try it with: npx vite preview');
