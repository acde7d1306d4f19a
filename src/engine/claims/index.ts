import { bdwp } from './bdwp.ts';
import type { Claim } from './claim.ts';
import { gradientFlow } from './gradientFlow.ts';
import { granet } from './granet.ts';
import { nmMoby } from './nmMoby.ts';
import { randomPruning } from './randomPruning.ts';

/** All claims by id. A new claim is one file and one line here. */
export const CLAIMS: Readonly<Record<string, Claim>> = {
  'random-pruning': randomPruning,
  granet,
  'gradient-flow': gradientFlow,
  bdwp,
  'nm-moby': nmMoby,
};
