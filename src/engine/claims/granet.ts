import type { Claim, ClaimArm, ClaimPart } from './claim.ts';
import { FASHION_SETTING, fashionExperiment } from './fashion.ts';

const HIDDEN = [300, 100] as const;
const DENSITIES = [0.05, 0.02] as const;
/** What all updates share: one every 50 steps, exchanges begin with half of the weights, one threshold where weights are pruned. */
const PERIOD = { updatePeriod: 50 } as const;
const PRUNING = { updateStart: 0, updateEnd: 0.5, scope: 'global' } as const;
const EXCHANGE = { dropFraction: 0.5, distribution: 'erk' } as const;

const OTHERS = ['gmp', 'rigl', 'set', 'random'] as const;

const percent = (density: number): number => Math.round(100 * density);

function armsAt(density: number): ClaimArm[] {
  const arm = (title: string, preset: string, sparsity: Parameters<typeof fashionExperiment>[2]): ClaimArm =>
    ({ id: `${sparsity.method}-${percent(density)}`, title, experiment: fashionExperiment(preset, HIDDEN, { ...sparsity, density }) });
  return [
    arm('GraNet', 'granet-mnist', { method: 'granet', ...PERIOD, ...PRUNING, ...EXCHANGE, initialDensity: 0.5 }),
    arm('GMP', 'gmp-mnist', { method: 'gmp', ...PERIOD, ...PRUNING, initialDensity: 1 }),
    arm('RigL', 'rigl-mnist', { method: 'rigl', ...PERIOD, ...EXCHANGE }),
    arm('SET', 'set-mnist', { method: 'set', ...PERIOD, ...EXCHANGE }),
    arm('random mask', 'random-mnist', { method: 'random', distribution: EXCHANGE.distribution }),
  ];
}

function partAt(density: number): ClaimPart {
  const id = (method: string): string => `${method}-${percent(density)}`;
  return {
    title: `${percent(density)} % density`,
    comparison: { kind: 'best', arm: id('granet'), against: OTHERS.map(id) },
    check: { dense: 'dense', target: 0.8, control: id('random') },
  };
}

/** Pruning with regrowth is better than pruning, regrowth or a fixed mask alone. */
export const granet: Claim = {
  id: 'granet',
  title: 'GraNet: pruning and regrowing at once',
  sentence: 'Gradual pruning with regrowth of as many weights (GraNet, from half of the weights) ends more accurate than gradual pruning alone (GMP), than exchange at a fixed density (RigL, SET) and than a fixed random mask, at 5 % and at 2 % of the weights.',
  paper: {
    title: 'Sparse Training via Boosting Pruning Plasticity with Neuroregeneration',
    authors: 'Liu, Chen, Chen, Atashgahi, Yin, Kou, Shen, Pechenizkiy, Wang, Mocanu',
    year: 2021,
    url: 'https://arxiv.org/abs/2106.10404',
  },
  arms: [
    { id: 'dense', title: 'dense', experiment: fashionExperiment('dense-mnist', HIDDEN, { method: 'dense' }) },
    ...DENSITIES.flatMap(armsAt),
  ],
  metric: 'accuracy',
  parts: DENSITIES.map(partAt),
  delta: 0.005,
  margin: 0.01,
  seeds: 5,
  setting: `${FASHION_SETTING}, MLP 784-300-100-10`,
  tuning: 'Equal settings, not tuned.',
};
