import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readShaders } from '../../node/shaders.ts';
import { underScopes } from '../../node/testDevice.ts';
import { testGpu } from '../../node/testGpu.ts';
import { SAMPLER_GOLDEN } from '../data/samplers.golden.ts';
import { epochAndPosition, SAMPLERS } from '../data/samplers.ts';
import { createArena } from '../gpu/arena.ts';
import { type Gpu, openGpu } from '../gpu/device.ts';
import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createWorkspace } from '../gpu/program.ts';
import { readNow } from '../gpu/readback.ts';
import { createState } from '../gpu/state.ts';
import { createTrace } from '../gpu/trace.ts';
import { RANDOM_GOLDEN } from '../random.golden.ts';
import { disturb, expected, expectSame, machine, networkOf, randomFlags, type Rules, SHAPES, stateOf } from './gpuUpdate.testing.ts';
import { METHODS } from './methods/index.ts';
import { EVERY_SELECTION, LAYER } from './updateCases.testing.ts';

const { rigl } = METHODS;

const GOLDEN = `
// include sampler
struct Params { n: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> calls: array<u32>;
@group(1) @binding(2) var<storage, read_write> answers: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.n) { return; }
  let at = id.x * 6u;
  if (calls[at] == 0u) { answers[id.x] = random_u32(calls[at + 1u], calls[at + 2u], calls[at + 3u], calls[at + 4u]); }
  else { answers[id.x] = sampled_index(calls[at + 1u], calls[at + 2u], calls[at + 3u], calls[at + 4u], calls[at + 5u]); }
}`;

const golden = kernel({
  name: 'golden',
  bindings: [reads('calls', 'u32'), writes('answers', 'u32')],
  params: { n: 'u32' },
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

describe('a device without any optional feature', () => {
  let bare: Gpu;
  beforeAll(async () => { bare = await openGpu(await testGpu(), { ...readShaders(), golden: GOLDEN }, { features: 'none' }); });
  afterAll(() => bare.device.destroy());

  test('draws the frozen random numbers and sample indices', () => underScopes(bare, async () => {
    const samples = SAMPLER_GOLDEN.flatMap(({ sampler, range: { seed, cursor, size }, indices }) => {
      const { epoch, position } = epochAndPosition(cursor, size);
      return indices.map((value, offset) => ({ call: [1, SAMPLERS[sampler].code, seed, epoch, position + offset, size], value }));
    });
    const calls = [...RANDOM_GOLDEN.map(({ key, value }) => ({ call: [0, ...key, 0], value })), ...samples];
    const n = calls.length;
    const arena = createArena(bare.device);
    const [knobs, trace, state] = [createKnobLayout(), createTrace(), createState(bare.device, arena, 'golden')];
    trace.dispatch(golden, { label: 'golden', params: { n }, bind: { calls: trace.state('calls', 'u32', 6 * n), answers: trace.state('answers', 'u32', n) } });
    const workspace = createWorkspace(bare, arena, knobs);
    const program = workspace.add('golden', trace, state);
    await workspace.prepare([program]);
    state.write('calls', Uint32Array.from(calls.flatMap(({ call }) => call)));
    const encoder = bare.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    program.encode(pass, 0);
    pass.end();
    bare.device.queue.submit([encoder.finish()]);
    const [answers] = await readNow(bare.device, arena, [{ buffer: state.buffer('answers'), offset: 0, bytes: 4 * n }]);
    expect([...new Uint32Array(answers!)]).toEqual(calls.map(({ value }) => value));
    workspace.destroy();
    arena.destroy();
  }));

  test('updates masks', () => underScopes(bare, async () => {
    const layout = networkOf(SHAPES);
    const rules: Rules = { method: rigl, plan: LAYER, seed: 2 };
    const counts = { keep: [1, 30, 60, 60, 200], grow: [1, 10, 20, 20, 100] };
    for (const m of await Promise.all(EVERY_SELECTION.map((select) => machine(bare, layout, rules, select)))) {
      const state = stateOf(layout, randomFlags(layout, 2, [2, 40, 80, 80, 300]));
      disturb(layout, state, 2, 0);
      m.write(state);
      const left = await m.run({ counts, step: 0, update: 1 });
      expectSame(left, expected(layout, state, rules, { counts, step: 0 }), 'bare');
    }
  }));
});
