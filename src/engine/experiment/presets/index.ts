import { aspMoby } from './aspMoby.ts';
import { astMoby } from './astMoby.ts';
import { bdwpFashion } from './bdwpFashion.ts';
import { bdwpMoby } from './bdwpMoby.ts';
import { denseMnist } from './denseMnist.ts';
import { denseMoby } from './denseMoby.ts';
import { denseThenPruneMnist } from './denseThenPruneMnist.ts';
import { gmpMnist } from './gmpMnist.ts';
import { granetD2sMnist } from './granetD2sMnist.ts';
import { granetMnist } from './granetMnist.ts';
import { helloMnist } from './helloMnist.ts';
import { lotteryMnist } from './lotteryMnist.ts';
import { mdgfFashion } from './mdgfFashion.ts';
import { mdgfMoby } from './mdgfMoby.ts';
import { randomMnist } from './randomMnist.ts';
import { riglBlockMnist } from './riglBlockMnist.ts';
import { riglFashionCnn } from './riglFashionCnn.ts';
import { riglMnist } from './riglMnist.ts';
import { riglMoons } from './riglMoons.ts';
import { sdgfFashion } from './sdgfFashion.ts';
import { sdgfMoby } from './sdgfMoby.ts';
import { setMnist } from './setMnist.ts';
import { snipMnist } from './snipMnist.ts';
import { sparseThenDenseMnist } from './sparseThenDenseMnist.ts';
import { srSteFashion } from './srSteFashion.ts';
import { srSteMoby } from './srSteMoby.ts';
import { staticMoby } from './staticMoby.ts';
import { steMoby } from './steMoby.ts';
import { transposableMoby } from './transposableMoby.ts';
import type { Preset } from './preset.ts';

export type { Preset, PresetMetric, Recorded } from './preset.ts';

/** All presets by id, in the order of the menu. A new preset is one file and one line here. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  'hello-mnist': helloMnist,
  'dense-mnist': denseMnist,
  'random-mnist': randomMnist,
  'set-mnist': setMnist,
  'rigl-mnist': riglMnist,
  'gmp-mnist': gmpMnist,
  'granet-mnist': granetMnist,
  'granet-d2s-mnist': granetD2sMnist,
  'snip-mnist': snipMnist,
  'rigl-moons': riglMoons,
  'dense-then-prune-mnist': denseThenPruneMnist,
  'sparse-then-dense-mnist': sparseThenDenseMnist,
  'lottery-mnist': lotteryMnist,
  'rigl-fashion-cnn': riglFashionCnn,
  'rigl-block-mnist': riglBlockMnist,
  'sr-ste-fashion': srSteFashion,
  'mdgf-fashion': mdgfFashion,
  'sdgf-fashion': sdgfFashion,
  'bdwp-fashion': bdwpFashion,
  'dense-moby': denseMoby,
  'static-moby': staticMoby,
  'ste-moby': steMoby,
  'sr-ste-moby': srSteMoby,
  'transposable-moby': transposableMoby,
  'asp-moby': aspMoby,
  'mdgf-moby': mdgfMoby,
  'sdgf-moby': sdgfMoby,
  'bdwp-moby': bdwpMoby,
  'ast-moby': astMoby,
};

/** The preset of an empty link. */
export const DEFAULT_PRESET: Preset = helloMnist;

/** The preset with this id; throws a RangeError that lists the known ones. */
export function findPreset(id: string): Preset {
  const found = Object.hasOwn(PRESETS, id) ? PRESETS[id] : undefined;
  if (found) return found;
  throw new RangeError(`unknown preset "${id}"; known: ${Object.keys(PRESETS).join(', ')}`);
}
