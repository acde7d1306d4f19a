import { datasetCard } from '../../engine/data/cards.ts';
import type { Preset } from '../../engine/experiment/presets/index.ts';
import type { MethodId } from '../../engine/sparsity/methods/index.ts';

/** Families of presets, in the order of the gallery. */
export const FAMILIES = {
  baselines: { title: 'Baselines', sentence: 'What a sparse network is measured against.' },
  pruning: { title: 'Prune while training', sentence: 'Begin with all weights, and remove some.' },
  moving: { title: 'Masks that move', sentence: 'Sparse from the first step to the last; weights leave, others enter.' },
  before: { title: 'Pruned before training', sentence: 'The mask is found first, and stays.' },
  patterns: { title: 'N of M', sentence: 'Of every few neighbours a fixed number is seen; the dense weights behind them go on training.' },
  text: { title: 'Text', sentence: 'A transformer learns a book by its characters, dense or with N of M weights.' },
  phases: { title: 'Phases', sentence: 'Training in stretches: dense then sparse, sparse then dense, rewound.' },
} as const;

/** Name of a family. */
export type FamilyId = keyof typeof FAMILIES;

/** A new method does not compile without a family. */
const METHOD_FAMILIES: Readonly<Record<MethodId, FamilyId>> = {
  dense: 'baselines', random: 'baselines', gmp: 'pruning', 'one-shot': 'pruning', granet: 'moving', set: 'moving', rigl: 'moving', snfs: 'moving',
  snip: 'before', grasp: 'before', synflow: 'before', imp: 'phases',
  asp: 'patterns', ste: 'patterns', 'sr-ste': 'patterns', mdgf: 'patterns', sdgf: 'patterns', bdwp: 'patterns', ast: 'patterns',
};

/** The family of a preset: text where it reads one, else that of its method, or phases where it has several. */
export function familyOf({ experiment: { data, phases } }: Pick<Preset, 'experiment'>): FamilyId {
  if (datasetCard(data.set)?.text) return 'text';
  return phases.length > 1 ? 'phases' : METHOD_FAMILIES[phases[0]!.sparsity.method as MethodId];
}
