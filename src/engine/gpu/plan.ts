import { bytesOf } from './kernel.ts';
import type { Trace, Value } from './trace.ts';

/** Where a transient lies: byte `offset` of region `region`. */
export interface Slot {
  region: number;
  offset: number;
  bytes: number;
  /** First and last dispatch that touch it. */
  first: number;
  last: number;
}

/** Places for all transients of a trace. */
export interface Plan {
  slots: ReadonlyMap<number, Slot>;
  /** Bytes of each region. */
  regions: readonly number[];
  /** Sum over the regions. */
  bytes: number;
  /** What one buffer a value would need. */
  unsharedBytes: number;
}

/** How to place transients. */
export interface PlanOptions {
  /** False only in tests and when a fault of the planner is suspected; true where absent. */
  share?: boolean;
}

const ALIGN_BYTES = 256;

/**
 * Plans transients by liveness. Values that are not alive together share bytes; values that one dispatch reads and
 * writes lie in different regions, because WebGPU tracks read-only and writable use per buffer, not per range.
 * @param options `share: false` gives each value a region of its own: what a shared plan is tested against.
 * @throws Error when a transient is read before anything wrote it.
 */
export function planTransients(trace: Trace, options: PlanOptions = {}): Plan {
  const spans = liveSpans(trace);
  const regionOf = options.share === false ? new Map([...spans.keys()].map((id, i) => [id, i])) : colourByAccess(trace, spans);
  const slots = new Map<number, Slot>();
  const regions: number[] = [];
  // Large values first: they leave fewer holes (first-fit decreasing).
  const order = [...spans.values()].sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  for (const span of order) {
    const region = regionOf.get(span.id) ?? 0;
    const taken = order
      .map((other) => ({ other, slot: slots.get(other.id) }))
      .filter(({ other, slot }) => slot?.region === region && other.first <= span.last && span.first <= other.last)
      .map(({ slot }) => slot as Slot)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const slot of taken) {
      if (offset + span.bytes <= slot.offset) break;
      offset = Math.max(offset, slot.offset + slot.bytes);
    }
    slots.set(span.id, { region, offset, bytes: span.bytes, first: span.first, last: span.last });
    regions[region] = Math.max(regions[region] ?? 0, offset + span.bytes);
  }
  for (let i = 0; i < regions.length; i++) regions[i] ??= 0;
  return {
    slots,
    regions,
    bytes: regions.reduce((a, b) => a + b, 0),
    unsharedBytes: order.reduce((sum, span) => sum + span.bytes, 0),
  };
}

interface Span {
  id: number;
  bytes: number;
  first: number;
  last: number;
}

function liveSpans(trace: Trace): Map<number, Span> {
  const spans = new Map<number, Span>();
  trace.dispatches.forEach((d, at) => d.values.forEach((v, i) => {
    if (v.home.kind !== 'transient') return;
    const span = spans.get(v.id);
    if (span) span.last = at;
    else if (d.kernel.bindings[i]?.access === 'read') throw new Error(`${v.name} is read by ${d.kernel.name} (${d.label}) before anything wrote it.`);
    else spans.set(v.id, { id: v.id, bytes: align(bytesOf(v.dtype, v.length)), first: at, last: at });
  }));
  return spans;
}

/** Greedy colouring: a value takes the first region that none of its read/write opponents has. */
function colourByAccess(trace: Trace, spans: ReadonlyMap<number, Span>): Map<number, number> {
  const opponents = new Map<number, Set<number>>([...spans.keys()].map((id) => [id, new Set<number>()]));
  for (const d of trace.dispatches) {
    const transient = (access: 'read' | 'write'): Value[] =>
      d.values.filter((v, i) => v.home.kind === 'transient' && d.kernel.bindings[i]?.access === access);
    for (const written of transient('write')) for (const read of transient('read')) {
      opponents.get(written.id)?.add(read.id);
      opponents.get(read.id)?.add(written.id);
    }
  }
  const regionOf = new Map<number, number>();
  for (const [id, others] of opponents) {
    const used = new Set([...others].map((other) => regionOf.get(other)));
    let region = 0;
    while (used.has(region)) region++;
    regionOf.set(id, region);
  }
  return regionOf;
}

const align = (bytes: number): number => Math.ceil(bytes / ALIGN_BYTES) * ALIGN_BYTES;
