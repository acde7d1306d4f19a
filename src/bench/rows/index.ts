import type { BenchRow } from '../row.ts';
import { attention } from './attention.ts';
import { bdwpStep } from './bdwpStep.ts';
import { cnn } from './cnn.ts';
import { growth } from './growth.ts';
import { maskUpdate } from './maskUpdate.ts';
import { matmul } from './matmul.ts';
import { mlp } from './mlp.ts';
import { nmProduct } from './nmProduct.ts';
import { sparseStep } from './sparseStep.ts';
import { transformer } from './transformer.ts';

/** All rows, in the order in which they run. To add one: a file that describes it, and its line here. */
export const BENCH_ROWS: readonly BenchRow[] = [
  matmul(512), matmul(1024), attention(),
  mlp('sgd'), mlp('adam'), cnn(), transformer(),
  sparseStep('csr', 90), sparseStep('csr', 95), sparseStep('csr', 99),
  sparseStep('block', 80), sparseStep('block', 90), sparseStep('block', 95),
  nmProduct(2, 4, 8), nmProduct(1, 4, 8), nmProduct(1, 8, 8), nmProduct(1, 8, 1), nmProduct(1, 16, 1),
  bdwpStep(),
  maskUpdate(1024),
  growth(256), growth(512), growth(1024), growth(2048),
];
