import type { Kernel } from '../gpu/kernel.ts';
import * as attention from './attention.ts';
import * as block from './block.ts';
import * as csr from './csr.ts';
import * as conv from './conv.ts';
import * as data from './data.ts';
import * as elementwise from './elementwise.ts';
import * as embedding from './embedding.ts';
import * as gradientMeter from './gradientMeter.ts';
import * as groups from './groups.ts';
import * as linear from './linear.ts';
import * as look from './look.ts';
import * as loss from './loss.ts';
import * as mask from './mask.ts';
import * as nm from './nm.ts';
import * as norm from './norm.ts';
import * as optimizers from './optimizers.ts';
import * as pattern from './pattern.ts';
import * as picture from './picture.ts';
import * as pool from './pool.ts';
import * as position from './position.ts';
import * as select from './select.ts';
import * as step from './step.ts';

const FAMILIES = [
  attention, block, conv, csr, data, elementwise, embedding, gradientMeter, groups, linear, look, loss, mask, nm, norm, optimizers, pattern, picture, pool, position, select, step,
];

/** Every kernel by name; the contract test, the self-test and the parity tests walk it. */
export const KERNELS: ReadonlyMap<string, Kernel> = new Map(
  FAMILIES.flatMap((family) => Object.values(family as Record<string, unknown>).filter(isKernel)).map((k) => [k.name, k]),
);

function isKernel(value: unknown): value is Kernel {
  return typeof value === 'object' && value !== null && 'bindings' in value && 'variants' in value;
}
