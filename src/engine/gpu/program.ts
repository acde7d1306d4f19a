import type { Arena } from './arena.ts';
import type { Gpu } from './device.ts';
import { bytesOf, type Grid, packParams, paramBytes, type Variant } from './kernel.ts';
import { createKnobRows, type KnobLayout, type KnobRows } from './knobs.ts';
import { KNOB_ROW_BYTES, type PipelineKey } from './pipelines.ts';
import { type Plan, type PlanOptions, planTransients } from './plan.ts';
import type { State } from './state.ts';
import { byteRange, type Dispatch, type StateSpec, type Trace, type Value } from './trace.ts';

/** A trace bound to a State: buffers, bind groups and pipelines are there, a run only encodes. */
export interface Program {
  readonly name: string;
  readonly dispatches: readonly Dispatch[];
  readonly plan: Plan;
  /** State buffers that it was traced with. */
  readonly states: ReadonlyMap<string, StateSpec>;
  /** Variant chosen for each dispatch; the base until `swap`. */
  readonly chosen: readonly Variant[];
  /** Group 0 of its dispatches, one knob row by dynamic offset; the tuner runs candidates with the rows of the last slice. */
  readonly knobGroup: GPUBindGroup;
  /**
   * Appends dispatches `from` to `to` (all by default) to a pass, with knob row `row`. Creates nothing.
   * @throws Error when its State has since been cut below what it was traced for.
   */
  encode(pass: GPUComputePassEncoder, row: number, from?: number, to?: number): void;
  /** Uses another variant from now on; its pipeline must be prepared. */
  swap(at: number, variant: Variant): void;
  /** Pipelines the program needs before its first run. */
  keys(): PipelineKey[];
  /** Buffer, byte offset and size that binding `binding` of dispatch `at` has. */
  resource(at: number, binding: number): { buffer: GPUBuffer; offset: number; size: number };
}

/** Programs that run one after another on one queue: they share knob rows and the regions of their transients. */
export interface Workspace {
  readonly knobs: KnobLayout;
  readonly rows: KnobRows;
  /**
   * Binds a trace to a State. Missing State buffers are made; regions grow to the largest program.
   * Call `prepare` before the first run.
   */
  add(name: string, trace: Trace, state: State): Program;
  /** Forgets a program that will not run again, and frees its params. */
  remove(program: Program): void;
  /** Compiles what the programs still need. */
  prepare(programs: readonly Program[], tell?: (done: number, total: number) => void): Promise<void>;
  /** Fills all transient regions with NaN: nothing may depend on what an earlier program left there. */
  poison(): void;
  /** Bytes of the transient regions. */
  transientBytes(): number;
  destroy(): void;
}

interface Step {
  pipeline: GPUComputePipeline | undefined;
  group: GPUBindGroup;
  grid: Grid;
}

interface Bound {
  bind(): void;
  uniform: GPUBuffer;
}

/** An empty workspace; `knobs` is the layout its programs were traced with, `options` how transients are placed. */
export function createWorkspace(gpu: Gpu, arena: Arena, knobs: KnobLayout, options: PlanOptions = {}): Workspace {
  const { device, pipelines } = gpu;
  const rows = createKnobRows(device, arena, pipelines.knobLayout, knobs);
  const regions: GPUBuffer[] = [];
  const bound = new Map<Program, Bound>();

  /** True when a region was replaced, so that bind groups of earlier programs name a buffer that is gone. */
  const growRegions = (plan: Plan): boolean => {
    let grown = false;
    plan.regions.forEach((bytes, i) => {
      const old = regions[i];
      if (old && old.size >= bytes) return;
      if (old) arena.free(old);
      regions[i] = arena.storage(`transients ${i}`, bytes);
      grown = true;
    });
    return grown;
  };
  /** True when a State buffer was replaced. */
  const growState = (trace: Trace, state: State): boolean => {
    const buffers = (): (GPUBuffer | undefined)[] => [...trace.states.keys()].map((name) => (state.names().includes(name) ? state.buffer(name) : undefined));
    const before = buffers();
    state.require(trace.states);
    const after = buffers();
    return before.some((buffer, i) => buffer !== undefined && buffer !== after[i]);
  };

  const add = (name: string, trace: Trace, state: State): Program => {
    const plan = planTransients(trace, options);
    const moved = [growState(trace, state), growRegions(plan)].includes(true);
    if (moved) bound.forEach((b) => b.bind());
    const dispatches = [...trace.dispatches];
    const chosen: Variant[] = dispatches.map((d) => d.kernel.variants[0]);
    const uniform = arena.uniform(`${name} params`, Math.max(1, dispatches.length) * PARAM_STRIDE);
    device.queue.writeBuffer(uniform, 0, packAll(dispatches));
    const place = (v: Value): { buffer: GPUBuffer; offset: number; size: number } => {
      const slot = plan.slots.get(v.id);
      if (v.home.kind === 'state') return { buffer: state.buffer(v.home.buffer), offset: byteRange(v).from, size: bytesOf(v.dtype, v.length) };
      return { buffer: regions[slot?.region ?? 0] as GPUBuffer, offset: slot?.offset ?? 0, size: bytesOf(v.dtype, v.length) };
    };
    const groupOf = (d: Dispatch, at: number): GPUBindGroup => device.createBindGroup({
      label: `${name}: ${d.label}`,
      layout: pipelines.layout(d.kernel),
      entries: [
        { binding: 0, resource: { buffer: uniform, offset: at * PARAM_STRIDE, size: paramBytes(d.kernel) } },
        ...d.values.map((v, i) => ({ binding: i + 1, resource: place(v) })),
      ],
    });
    const steps: Step[] = [];
    let misfit: string | undefined;
    const bind = (): void => {
      // A later trace may have cut the State: bind groups past its end would be errors of the device.
      misfit = [...trace.states].find(([buffer, spec]) => lengthIn(state, buffer) < spec.length)?.[0];
      if (misfit !== undefined) return;
      dispatches.forEach((d, at) => {
        const variant = chosen[at] as Variant;
        steps[at] = { pipeline: steps[at]?.pipeline, group: groupOf(d, at), grid: variant.grid(d.params) };
      });
    };
    bind();
    const keyOf = (at: number): PipelineKey => {
      const d = dispatches[at] as Dispatch;
      return { kernel: d.kernel, variant: chosen[at] as Variant, slots: d.slots };
    };
    const program: Program = {
      name,
      dispatches,
      plan,
      states: new Map(trace.states),
      chosen,
      knobGroup: rows.bindGroup,
      keys: () => dispatches.map((_, at) => keyOf(at)),
      resource: (at, binding) => place((dispatches[at] as Dispatch).values[binding] as Value),
      swap(at, variant) {
        chosen[at] = variant;
        const step = steps[at];
        if (step) {
          step.pipeline = pipelines.get(keyOf(at));
          step.grid = variant.grid((dispatches[at] as Dispatch).params);
        }
      },
      encode(pass, row, from = 0, to = dispatches.length) {
        if (misfit !== undefined) throw new Error(`Program ${name} was traced for a longer ${misfit} than its State now has; trace it again.`);
        pass.setBindGroup(0, rows.bindGroup, [row * KNOB_ROW_BYTES]);
        for (let at = from; at < to; at++) {
          const step = steps[at] as Step;
          step.pipeline ??= pipelines.get(keyOf(at));
          pass.setPipeline(step.pipeline);
          pass.setBindGroup(1, step.group);
          pass.dispatchWorkgroups(step.grid[0], step.grid[1], step.grid[2]);
        }
      },
    };
    bound.set(program, { bind, uniform });
    return program;
  };

  return {
    knobs,
    rows,
    add,
    remove(program) {
      const old = bound.get(program);
      if (old) arena.free(old.uniform);
      bound.delete(program);
    },
    prepare: (programs, tell) => pipelines.prepare(programs.flatMap((p) => p.keys()), tell),
    poison() {
      for (const region of regions) device.queue.writeBuffer(region, 0, new Uint32Array(region.size / 4).fill(0x7fc00000));
    },
    transientBytes: () => regions.reduce((sum, r) => sum + r.size, 0),
    destroy() {
      [...regions, ...[...bound.values()].map((b) => b.uniform)].forEach((b) => arena.free(b));
      bound.clear();
      rows.destroy();
    },
  };
}

/** Elements that a State holds under a name; none where the State was destroyed, which a retired program may outlive. */
function lengthIn(state: State, buffer: string): number {
  try {
    return state.spec(buffer).length;
  } catch {
    return 0;
  }
}

/** Uniform offsets must be multiples of 256. */
const PARAM_STRIDE = 256;

function packAll(dispatches: readonly Dispatch[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(1, dispatches.length) * PARAM_STRIDE);
  dispatches.forEach((d, i) => bytes.set(new Uint8Array(packParams(d.kernel, d.params)), i * PARAM_STRIDE));
  return bytes;
}
