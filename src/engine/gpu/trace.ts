import { byteOffset, bytesOf, type DType, expectGridFits, type Grid, type Kernel, type Params, type ParamTable } from './kernel.ts';

/** Where a value lies: in a named buffer of a State, or in a region that is shared by liveness. */
export type Home = { kind: 'state'; buffer: string; offset: number } | { kind: 'transient' };

/** A typed array on the device, known by shape before it exists. `offset` and `length` count elements. */
export interface Value {
  id: number;
  name: string;
  dtype: DType;
  shape: readonly number[];
  length: number;
  home: Home;
}

/** One recorded kernel call. */
export interface Dispatch {
  label: string;
  kernel: Kernel;
  params: Params;
  slots: Readonly<Record<string, string>>;
  /** Bound values, in the order of the kernel's bindings. */
  values: readonly Value[];
}

/** A buffer that a program expects in the State it is bound to. */
export interface StateSpec {
  dtype: DType;
  length: number;
}

/** A recording of dispatches: no device is needed to make one. */
export interface Trace {
  readonly dispatches: readonly Dispatch[];
  readonly states: ReadonlyMap<string, StateSpec>;
  /** A named persistent buffer, declared at first use. @throws Error when declared before with another type or length. */
  state(buffer: string, dtype: DType, length: number): Value;
  /** A part of a State's buffer. `offset` in elements; must begin on a 256-byte boundary. */
  view(of: Value, name: string, offset: number, shape: readonly number[]): Value;
  /** The same elements under another shape. */
  reshape(of: Value, shape: readonly number[]): Value;
  transient(name: string, dtype: DType, shape: readonly number[]): Value;
  /** Records a kernel call. @throws Error naming the kernel, for missing bindings, wrong types, aliasing or failed checks. */
  dispatch<P extends ParamTable>(kernel: Kernel<P>, call: { label: string; params: Params<P>; bind: Readonly<Record<string, Value>>; slots?: Readonly<Record<string, string>> }): void;
}

/** WebGPU's offset alignment of storage bindings, in 4-byte elements. */
export const ALIGN = 64;

/** Number of elements of a shape; a scalar has shape []. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** An empty recording. @param firstId where a trace takes over values of another, the first id that those do not use. */
export function createTrace(firstId = 0): Trace {
  const dispatches: Dispatch[] = [];
  const states = new Map<string, StateSpec>();
  let ids = firstId;
  const value = (name: string, dtype: DType, shape: readonly number[], home: Home): Value =>
    ({ id: ids++, name, dtype, shape, length: sizeOf(shape), home });

  return {
    dispatches,
    states,
    state(buffer, dtype, length) {
      const known = states.get(buffer);
      if (known && (known.dtype !== dtype || known.length !== length)) {
        throw new Error(`State ${buffer} is ${known.dtype}[${known.length}], not ${dtype}[${length}].`);
      }
      states.set(buffer, { dtype, length });
      return value(buffer, dtype, [length], { kind: 'state', buffer, offset: 0 });
    },
    view(of, name, offset, shape) {
      if (of.home.kind !== 'state') throw new Error(`${name}: only a State's buffer can be viewed in parts.`);
      const at = of.home.offset + offset;
      if (byteOffset(of.dtype, at) % (4 * ALIGN) !== 0) throw new Error(`${name} begins at element ${at}, off the 256-byte boundary.`);
      if (offset + sizeOf(shape) > of.length) throw new Error(`${name} ends past ${of.name}.`);
      return value(name, of.dtype, shape, { kind: 'state', buffer: of.home.buffer, offset: at });
    },
    reshape(of, shape) {
      if (sizeOf(shape) !== of.length) throw new Error(`${of.name} has ${of.length} elements, shape [${shape.join()}] has ${sizeOf(shape)}.`);
      return { ...of, shape };
    },
    transient: (name, dtype, shape) => value(name, dtype, shape, { kind: 'transient' }),
    dispatch(kernel, { label, params, bind, slots = {} }) {
      const values = kernel.bindings.map((binding) => {
        const bound = bind[binding.name];
        if (!bound) throw new Error(`Kernel ${kernel.name} (${label}) got nothing for its binding ${binding.name}.`);
        if (bound.dtype !== binding.dtype && bound.dtype !== binding.or) throw new Error(`Kernel ${kernel.name} (${label}): ${binding.name} must be ${binding.dtype}, ${bound.name} is ${bound.dtype}.`);
        return bound;
      });
      const surplus = Object.keys(bind).find((name) => !kernel.bindings.some((b) => b.name === name));
      if (surplus) throw new Error(`Kernel ${kernel.name} (${label}) has no binding ${surplus}.`);
      const untyped = kernel as unknown as Kernel;
      refuseAliases(untyped, label, values);
      untyped.check?.(params, Object.fromEntries(kernel.bindings.map((b, i) => [b.name, values[i]?.length ?? 0])));
      expectGridFits(untyped, label, params);
      dispatches.push({ label, kernel: untyped, params, slots: { ...firstFillings(untyped), ...slots }, values });
    },
  };
}

const firstFillings = ({ slots = {} }: Kernel): Record<string, string> => Object.fromEntries(Object.entries(slots).flatMap(([slot, [first]]) => (first === undefined ? [] : [[slot, first]])));

/** The same bytes as whole u32 words, for kernels that move data whatever it means. */
export function asWords(v: Value): Value {
  const length = bytesOf(v.dtype, v.length) / 4;
  const home: Home = v.home.kind === 'state' ? { ...v.home, offset: byteRange(v).from / 4 } : v.home;
  return { ...v, dtype: 'u32', shape: [length], length, home };
}

/** Elements of a value that a dispatch binds, as a byte range of its home buffer. */
export function byteRange(v: Value): { from: number; to: number } {
  const from = v.home.kind === 'state' ? byteOffset(v.dtype, v.home.offset) : 0;
  return { from, to: from + bytesOf(v.dtype, v.length) };
}

/** The buffer a value shares with others, for aliasing: a State's buffer, or the transient itself. */
export function homeKey(v: Value): string {
  return v.home.kind === 'state' ? `state ${v.home.buffer}` : `transient ${v.id}`;
}

/** WebGPU forbids one buffer to be read-only and writable in one dispatch, and writable ranges to overlap. */
function refuseAliases(kernel: Kernel, label: string, values: readonly Value[]): void {
  values.forEach((a, i) => values.slice(0, i).forEach((b, j) => {
    if (homeKey(a) !== homeKey(b)) return;
    const [accessA, accessB] = [kernel.bindings[i]?.access, kernel.bindings[j]?.access];
    if (accessA === 'read' && accessB === 'read') return;
    const [ra, rb] = [byteRange(a), byteRange(b)];
    const overlap = ra.from < rb.to && rb.from < ra.to;
    if (accessA !== accessB || overlap) {
      throw new Error(`Kernel ${kernel.name} (${label}) would both read and write ${homeKey(a)}: bindings ${kernel.bindings[j]?.name} and ${kernel.bindings[i]?.name}.`);
    }
  }));
}

/** The grid of a dispatch under its kernel's base variant. */
export function baseGrid(d: Dispatch): Grid {
  return d.kernel.variants[0].grid(d.params);
}
