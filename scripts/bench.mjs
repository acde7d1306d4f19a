/** `npm run bench -- ...`: installs what is missing, then runs the benchmarks against peers and our own dense twin. */
import { runTypeScript } from './run-typescript.mjs';

runTypeScript('bench/main.ts', process.argv.slice(2));
