import type { Method } from '../method.ts';
import { asp } from './asp.ts';
import { ast } from './ast.ts';
import { bdwp } from './bdwp.ts';
import { dense } from './dense.ts';
import { gmp } from './gmp.ts';
import { granet } from './granet.ts';
import { grasp } from './grasp.ts';
import { imp } from './imp.ts';
import { mdgf } from './mdgf.ts';
import { oneShot } from './oneShot.ts';
import { random } from './random.ts';
import { rigl } from './rigl.ts';
import { sdgf } from './sdgf.ts';
import { set } from './set.ts';
import { snfs } from './snfs.ts';
import { snip } from './snip.ts';
import { srSte } from './srSte.ts';
import { ste } from './ste.ts';
import { synflow } from './synflow.ts';

/** All methods by id. A new method is one file and one line here. */
export const METHODS = {
  dense,
  random,
  'one-shot': oneShot,
  gmp,
  set,
  rigl,
  granet,
  snfs,
  snip,
  grasp,
  synflow,
  imp,
  asp,
  ste,
  'sr-ste': srSte,
  mdgf,
  sdgf,
  bdwp,
  ast,
} as const satisfies Record<string, Method>;

/** Id of a method, as in `sparsity.method`. */
export type MethodId = keyof typeof METHODS;

/** The method with this id; throws a RangeError that lists the known ones. */
export function findMethod(id: string): Method {
  if (Object.hasOwn(METHODS, id)) return METHODS[id as MethodId];
  throw new RangeError(`unknown method "${id}"; known: ${Object.keys(METHODS).join(', ')}`);
}
