/** `npm run sparseland -- ...`: installs what is missing (told on stderr), then runs the command line. */
import { runTypeScript } from './run-typescript.mjs';

runTypeScript('src/node/main.ts', process.argv.slice(2));
