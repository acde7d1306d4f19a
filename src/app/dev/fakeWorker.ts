// A stand-in for the training worker while the engine is being written. Nothing here is measured; it never ships.
import type { ArmId, LayerFacts, MaskSnapshot, MetricRows, RunEventBody } from '../../engine/experiment/events.ts';
import type { WorkerPort } from '../../worker/client.ts';
import type { ToWorker } from '../../worker/protocol.ts';
import { packBits, popcount32, unpackBits } from '../../engine/sparsity/bits.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';
import { initialMask } from '../../engine/sparsity/initialMask.ts';
import { layerFacts } from '../session/preview.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';

export function openFakeWorker(): WorkerPort {
  let timer = 0;
  let id = '';
  let seq = 0;
  const port: WorkerPort = { onmessage: null, onerror: null, terminate: () => clearInterval(timer), postMessage: (message) => setTimeout(() => receive(message), 5) };
  const emit = (body: RunEventBody): void => port.onmessage?.({ data: { type: 'event', event: { runId: id, seq: seq++, ...body } } } as MessageEvent);
  let run: ReturnType<typeof simulate> | null = null;
  let paused = false;
  let pace = 130;
  const advance = (count: number): void => {
    if (!run) return;
    run.advance(count, emit);
    if (run.step >= run.total) { clearInterval(timer); emit({ type: 'finished', step: run.total, hash: 'fake' }); run = null; }
  };
  const receive = (message: ToWorker): void => {
    if (message.type === 'start') {
      clearInterval(timer);
      id = message.runId; seq = 0; paused = message.paused === true;
      emit({ type: 'ready', adapter: { vendor: 'fake', architecture: '', device: '', description: 'Development stand-in', software: location.search.includes('software'), features: [] } });
      for (let i = 0; i <= 8; i++) setTimeout(() => emit({ type: 'compiling', done: i, total: 8 }), i * 20);
      setTimeout(() => {
        run = simulate(message.experiment);
        run.begin(emit);
        if (paused) emit({ type: 'paused', step: 0 });
        timer = window.setInterval(() => { if (!paused) advance(pace === 0 ? 60 : Math.max(1, Math.round(pace / 10))); }, 100);
      }, 200);
      return;
    }
    const { command } = message;
    if (message.runId !== id) return;
    if (command.type === 'pause') { paused = true; if (run) emit({ type: 'paused', step: run.step }); }
    else if (command.type === 'resume') paused = false;
    else if (command.type === 'step') { paused = true; advance(1); if (run) emit({ type: 'paused', step: run.step }); }
    else if (command.type === 'stop') { clearInterval(timer); run = null; }
    else if (command.type === 'pace') pace = command.stepsPerSecond;
    else if (command.type === 'setKnob' && run) { run.set(command.path, command.value); emit({ type: 'edit', step: run.step, path: command.path, value: command.value }); }
    else if (command.type === 'inspect' && run) run.inspect(command, emit);
  };
  return port;
}

function simulate(experiment: Experiment) {
  const layers = layerFacts(experiment);
  const phase = experiment.phases[0]!;
  const knobs: Record<string, number | boolean | string> = { ...phase.sparsity };
  const method = findMethod(phase.sparsity.method);
  const maskable = layers.filter((layer) => layer.maskable);
  const plan = method.plan({ layers: maskable, steps: phase.steps, knobs });
  let mask = initialMask(layers, plan.initial(), experiment.seed);
  const fired = mask.slice();
  const side = Math.sqrt(layers[0]!.in);
  const score = (layer: LayerFacts, index: number, step: number): number => {
    const noise = Math.abs(Math.sin(index * 12.9898 + layer.wordOffset) * 43758.5453 % 1);
    if (layer !== layers[0] || !Number.isInteger(side)) return noise + Math.sin(step / 300 + index) * 0.05;
    const i = index % layer.in;
    const r = Math.hypot(Math.floor(i / side) - side / 2, (i % side) - side / 2) / side;
    return noise * Math.exp(-r * r * 9) + Math.sin(step / 200 + index) * 0.02;
  };
  const state = {
    step: 0, total: phase.steps, update: 0,
    set(path: string, value: number) { knobs[path.split('.')[1]!] = value; },
    begin(emit: (body: RunEventBody) => void) {
      emit({ type: 'started', experiment, layers, arms: ['main', 'random', 'dense'], totalSteps: phase.steps, biases: layers.reduce((a, l) => a + l.out, 0), notes: [],
        cost: (['main', 'random', 'dense'] as ArmId[]).map((arm) => ({ arm, dispatches: 14, flops: arm === 'dense' ? 78e6 : 9.3e6, denseFlops: 78e6, bytes: 4.1e6, plannedBytes: 3.2e6, peakBytes: 6.6e6, format: 'masked' })) });
      emit({ type: 'masks', snapshot: snap('main', mask, mask) });
      const random = initialMask(layers, { counts: plan.target(phase.steps - 1), choose: 'random' }, experiment.seed);
      emit({ type: 'masks', snapshot: snap('random', random, random) });
      emit({ type: 'metrics', rows: [maskRow(mask, mask, 0)] });
    },
    advance(count: number, emit: (body: RunEventBody) => void) {
      const rows: MetricRows[] = [];
      for (let i = 0; i < count && state.step < state.total; i++) {
        const t = state.step++;
        for (const arm of ['main', 'random', 'dense'] as ArmId[]) {
          const a = accuracy(arm, t);
          rows.push({ arm, table: 'train', step: Uint32Array.of(t), columns: { loss: Float32Array.of(2.3 * Math.exp(-t / 200) + (1 - a) * 2.2 + Math.random() * 0.08), accuracy: Float32Array.of(a), gradNorm: Float32Array.of(1), rate: Float32Array.of(0.1) } });
          if (t % experiment.evaluateEvery === 0 || t === state.total - 1) rows.push({ arm, table: 'test', step: Uint32Array.of(t), columns: { loss: Float32Array.of((1 - a) * 3), accuracy: Float32Array.of(a) } });
          rows.push({ arm, table: 'time', step: Uint32Array.of(t), columns: { stepMs: Float32Array.of(3.9 + Math.random()) } });
        }
        if (plan.isUpdate(t)) {
          const before = mask;
          mask = update(t);
          for (let w = 0; w < fired.length; w++) fired[w]! |= before[w]!;
          state.update++;
          emit({ type: 'masks', snapshot: snap('main', mask, before) });
          rows.push(maskRow(mask, before, t));
        }
      }
      emit({ type: 'metrics', rows });
    },
    inspect(command: { what: 'weights' | 'predictions'; layer?: string; arm: ArmId }, emit: (body: RunEventBody) => void) {
      if (command.what === 'weights') {
        const layer = layers.find((l) => l.name === command.layer) ?? layers[0]!;
        const bits = unpackBits(mask, layer.out * layer.in, layer.wordOffset);
        emit({ type: 'snapshot', step: state.step, inspection: { what: 'weights', arm: command.arm, layer: layer.name, values: Float32Array.from(bits, (b, i) => b * score(layer, i, state.step) * Math.sin(i * 7) * 0.3) } });
      } else if (layers[0]!.in === 784) {
        const inputs = Float32Array.from({ length: 7840 }, (_, i) => { const p = i % 784; const r = Math.hypot(Math.floor(p / 28) - 14, p % 28 - 14); return r > 6 && r < 9 ? 1 : 0; });
        emit({ type: 'snapshot', step: state.step, inspection: { what: 'predictions', arm: command.arm, examples: 10, classes: 10, inputs, labels: Uint32Array.from({ length: 10 }, (_, i) => i), values: Float32Array.from({ length: 100 }, (_, i) => (i % 10 === (Math.floor(i / 10) === 7 ? 2 : Math.floor(i / 10)) ? 0.9 : 0.01)) } });
      }
    },
  };
  const accuracy = (arm: ArmId, t: number): number => { const top = arm === 'dense' ? 0.947 : arm === 'main' ? 0.94 : 0.896; return 0.1 + (top - 0.1) * (1 - Math.exp(-t / 120)) - (arm === 'main' ? 0.02 * Math.exp(-(((t - 700) / 200) ** 2)) : 0) + Math.sin(t * 3 + top) * 0.002; };
  const snap = (arm: ArmId, now: Uint32Array, before: Uint32Array): MaskSnapshot => ({ arm, step: state.step, update: arm === 'main' ? state.update : 0, mask: now.slice(), previous: before.slice(), regrown: regrown(now, before, arm), fired: arm === 'main' ? fired.slice() : now.slice() });
  const regrown = (now: Uint32Array, before: Uint32Array, arm: ArmId): Uint32Array => (arm === 'main' && method.card.id === 'rigl' ? now.map((w, i) => w & before[i]! & 0x08000001 & (state.update ? 0xffffffff : 0)) : new Uint32Array(now.length));
  const update = (t: number): Uint32Array => {
    const next = new Uint32Array(mask.length);
    const target = plan.target(t);
    maskable.forEach((layer, l) => {
      const size = layer.out * layer.in;
      const current = unpackBits(mask, size, layer.wordOffset);
      const order = Array.from({ length: size }, (_, i) => i).map((i) => [i, current[i] ? score(layer, i, t) + (method.card.id === 'rigl' ? 0.1 : 0) : method.card.id === 'rigl' ? score(layer, i, t + 77) : -1] as const).sort((a, b) => b[1] - a[1]);
      const flags = new Uint8Array(size);
      for (let k = 0; k < target[l]!; k++) flags[order[k]![0]] = 1;
      next.set(packBits(flags), layer.wordOffset);
    });
    return next;
  };
  const maskRow = (now: Uint32Array, before: Uint32Array, t: number): MetricRows => {
    const columns: Record<string, Float32Array> = {};
    const add = (prefix: string, which: readonly LayerFacts[]): void => {
      let active = 0, dropped = 0, grown = 0, size = 0;
      for (const l of which) { size += l.out * l.in; for (let w = l.wordOffset; w < l.wordOffset + l.words; w++) { active += popcount32(now[w]!); dropped += popcount32(~now[w]! & before[w]!); grown += popcount32(now[w]! & ~before[w]!); } }
      const values = { planned: prefix ? plan.target(t)[which[0]! === maskable[0] ? 0 : 1]! / size : plan.density(t), density: active / size, active, dropped, grown, regrown: 0, flips: dropped + grown, itop: 0.4, dead: 3, effective: active / size * 0.97 };
      for (const [k, v] of Object.entries(values)) columns[prefix + k] = Float32Array.of(v);
    };
    add('', maskable);
    for (const layer of maskable) add(`${layer.name}.`, [layer]);
    return { arm: 'main', table: 'mask', step: Uint32Array.of(t), columns };
  };
  return state;
}
