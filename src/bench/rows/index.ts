import type { BenchRow } from '../row.ts';
import { maskUpdate } from './maskUpdate.ts';
import { matmul } from './matmul.ts';
import { mlp } from './mlp.ts';

/** All rows, in the order in which they run. To add one: a file that describes it, and its line here. */
export const BENCH_ROWS: readonly BenchRow[] = [matmul(512), matmul(1024), mlp('sgd'), mlp('adam'), maskUpdate(1024)];
