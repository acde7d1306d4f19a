import { bytesOf, type Grid } from './kernel.ts';
import type { Program } from './program.ts';
import { byteRange, type Value } from './trace.ts';

/** One buffer of a dispatch, as it is bound. */
export interface ExplainedBuffer {
  /** Name of the binding in the kernel. */
  binding: string;
  /** Name of the value bound to it. */
  name: string;
  access: 'read' | 'write';
  bytes: number;
  /** Where it lies: `params @ 0` is byte 0 of a State's buffer, `region 1 @ 256` a transient. */
  where: string;
}

/** One dispatch. */
export interface ExplainedDispatch {
  label: string;
  kernel: string;
  variant: string;
  grid: Grid;
  buffers: readonly ExplainedBuffer[];
  bytes: number;
  flops: number;
}

/** What a program does, and what it holds; the source of the cost panel, of reports and of golden files. */
export interface Explanation {
  name: string;
  dispatches: readonly ExplainedDispatch[];
  totals: {
    dispatches: number;
    bytes: number;
    flops: number;
    /** Bytes of the State buffers that the program binds. */
    stateBytes: number;
    /** Bytes of its transients as planned, and what one buffer a value would need. */
    transientBytes: number;
    unsharedBytes: number;
    regions: readonly number[];
  };
}

/**
 * Every dispatch of a program. Bytes are by one rule: the sum of the bound ranges, each once, read or written. A value
 * that a kernel reads and writes counts once, as written; one that it binds but does not look at counts too; caches,
 * and elements that are read more than once, do not. FLOPs are those of the kernel's declaration, where a multiply and
 * an add are two.
 */
export function explainProgram(program: Program): Explanation {
  const dispatches = program.dispatches.map((d, at): ExplainedDispatch => {
    const variant = program.chosen[at] ?? d.kernel.variants[0];
    const buffers = d.values.map((v, i): ExplainedBuffer => {
      const binding = d.kernel.bindings[i];
      return { binding: binding?.name ?? '', name: v.name, access: binding?.access ?? 'read', bytes: bytesOf(v.dtype, v.length), where: whereOf(program, v) };
    });
    return { label: d.label, kernel: d.kernel.name, variant: variant.name, grid: variant.grid(d.params), buffers, bytes: sum(buffers.map((b) => b.bytes)), flops: d.kernel.work(d.params).flops };
  });
  const { plan } = program;
  return {
    name: program.name,
    dispatches,
    totals: {
      dispatches: dispatches.length,
      bytes: sum(dispatches.map((d) => d.bytes)),
      flops: sum(dispatches.map((d) => d.flops)),
      stateBytes: sum([...program.states.values()].map((spec) => bytesOf(spec.dtype, spec.length))),
      transientBytes: plan.bytes,
      unsharedBytes: plan.unsharedBytes,
      regions: plan.regions,
    },
  };
}

/** The same as text, one line a dispatch and one a buffer; equal programs give equal text. */
export function formatExplanation({ name, dispatches, totals }: Explanation): string {
  const lines = dispatches.flatMap((d, at) => [
    `${String(at + 1).padStart(3)}  ${d.label}: ${d.kernel}/${d.variant}  grid ${d.grid.join('x')}  ${count(d.bytes)} B  ${count(d.flops)} FLOP`,
    ...d.buffers.map((b) => `       ${b.access.padEnd(5)} ${b.binding} = ${b.name}  ${count(b.bytes)} B  ${b.where}`),
  ]);
  return [
    `program ${name}`,
    ...lines,
    `total ${totals.dispatches} dispatches  ${count(totals.bytes)} B  ${count(totals.flops)} FLOP`,
    `state ${count(totals.stateBytes)} B`,
    `transients ${count(totals.transientBytes)} B in ${totals.regions.length} regions (${totals.regions.map(count).join(' + ') || '0'}), ${count(totals.unsharedBytes)} B unshared`,
    '',
  ].join('\n');
}

function whereOf(program: Program, v: Value): string {
  if (v.home.kind === 'state') return `${v.home.buffer} @ ${byteRange(v).from}`;
  const slot = program.plan.slots.get(v.id);
  return `region ${slot?.region ?? 0} @ ${slot?.offset ?? 0}`;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Thousands by commas, whatever the system's language is. */
const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
