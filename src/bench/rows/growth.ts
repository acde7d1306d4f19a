import type { PhaseParts } from '../../engine/experiment/defaults.ts';
import { FORMATS, type Format } from '../../engine/sparsity/formats/index.ts';
import { openOwnNetwork } from '../ownNetwork.ts';
import { heldTuning } from '../programs.ts';
import type { BenchRow, Contender, GridPoint } from '../row.ts';
import { sparseNetwork } from '../sparseNetwork.ts';

const BATCH = 128;
/** From the fastest on: how many steps make a sample is decided at the first. */
const DENSITIES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
/** Formats of masks without a pattern: `nm` has few densities, and rows of its own. */
const ANY_MASK = FORMATS.filter((format) => format !== 'nm');

/**
 * How a training step grows with density in each format, for hidden layers of one width: masks are random and stand
 * still. The dense network is the baseline; where a format crosses it, it begins to pay.
 */
export function growth(width: number, formats: readonly Format[] = ANY_MASK, densities: readonly number[] = DENSITIES): BenchRow {
  // With `masked`, time and so the choice of variants is the same for all masks.
  const tuning = heldTuning();
  const contender = (name: string, phase: PhaseParts, point?: GridPoint): Contender => ({
    name,
    ...(point && { point }),
    open: ({ gpu }) => openOwnNetwork({ gpu, ...sparseNetwork([width, width], BATCH, phase), tuned: true, compared: false, ...(phase.format === 'masked' && { tuning }) }),
  });
  const points = formats.flatMap((format) => densities.map((density) => contender(`${format} ${100 * density} %`, {
    format, sparsity: { method: 'random', density, distribution: 'uniform' },
  }, { width, density, format })));
  return {
    name: `growth-${width}`,
    title: `Training step of the MLP 784-${width}-${width}-10, batch ${BATCH}, momentum, by density and format, masks standing still; against the dense network`,
    baseline: 'dense',
    grid: true,
    contenders: [contender('dense', { format: 'masked', sparsity: { method: 'dense' } }), ...points],
  };
}
