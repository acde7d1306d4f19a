/** Prints the names of the software adapters installed here as JSON; for scripts/test.mjs, which cannot import TypeScript. */
import { softwareAdapters } from '../src/node/adapter.ts';

process.stdout.write(JSON.stringify(softwareAdapters()));
