import { testDevice, underScopes } from './testDevice.ts';
import { type Arena, createArena } from '../engine/gpu/arena.ts';
import type { Gpu } from '../engine/gpu/device.ts';
import { createKnobLayout, type KnobLayout, type KnobValues } from '../engine/gpu/knobs.ts';
import { createWorkspace, type Program, type Workspace } from '../engine/gpu/program.ts';
import type { PlanOptions } from '../engine/gpu/plan.ts';
import { readNow } from '../engine/gpu/readback.ts';
import { createState, type State } from '../engine/gpu/state.ts';
import { createTrace, type Trace } from '../engine/gpu/trace.ts';

/** What a GPU test works with; `destroy` gives back everything. */
export interface TestRig {
  gpu: Gpu;
  arena: Arena;
  knobs: KnobLayout;
  workspace: Workspace;
  state: State;
  /** Submits once for each list of rows, with one run of the program a row. */
  run(program: Program, slices?: readonly (readonly number[])[]): void;
  /** Words of State buffers. */
  words(...names: string[]): Promise<Uint32Array[]>;
  /** f32 elements of a State buffer. */
  floats(name: string): Promise<number[]>;
  destroy(): void;
}

/** A rig on the shared test device, or on another. */
export async function testRig(options: PlanOptions = {}, device?: Gpu): Promise<TestRig> {
  const gpu = device ?? (await testDevice());
  const arena = createArena(gpu.device);
  const knobs = createKnobLayout();
  const workspace = createWorkspace(gpu, arena, knobs, options);
  const state = createState(gpu.device, arena, 'test');
  const words = async (...names: string[]): Promise<Uint32Array[]> => {
    const parts = names.map((name) => ({ buffer: state.buffer(name), offset: 0, bytes: state.buffer(name).size }));
    return (await readNow(gpu.device, arena, parts)).map((bytes) => new Uint32Array(bytes));
  };
  return {
    gpu,
    arena,
    knobs,
    workspace,
    state,
    words,
    run(program, slices = [[0]]) {
      for (const rows of slices) {
        const encoder = gpu.device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        rows.forEach((row) => program.encode(pass, row));
        pass.end();
        gpu.device.queue.submit([encoder.finish()]);
      }
    },
    async floats(name) {
      const [found] = await words(name);
      return [...new Float32Array((found as Uint32Array).buffer)];
    },
    destroy() {
      workspace.destroy();
      state.destroy();
      arena.destroy();
    },
  };
}

/** Traces, fills the State, runs once with a knob row, and hands the rig over for reading. */
export async function runOnce(build: (trace: Trace, rig: TestRig) => void, data: Readonly<Record<string, Float32Array | Uint32Array>>, knobs: KnobValues, read: (rig: TestRig) => Promise<void>): Promise<void> {
  const rig = await testRig();
  await underScopes(rig.gpu, async () => {
    const trace = createTrace();
    build(trace, rig);
    const program = rig.workspace.add('once', trace, rig.state);
    await rig.workspace.prepare([program]);
    Object.entries(data).forEach(([name, values]) => rig.state.write(name, values));
    rig.workspace.rows.fill(0, knobs);
    rig.workspace.rows.write(1);
    rig.run(program);
    await read(rig);
  });
  rig.destroy();
}
