import { grid1d, type Grid } from '../gpu/kernel.ts';

/** Workgroups for a thread for each row and 16 examples; see lib/span.wgsl. */
export const spanGrid = (rows: number, batch: number): Grid => grid1d(rows * Math.ceil(batch / 16));

/** @throws Error naming kernel and binding where a bound length is not what the params say. */
export function expectLengths(kernel: string, bound: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): void {
  for (const [name, length] of Object.entries(wanted)) {
    if (bound[name] !== length) throw new Error(`Kernel ${kernel}: ${name} has ${bound[name]} elements, its params ask for ${length}.`);
  }
}
