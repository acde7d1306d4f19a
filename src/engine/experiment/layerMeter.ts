import type { Arena } from '../gpu/arena.ts';
import type { Gpu } from '../gpu/device.ts';
import { sha256Text } from '../gpu/hash.ts';
import { bytesOf, candidates, type Variant } from '../gpu/kernel.ts';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createWorkspace } from '../gpu/program.ts';
import { pseudoRandom } from '../gpu/scratch.ts';
import { createState } from '../gpu/state.ts';
import { deviceClock, timesOf } from '../gpu/stopwatch.ts';
import { createTrace, type Dispatch, type Trace, type Value } from '../gpu/trace.ts';
import { applyMask } from '../kernels/elementwise.ts';
import type { ParamLayout, ParamTensor } from '../nn/layout.ts';
import { randomMaskBits } from '../sparsity/initialMask.ts';
import type { Format, IndexedFormats } from '../sparsity/formats/index.ts';
import { packBits } from '../sparsity/bits.ts';
import { keptOfGroup, type NmPattern } from '../sparsity/pattern.ts';
import { PASSES } from '../sparsity/passes.ts';
import { traceIndexes } from '../sparsity/storage.ts';
import { fitLine, INDEX_PASS, type PassTime } from './storageCost.ts';

/** Densities that a format with an index is measured at, on both sides of where it begins to pay; time is a line between and beyond. */
const DENSITIES = [0.05, 0.2] as const;
const TURNS = 3;
/** A variant so much slower at first sight than another is not measured again. */
const HOPELESS = 1.5;
/** Browsers round their clocks to this much: what seems to take no time may take so long. */
const CLOCK_MS = 0.1;
/** Training waits for about so long at a time. */
const PAUSE_MS = 32;

/** A pass, or a part of one, in one format at one density: consecutive dispatches, and the variants of the only one where there is a choice. */
export interface Work {
  pass: string;
  /** Its place among the works of the layer: a pass may have several, whose times add up. */
  part: number;
  format: Format;
  density: number;
  dispatches: readonly Dispatch[];
  variants: readonly Variant[];
}

/** A layer whose passes are to be measured. */
export interface MeteredLayer {
  tensor: ParamTensor;
  works: readonly Work[];
  layout: SwitchedLayout;
}

type SwitchedLayout = Pick<ParamLayout, 'groups' | 'pattern'>;

/** What a layer's products are taken from: a trace of the step in each format, and the variants that the run was seen to use. */
export interface Traces {
  of: ReadonlyMap<Format, Trace>;
  indexed: IndexedFormats;
  /** What the masks switch. */
  layout: SwitchedLayout;
  used(dispatch: Dispatch): Variant | undefined;
}

/** The passes of a layer by format, as the traces have them; only formats that the device can hold. */
export function worksOf(gpu: Gpu, tensor: ParamTensor, traces: Traces): MeteredLayer {
  const works = [...traces.of].flatMap(([format, trace]) => {
    const products = trace.dispatches.filter((d) => d.label.endsWith(` ${tensor.name}`) || showsWeight(d, tensor));
    const index = createTrace();
    traceIndexes(index, alone(tensor, traces.layout), { format: () => format, indexed: traces.indexed }, {});
    const all = [...products, ...index.dispatches];
    if (all.some((d) => d.values.some((v) => bytesOf(v.dtype, v.length) > gpu.device.limits.maxStorageBufferBindingSize))) return [];
    const passes = passesOf(products, tensor);
    return densitiesOf(format, traces.layout).flatMap((density): Work[] => [
      ...(index.dispatches.length > 0 ? [{ pass: INDEX_PASS, part: products.length, format, density, dispatches: index.dispatches, variants: [] }] : []),
      ...products.map((d, part) => ({ pass: passes[part] as string, part, format, density, dispatches: [d], variants: variantsOf(gpu, d, format === 'masked' ? traces.used(d) : undefined) })),
    ]);
  });
  return { tensor, works, layout: traces.layout };
}

/** True for what shows a product the weight with a factor outside its mask: only layers that are stored as masked need it. */
const showsWeight = ({ kernel, values }: Dispatch, { name }: ParamTensor): boolean => kernel === applyMask && values.at(-1)?.name === name;

/** The pass that each dispatch of a layer belongs to: what only prepares a product, to the next of them; what adds up gradients, to that of the weight. */
function passesOf(dispatches: readonly Dispatch[], { name }: ParamTensor): string[] {
  const named = dispatches.map(({ label }) => (label.startsWith('sum gradients of ') ? 'weight gradient' : PASSES.find((pass) => label.endsWith(`${pass} ${name}`))));
  return dispatches.map(({ label }, i) => named.slice(i).find((pass) => pass !== undefined) ?? label);
}

/**
 * The variant that the run uses, or else all that it may come to use, of which the fastest counts. Of other formats it is
 * always all: they are few, and a layer that is not stored so has nothing in use.
 */
function variantsOf(gpu: Gpu, { kernel, params }: Dispatch, used: Variant | undefined): readonly Variant[] {
  return used ? [used] : [kernel.variants[0], ...candidates(kernel, params, gpu.facts)];
}

/** A layout of one layer, whose mask begins at bit 0. */
const alone = (tensor: ParamTensor, { groups, pattern }: SwitchedLayout): Pick<ParamLayout, 'layers' | 'masked' | 'groups' | 'pattern'> => ({
  pattern,
  layers: [{ ...tensor, offset: 0 }], masked: 64 * Math.ceil(tensor.length / 64),
  groups: groups && { ...groups, layers: groups.layers.filter(({ first }) => first === tensor.offset).map((own) => ({ ...own, offset: 0, first: 0 })) },
});

/** What the measured times depend on, beside the build: adapter, sources, shapes and densities. */
export function meterKey(gpu: Gpu, { works }: MeteredLayer): Promise<string> {
  const { vendor, architecture, device, description } = gpu.facts;
  const facts = works.map(({ pass, format, density, dispatches, variants }) => [pass, format, density, dispatches.map(({ kernel, params, slots, values }) => [
    params, values.map((v) => v.length), (variants.length > 0 ? variants : [kernel.variants[0]]).map((variant) => gpu.pipelines.source({ kernel, variant, slots })),
  ])]);
  return sha256Text(JSON.stringify(['times', vendor, architecture, device, description, facts]));
}

/** Times as the cache keeps them: two numbers a line, in the order of the works. */
export function timesToKeep(times: readonly PassTime[]): number[] {
  return times.flatMap(({ fixedMs, densityMs }) => [fixedMs, densityMs]);
}

/** Takes them back; undefined where they are not those of this layer. */
export function timesKept({ works }: MeteredLayer, ms: readonly number[] | undefined): PassTime[] | undefined {
  const lines = passTimes(works.map((work) => ({ ...work, ms: 0 })));
  if (ms?.length !== 2 * lines.length) return undefined;
  return lines.map((line, i) => ({ ...line, fixedMs: ms[2 * i] as number, densityMs: ms[2 * i + 1] as number }));
}

/** A measurement under way; `rounds` pauses where training may go on. */
export interface LayerMeter {
  /** Compiles what is measured, and fills its buffers. Call it first; it does not wait for the queue. */
  prepare(): Promise<void>;
  /** @returns one line a pass and format. */
  rounds(): AsyncGenerator<void, PassTime[]>;
  free(): void;
}

/** What one pass of the clock measures: `times` runs. */
export interface Sample {
  encode(pass: GPUComputePassEncoder): void;
  work: Work;
  variant: string;
  times: number;
}

/** Milliseconds that each sample takes; tests hand in a false clock, which looks at what is measured. */
export type WorkClock = (samples: readonly Sample[]) => Promise<number[]>;

/** By the device's clock. */
export function deviceWorkClock(gpu: Gpu, arena: Arena): WorkClock {
  const clock = deviceClock(gpu, arena);
  return (samples) => clock(samples.map(({ encode }) => encode));
}

/** Dispatches `from` to `to` of the measuring program under one variant. */
interface Choice {
  work: Work;
  variant: Variant | undefined;
  from: number;
  to: number;
  /** Runs in a sample, 0 where it is not measured again. */
  times: number;
  /** Milliseconds of the first run: a guess, for clocks are rounded. */
  firstMs: number;
  /** The least milliseconds of a run in the samples: what disturbs only adds. */
  ms: number;
}

/** Measures the passes of a layer on buffers of its own, in turns, so that all meet the same weather. */
export function createLayerMeter(gpu: Gpu, arena: Arena, layer: MeteredLayer, clock: WorkClock): LayerMeter {
  const state = createState(gpu.device, arena, `time ${layer.tensor.name}`);
  const workspace = createWorkspace(gpu, arena, createKnobLayout());
  const trace = createTrace();
  const choices = layer.works.flatMap((work): Choice[] => {
    const from = trace.dispatches.length;
    work.dispatches.forEach((d) => record(trace, d, work.density));
    const variants = work.variants.length > 0 ? work.variants : [undefined];
    return variants.map((variant) => ({ work, variant, from, to: trace.dispatches.length, times: 1, firstMs: Infinity, ms: Infinity }));
  });
  const program = workspace.add(`time ${layer.tensor.name}`, trace, state);
  const sampleOf = ({ work, variant, from, to, times }: Choice): Sample => ({
    work, times, variant: variant?.name ?? '',
    encode(pass) {
      if (variant) program.swap(from, variant);
      for (let i = 0; i < times; i++) program.encode(pass, 0, from, to);
    },
  });
  /** What the first turn tells: which variants are worth more, and how many runs make a sample. */
  const judge = (): void => {
    const fastest = new Map<Work, number>();
    for (const { work, firstMs } of choices) fastest.set(work, Math.min(firstMs, fastest.get(work) ?? Infinity));
    for (const choice of choices) choice.times = choice.firstMs > HOPELESS * Math.max(CLOCK_MS, fastest.get(choice.work) as number) ? 0 : timesOf(choice.firstMs);
  };
  return {
    async prepare() {
      await gpu.pipelines.prepare(layer.works.flatMap(({ dispatches, variants }) => dispatches.flatMap(({ kernel, slots }) => [kernel.variants[0], ...variants].map((variant) => ({ kernel, variant, slots })))));
      fill(state, trace, layer);
    },
    async *rounds() {
      let since = performance.now();
      // Indexes stand before the products that read them: the first turn makes them.
      for (let turn = 0; turn <= TURNS; turn++) {
        for (const group of groupsOf(choices.filter(({ times }) => times > 0))) {
          if (performance.now() - since > PAUSE_MS) {
            yield;
            since = performance.now();
          }
          (await clock(group.map(sampleOf))).forEach((ms, i) => {
            const choice = group[i] as Choice;
            if (turn === 0) choice.firstMs = ms;
            else choice.ms = Math.min(choice.ms, ms / choice.times);
          });
        }
        if (turn === 0) judge();
      }
      return passTimes(choices.filter(({ times }) => times > 0).map(({ work, ms }) => ({ ...work, ms })));
    },
    free() {
      workspace.destroy();
      state.destroy();
    },
  };
}

/** Choices whose samples go to the device together, because reading a clock takes longer than many of them: what is not known yet counts as an eighth of a pause. */
function groupsOf(choices: readonly Choice[]): Choice[][] {
  const groups: Choice[][] = [];
  let room = 0;
  for (const choice of choices) {
    const expected = choice.firstMs === Infinity ? PAUSE_MS / 8 : choice.firstMs * choice.times;
    if (groups.length === 0 || expected > room) {
      groups.push([]);
      room = PAUSE_MS;
    }
    groups.at(-1)?.push(choice);
    room -= expected;
  }
  return groups;
}

/** The same dispatch on buffers of the measurement: whatever has the same role and length is shared, indexes are by density. */
function record(trace: Trace, { label, kernel, params, slots, values }: Dispatch, density: number): void {
  const bind = kernel.bindings.map(({ name }, i) => {
    const { dtype, length, home } = values[i] as Value;
    const buffer = dtype === 'f32' ? `${name} ${length}` : `${home.kind === 'state' ? home.buffer : name} ${length} at ${density}`;
    return [name, trace.state(buffer, dtype, length)] as const;
  });
  trace.dispatch(kernel, { label, params, slots, bind: Object.fromEntries(bind) });
}

/** The densities that a format is measured at: of nm two shares of M, since it has no others. */
function densitiesOf(format: Format, { pattern }: SwitchedLayout): readonly number[] {
  if (format === 'masked') return [1];
  return format === 'nm' && pattern ? patternDensities(pattern) : DENSITIES;
}

const patternDensities = ({ n, m }: NmPattern): readonly number[] => (m === 1 ? [1] : [1 / m, Math.max(2, n) / m]);

/** A random mask, or one that keeps as many of each M, at other places in each row or line of rows. */
function maskOfDensity({ offset, length, shape }: ParamTensor, { groups, pattern }: SwitchedLayout, density: number): Uint32Array<ArrayBuffer> {
  if (!pattern || !patternDensities(pattern).includes(density)) return Uint32Array.from(randomMaskBits(1, 0, length, Math.max(1, Math.round(density * length))));
  const [width, share] = [shape[1] ?? 1, groups?.layers.find(({ first }) => first === offset)?.rows ?? 1];
  const { m } = pattern;
  const kept = { n: Math.round(density * m), m };
  return Uint32Array.from(packBits(Uint8Array.from({ length }, (_, i) => {
    const column = i % width;
    const size = Math.min(m, width - (column - (column % m)));
    return ((column % m) + Math.floor(i / width / share)) % size < keptOfGroup(kept, size) ? 1 : 0;
  })));
}

/** Numbers in [-1, 1), and masks of the densities. */
function fill(state: ReturnType<typeof createState>, trace: Trace, { tensor, layout }: MeteredLayer): void {
  for (const [name, { dtype, length }] of trace.states) {
    if (dtype === 'f32') state.write(name, pseudoRandom(dtype, length, 1));
    const density = Number(name.split(' ').at(-1));
    if (dtype === 'bits') state.write(name, maskOfDensity(tensor, layout, density));
  }
}

/** Lines over density, of the fastest variant at each; of a pass in parts, their sum. */
function passTimes(measured: readonly (Pick<Work, 'pass' | 'part' | 'format' | 'density'> & { ms: number })[]): PassTime[] {
  const parts = new Map<string, Pick<Work, 'pass' | 'format'> & { fastest: Map<number, number> }>();
  for (const { pass, part, format, density, ms } of measured) {
    const key = JSON.stringify([format, part]);
    const own = parts.get(key) ?? { pass, format, fastest: new Map<number, number>() };
    parts.set(key, own);
    own.fastest.set(density, Math.min(ms, own.fastest.get(density) ?? Infinity));
  }
  const passes = new Map<string, PassTime>();
  for (const { pass, format, fastest } of parts.values()) {
    const key = JSON.stringify([pass, format]);
    const [before, own] = [passes.get(key), fitLine([...fastest].map(([density, ms]) => ({ density, ms })))];
    passes.set(key, { pass, format, fixedMs: (before?.fixedMs ?? 0) + own.fixedMs, densityMs: (before?.densityMs ?? 0) + own.densityMs });
  }
  return [...passes.values()];
}
