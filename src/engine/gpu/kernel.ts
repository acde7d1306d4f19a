/** What a buffer holds. A bitset has 32 flags a u32 word, flag j of word w stands for element 32 w + j. */
export type DType = 'f32' | 'f16' | 'u32' | 'bits';

/** Bits of an element. */
const BITS = { f32: 32, f16: 16, u32: 32, bits: 1 } as const satisfies Record<DType, number>;

/** One storage binding of a kernel, in the order of `@group(1) @binding(1)`, `@binding(2)`, ... */
export interface Binding {
  name: string;
  dtype: DType;
  /** Another type that may be bound; the dispatch then fills a slot of the shader with it. */
  or?: DType;
  /** `read`, or `write` for anything that the kernel changes (WGSL `read_write`). */
  access: 'read' | 'write';
}

/** A binding that the kernel only reads. */
export const reads = (name: string, dtype: DType = 'f32'): Binding => ({ name, dtype, access: 'read' });
/** A binding that the kernel changes. */
export const writes = (name: string, dtype: DType = 'f32'): Binding => ({ name, dtype, access: 'write' });

/** The fields of `struct Params`, in order: four bytes each. */
export type ParamTable = Readonly<Record<string, 'u32' | 'f32'>>;
/** Values for one dispatch; u32 fields are checked to be whole numbers in range. */
export type Params<P extends ParamTable = ParamTable> = { readonly [key in keyof P]: number };

/** Workgroups to start. */
export type Grid = readonly [x: number, y: number, z: number];

/** Work of one dispatch by the rule of docs/performance.md: a multiply and an add are two FLOPs. */
export interface Work {
  flops: number;
}

/** Another way to compute the same bits; the first variant of a kernel is its base, eligible for every shape. */
export interface Variant<P extends ParamTable = ParamTable> {
  name: string;
  /** Shader file; the kernel's own name where absent. */
  file?: string;
  consts?: Readonly<Record<string, number>>;
  grid(params: Params<P>): Grid;
  /** True for shapes that this variant can take; absent means all. */
  eligible?(params: Params<P>): boolean;
  /** Only for devices whose subgroups have exactly so many threads. */
  lanes?: number;
  /** Only for graphics cards: software drivers take long to compile it, and run it slowly. */
  hardware?: true;
}

/** What the choice of variants asks of a device. */
export interface VariantFacts {
  /** Threads of a subgroup, 0 where that is not guaranteed. */
  lanes: number;
  software: boolean;
}

/**
 * The declaration of one shader: what it binds, which numbers it takes, how many workgroups it needs.
 * Everything that differs between shapes is in the params, so that one pipeline serves many shapes.
 */
export interface Kernel<P extends ParamTable = ParamTable> {
  name: string;
  bindings: readonly Binding[];
  params: P;
  /** Slots of the shader and the lib files that may fill them; a dispatch that does not choose gets the first. */
  slots?: Readonly<Record<string, readonly string[]>>;
  /** Throws where lengths and params do not fit; gets the bound element counts by binding name. */
  check?(params: Params<P>, lengths: Readonly<Record<string, number>>): void;
  work(params: Params<P>): Work;
  variants: readonly [Variant<NoInfer<P>>, ...Variant<NoInfer<P>>[]];
}

/** Declares a kernel; only here so that the params type is inferred. */
export function kernel<const P extends ParamTable>(declaration: Kernel<P>): Kernel<P> {
  return declaration;
}

/** The variants beside the base that a device can run at these params. */
export function candidates(k: Kernel, params: Params, facts: VariantFacts): Variant[] {
  return k.variants.slice(1).filter((v) => runsOn(v, facts) && (v.eligible?.(params) ?? true) && fitsDevice(v.grid(params)));
}

/** True where no dimension has more workgroups than every WebGPU device can start. */
export function fitsDevice(grid: Grid): boolean {
  return grid.every((groups) => groups <= MAX_GROUPS);
}

/** @throws Error naming kernel and label where the base variant would need more workgroups than a dimension may have. */
export function expectGridFits(k: Kernel, label: string, params: Params): void {
  const grid = k.variants[0].grid(params);
  if (fitsDevice(grid)) return;
  throw new Error(`Kernel ${k.name} (${label}) needs ${grid.join(' x ')} workgroups; a dimension may have ${MAX_GROUPS}. Make it smaller: ${JSON.stringify(params)}.`);
}

/** True where the device has what the variant needs, and it may be worth trying. */
export function runsOn(variant: Pick<Variant, 'lanes' | 'hardware'>, { lanes, software }: VariantFacts): boolean {
  return (variant.lanes === undefined || variant.lanes === lanes) && !(variant.hardware && software);
}

/** Most workgroups that one dimension may have under the default limits. */
const MAX_GROUPS = 65535;

/** Workgroups for n threads in groups of `size`, folded into y where x would pass the limit (see lib/index.wgsl). */
export function grid1d(n: number, size = 64): Grid {
  const groups = Math.max(1, Math.ceil(n / size));
  if (groups <= MAX_GROUPS) return [groups, 1, 1];
  const y = Math.ceil(groups / MAX_GROUPS);
  return [Math.ceil(groups / y), y, 1];
}

/** Workgroups for a matrix cut into tiles of `tileX` by `tileY` elements. Not folded: tracing refuses what passes the limit. */
export function grid2d(x: number, y: number, tileX: number, tileY: number): Grid {
  return [Math.max(1, Math.ceil(x / tileX)), Math.max(1, Math.ceil(y / tileY)), 1];
}

/** Bytes before element `n`. */
export const byteOffset = (dtype: DType, n: number): number => (n * BITS[dtype]) / 8;

/** Bytes of n elements, rounded up to whole words; at least one word, since WebGPU binds no empty buffer. */
export function bytesOf(dtype: DType, n: number): number {
  return 4 * Math.max(1, Math.ceil(byteOffset(dtype, n) / 4));
}

/** Bytes of a kernel's params in the uniform buffer: four a field, rounded up to 16. */
export function paramBytes(k: Kernel): number {
  return Math.max(16, Math.ceil(Object.keys(k.params).length / 4) * 16);
}

/** Params as they lie in the uniform buffer: four bytes a field, in order of declaration. */
export function packParams(k: Kernel, params: Params): ArrayBuffer {
  const names = Object.keys(k.params);
  const bytes = new ArrayBuffer(paramBytes(k));
  const view = new DataView(bytes);
  names.forEach((name, i) => {
    const value = params[name];
    if (value === undefined) throw new Error(`Kernel ${k.name} got no value for its param ${name}.`);
    if (k.params[name] === 'f32') view.setFloat32(4 * i, value, true);
    else if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) view.setUint32(4 * i, value, true);
    else throw new Error(`Kernel ${k.name}: param ${name} must be a u32, not ${value}.`);
  });
  return bytes;
}
