import * as fc from 'fast-check';
import { MAX_POINTS, writePoints } from '../sparsity/points.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import type { Knob, KnobTable } from './card.ts';
import type { Experiment } from './experiment.ts';
import { parseExperiment, phaseAt } from './parse.ts';
import { PRESETS } from './presets/index.ts';
import { BESIDE_KNOBS, DATA_KNOBS, liveKnobs, MASKS_KNOBS, MODEL_KNOBS, OPTIMIZER_KNOBS, PHASE_KNOBS, TOP_KNOBS } from './schema.ts';

/** Values that a knob allows, its bounds and default often among them. */
export function arbitraryValue(knob: Knob): fc.Arbitrary<unknown> {
  switch (knob.kind) {
    case 'number':
      return fc.oneof(fc.constantFrom(knob.min, knob.max, knob.default), fc.double({ min: knob.min, max: knob.max, noNaN: true }).map((x) => x + 0));
    case 'integer':
      return fc.oneof(fc.constantFrom(knob.min, knob.max, knob.default), fc.integer({ min: knob.min, max: knob.max }));
    case 'choice':
      return fc.constantFrom(...knob.options);
    case 'flag':
      return fc.boolean();
    case 'widths':
      // Six layers of 1500 units stay below the limit on parameters, ten channels at any batch below that on activations.
      return fc.array(fc.integer({ min: 1, max: knob.max > 1500 ? 1500 : 10 }), { maxLength: 6 });
    case 'points':
      return fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1000 * knob.min, max: 1000 })), { maxLength: MAX_POINTS }).map((pairs) => {
        const up = pairs.map(([at]) => at / 1000).toSorted((a, b) => a - b);
        const densities = pairs.map(([, density]) => density / 1000);
        if (knob.falls) densities.sort((a, b) => b - a);
        return writePoints(up.map((at, i) => ({ at, density: densities[i]! })));
      });
  }
}

function arbitraryTable(table: KnobTable): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(Object.entries(table).map(([key, knob]) => [key, arbitraryValue(knob)])));
}

const arbitrarySparsity = fc.constantFrom(...Object.values(METHODS)).chain(({ card }) => arbitraryTable(card.knobs).map((knobs) => ({ method: card.id, ...knobs })));

const arbitraryPhase = fc.tuple(arbitraryTable(PHASE_KNOBS), arbitraryTable(OPTIMIZER_KNOBS), arbitrarySparsity)
  .map(([phase, optimizer, sparsity]) => ({ ...phase, optimizer, sparsity }));

const withoutEdits = fc.record({
  version: fc.constant(1 as const),
  preset: fc.constantFrom(...Object.keys(PRESETS)),
  top: arbitraryTable(TOP_KNOBS),
  data: arbitraryTable(DATA_KNOBS),
  model: arbitraryTable(MODEL_KNOBS),
  masks: arbitraryTable(MASKS_KNOBS),
  phases: fc.array(arbitraryPhase, { minLength: 1, maxLength: 4 }),
  beside: arbitraryTable(BESIDE_KNOBS),
  edits: fc.constant([]),
}).map(({ top, ...rest }) => ({ ...rest, ...top }) as unknown as Experiment);

/** Valid experiments, a few edits among them. */
export const arbitraryExperiment: fc.Arbitrary<Experiment> = withoutEdits.chain((experiment) => {
  const total = experiment.phases.reduce((sum, phase) => sum + phase.steps, 0);
  const edit = fc.integer({ min: 0, max: total }).chain((step) => {
    const live = [...liveKnobs(phaseAt(experiment.phases, step))];
    return fc.constantFrom(...live).chain(([path, knob]) => arbitraryValue(knob).map((value) => ({ step, path, value })));
  });
  return fc.array(edit, { maxLength: 6 }).map((edits) => parseExperiment({ ...experiment, edits }).experiment);
});
