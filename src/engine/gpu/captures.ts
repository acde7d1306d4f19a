import type { Kernel } from './kernel.ts';
import { asWords, byteRange, createTrace, type Dispatch, homeKey, type Trace, type Value } from './trace.ts';

/** State buffer that a captured value is copied to. */
export const captureName = (name: string): string => `capture.${name}`;

/**
 * A new trace that also copies values out, each into the State buffer `capture.<name>`, after the last dispatch that
 * writes it; a State's value that nothing writes is copied before the first. The copies only read, so bits do not change.
 * @param wanted values, or names of values that the trace binds.
 * @param copy a kernel with bindings `x` (read) and `y` (write) of u32 and a param `n`: `copyWords`, which is handed in
 *   because kernels stand above this layer.
 * @throws Error for an unknown name (listing the known ones), or a name that two values share.
 */
export function withCaptures(trace: Trace, wanted: readonly (string | Value)[], copy: Kernel): Trace {
  const values = trace.dispatches.flatMap((d) => d.values);
  const captured = new Map(wanted.map((w) => [typeof w === 'string' ? w : w.name, typeof w === 'string' ? findValue(values, w) : w]));
  const result = createTrace(values.reduce((max, v) => Math.max(max, v.id), -1) + 1);
  for (const [name, spec] of trace.states) result.state(name, spec.dtype, spec.length);
  const copyOut = (name: string, v: Value): void => {
    const x = asWords(v);
    const y = asWords(result.state(captureName(name), v.dtype, v.length));
    result.dispatch(copy, { label: `capture ${name}`, params: { n: x.length }, bind: { x, y } });
  };
  const due = [...captured].map(([name, v]) => ({ name, v, after: trace.dispatches.findLastIndex((d) => writesTo(d, v)) }));
  const copyAll = (at: number): void => due.filter(({ after }) => after === at).forEach(({ name, v }) => copyOut(name, v));
  copyAll(-1);
  trace.dispatches.forEach((d, at) => {
    const bind = Object.fromEntries(d.kernel.bindings.map((b, i) => [b.name, d.values[i] as Value]));
    result.dispatch(d.kernel, { label: d.label, params: d.params, bind, slots: d.slots });
    copyAll(at);
  });
  return result;
}

function findValue(values: readonly Value[], name: string): Value {
  const found = values.filter((v) => v.name === name);
  const first = found[0];
  if (!first) throw new Error(`The trace has no value ${name}; it has ${[...new Set(values.map((v) => v.name))].join(', ')}.`);
  if (found.some((v) => placeOf(v) !== placeOf(first))) throw new Error(`Several values of the trace are called ${name}; name the value itself.`);
  return first;
}

/** Equal for values that are the same bytes. */
function placeOf(v: Value): string {
  const { from, to } = byteRange(v);
  return `${homeKey(v)} ${from} ${to}`;
}

function writesTo(d: Dispatch, v: Value): boolean {
  const { from, to } = byteRange(v);
  return d.values.some((other, i) => {
    const range = byteRange(other);
    return d.kernel.bindings[i]?.access === 'write' && homeKey(other) === homeKey(v) && range.from < to && from < range.to;
  });
}
