import type { PhaseParts } from '../../engine/experiment/defaults.ts';
import type { Format } from '../../engine/sparsity/formats/index.ts';
import { openOwnNetwork } from '../ownNetwork.ts';
import type { BenchRow, Contender } from '../row.ts';
import { sparseNetwork } from '../sparseNetwork.ts';

const BATCH = 128;
/** Widths of the hidden layers. */
const HIDDEN = [1024, 1024, 1024];
/** Steps from one mask update to the next. */
const PERIOD = 100;

/**
 * A whole training step whose hidden layers are trained by RigL and stored in a sparse format, against our own dense
 * step. A step in a hundred updates the masks, with the dense gradient that RigL then needs; it is reckoned in.
 * @param sparsity weights in a hundred that are masked out
 * @param hidden widths of the hidden layers
 */
export function sparseStep(format: Exclude<Format, 'masked'>, sparsity: number, hidden: readonly number[] = HIDDEN): BenchRow {
  const density = (100 - sparsity) / 100;
  const contender = (name: string, phase: PhaseParts, updatePeriod?: number): Contender => ({
    name,
    open: ({ gpu }) => openOwnNetwork({ gpu, ...sparseNetwork(hidden, BATCH, phase), tuned: true, compared: false, ...(updatePeriod && { updatePeriod }) }),
  });
  return {
    name: `sparse-step-${format}-${sparsity}`,
    title: `Training step of the MLP 784-${hidden.join('-')}-10, batch ${BATCH}, momentum: RigL at density ${100 - sparsity} % stored as ${format}, mask updates every ${PERIOD} steps reckoned in; against the dense network`,
    baseline: 'dense',
    contenders: [
      contender('dense', { format: 'masked', sparsity: { method: 'dense' } }),
      contender(format, { format, sparsity: { method: 'rigl', density, distribution: 'uniform', updatePeriod: PERIOD } }, PERIOD),
    ],
  };
}
