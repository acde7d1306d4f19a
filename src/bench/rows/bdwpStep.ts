import type { PhaseParts } from '../../engine/experiment/defaults.ts';
import { openOwnNetwork } from '../ownNetwork.ts';
import type { BenchRow, Contender } from '../row.ts';
import { sparseNetwork } from '../sparseNetwork.ts';

const BATCH = 128;
/** Layers of as many inputs as outputs. */
const WIDTH = 1024;
const LAYERS = 4;
/** Steps from one choice of the masks to the next, as on the method's card. */
const PERIOD = 10;

/** A whole training step by BDWP at 2:8, one pattern for 8 lines, both copies compressed, against the dense step; a step in ten chooses the masks anew, which is reckoned in. */
export function bdwpStep(width = WIDTH, layers = LAYERS): BenchRow {
  const hidden = Array.from({ length: layers }, () => width);
  const contender = (name: string, phase: PhaseParts, updatePeriod?: number): Contender => ({
    name,
    open: ({ gpu }) => openOwnNetwork({ gpu, ...sparseNetwork(hidden, BATCH, phase, { features: width, masks: { granularity: 'nm', n: 2, m: 8, share: '8' } }), tuned: true, compared: false, ...(updatePeriod && { updatePeriod }) }),
  });
  const bdwp = { method: 'bdwp', updatePeriod: PERIOD, denseLast: true } as const;
  return {
    name: 'bdwp-step',
    title: `Training step of an MLP of ${layers} layers of ${width} x ${width} and a dense head, batch ${BATCH}, momentum: BDWP at 2:8, one pattern for 8 lines, masks chosen every ${PERIOD} steps reckoned in; against the dense network`,
    baseline: 'dense',
    contenders: [
      contender('dense', { format: 'masked', sparsity: { method: 'dense' } }),
      contender('nm', { format: 'nm', sparsity: bdwp }, PERIOD),
    ],
  };
}
