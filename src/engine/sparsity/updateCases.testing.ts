import { defaultKnobs } from './knobs.ts';
import type { KnobValue } from '../experiment/card.ts';
import { type Select, type Shapes, SHAPES } from './gpuUpdate.testing.ts';
import type { LayerShape, MaskPlan, Method } from './method.ts';
import { METHODS } from './methods/index.ts';
import { choosesAnew } from './outside.ts';

/** All ways to select, each of which must agree. */
export const EVERY_SELECTION: readonly Select[] = ['rank', 'radix', 'radix, counts in the workgroup'];
/** Rules of most updates: layer by layer, the dropped may return, from 0. */
export const LAYER = { scope: 'layer', regrowAllowed: true, keepValueOnRegrow: false } as const;

/** Length of a plan, in steps: each may be an update. */
export const UPDATES = 40;
/** May the dropped return, and do they keep their value? */
export const FLAGS = [true, false].flatMap((regrowAllowed) => [true, false].map((keepValueOnRegrow) => ({ regrowAllowed, keepValueOnRegrow })));
/** One-shot pruning by the score of SNIP, whose masks are found before training. */
export const bySensitivity: Method = { ...METHODS['one-shot'], update: (moves) => moves.drop('sensitivity') };
/** The same by the score of GraSP. */
export const byCurvature: Method = { ...METHODS['one-shot'], update: (moves) => moves.drop('curvature') };
const ALL: Record<string, Method> = { ...METHODS, 'one-shot by sensitivity': bySensitivity, 'one-shot by curvature': byCurvature };
/** All methods that have updates; of those that choose their mask anew, whose update is the same, one. */
export const UPDATING = Object.entries(ALL).filter(([id, method]) => method.update && (id === 'ste' || !choosesAnew(method)));

/** Where a method's updates may select: what chooses anew goes layer by layer. */
export const scopesOf = (method: Method): readonly ('layer' | 'global')[] => (choosesAnew(method) ? ['layer'] : ['layer', 'global']);

/** The sum of all. */
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The same layers as a plan is given them. */
export const shapesOf = (shapes: Shapes): LayerShape[] => shapes.map(([out, ...inputs], i) => ({
  name: `fc${i + 1}`, out, in: inputs.reduce((a, b) => a * b, 1), ...(inputs.length === 3 && { kernel: [inputs[1]!, inputs[2]!] as [number, number] }),
}));

/** A method's plan with all but `knobs` as on its card. */
export function planOf(method: Method, knobs: Record<string, KnobValue>, layers = shapesOf(SHAPES)): MaskPlan {
  return method.plan({ layers, steps: UPDATES, knobs: { ...defaultKnobs(method.card.knobs), ...knobs } });
}

/** Settings by which a method's updates have a scope; SNFS goes over all layers where it redistributes. */
export function scopeKnobs({ card }: Method, scope: 'layer' | 'global'): Record<string, KnobValue> {
  if ('redistribute' in card.knobs) return { redistribute: scope === 'global' };
  return 'scope' in card.knobs ? { scope } : {};
}
