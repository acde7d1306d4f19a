import type { Knob, KnobTable } from '../experiment/card.ts';
import { denseLayerKnobs, densityKnob } from './knobs.ts';

/** Knobs of methods that keep a dense master: what is kept where no pattern says so, the dense beginning, and how often the mask is chosen anew. */
export function masterKnobs(denseShare: number, updatePeriod: number): KnobTable {
  return {
    // A pattern of N to M has a density of its own.
    density: { ...densityKnob(0.25, false), where: { path: 'masks.granularity', is: ['weight', 'block', 'kernel', 'channel'] } },
    denseShare: {
      kind: 'number', min: 0, max: 1, default: denseShare,
      label: 'Dense beginning', help: 'Share of the phase, at its beginning, in which all weights are seen.',
    },
    updatePeriod: {
      kind: 'integer', min: 1, max: 10_000, default: updatePeriod, log: true, live: true, unit: 'steps',
      label: 'Update every', help: 'Steps between two choices of the mask.',
    },
    ...denseLayerKnobs,
  };
}

/** The end of a phase in which weights outside the mask are hidden for good. */
export function fineTuneKnob(initial: number): Knob {
  return { kind: 'number', min: 0, max: 1, default: initial, label: 'Fine-tuning', help: 'Share of the phase, at its end, that trains with the final pattern alone.' };
}

/** The pull on weights outside the mask, of SR-STE and its kin. */
export function pullKnob(initial: number): Knob {
  return { kind: 'number', min: 1e-7, max: 0.1, default: initial, log: true, live: true, label: 'Pull to 0', help: 'Added to the gradient of weights outside the mask, times the weight; 2e-4 in the paper.' };
}

/** Knobs whose words all these methods share. */
export const MASTER_FIDELITY = 'The mask is chosen every so many steps, after the step; the authors\' code chooses it in every forward pass, which a period of 1 comes closest to.';

/** How sparsity is decayed to N:M (SdGf): N shrinks, or M does while their ratio stays. */
export const PATTERN_DECAYS = { stepwise: true, geometric: true } as const;
