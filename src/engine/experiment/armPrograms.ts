import type { Gpu } from '../gpu/device.ts';
import type { KnobLayout } from '../gpu/knobs.ts';
import type { Program } from '../gpu/program.ts';
import type { Trace } from '../gpu/trace.ts';
import type { Network } from '../nn/network.ts';
import type { IndexedFormats } from '../sparsity/formats/index.ts';
import type { ArmId } from './events.ts';
import type { Phase } from './experiment.ts';
import type * as OpeningCode from './opening.ts';
import type { Probing } from './probe.ts';
import { traceEvaluation, traceMasksWritten, traceMicroBatch, tracePrune, traceStep, type TrainerSpec } from './trainer.ts';
import type * as WritingCode from './writing.ts';

/** The programs of an arm in a phase; update programs are absent where masks never change. */
export interface ArmPrograms {
  step: Program;
  update: Program | undefined;
  /** A micro-batch before the last; absent where a step has only one. Before an update it may need other gradients. */
  micro: Program | undefined;
  updateMicro: Program | undefined;
  evaluate: Program;
  /** What the network answers to the probe; absent where it is not asked. */
  probe: Program | undefined;
  /** One more character of a text; absent for other data. */
  write: Program | undefined;
  prune: Program | undefined;
  /** A round of the opening; absent where scores do not find the first mask. */
  opening: Program | undefined;
  /** What follows when masks were written from outside; absent where no layer has a mask. */
  settle: Program | undefined;
}

/** Code that a run has loaded for what its experiment asks for. */
export interface Loaded {
  network: Network;
  indexed: IndexedFormats;
  /** How scores find the first mask; absent where none of the networks asks for it. */
  opening: typeof OpeningCode | undefined;
  /** Absent where the data set has nothing to ask about. */
  probing: Probing | undefined;
  /** Absent where no method trains weights outside its mask. */
  outside: TrainerSpec['outside'];
  /** Absent where the data are no text. */
  writing: typeof WritingCode | undefined;
}

/** Traces the programs of a phase, for an arm of that name. @param add makes a program of a trace */
export function tracePrograms(add: (name: string, trace: Trace) => Program, knobs: KnobLayout, spec: TrainerSpec, { id, phase, first }: { id: ArmId; phase: Phase; first: boolean }, loaded: Loaded): ArmPrograms {
  const { method, plan, layout } = spec;
  const { probing, writing, opening } = loaded;
  const masked = layout.layers.length > 0;
  const updates = method.update !== undefined && masked;
  const gathers = phase.accumulate > 1;
  return {
    step: add('step', traceStep(knobs, spec, { optimize: true, update: false })),
    update: updates ? add('update step', traceStep(knobs, spec, { optimize: plan.appliesGradientOnUpdate, update: true })) : undefined,
    micro: gathers ? add('micro-batch', traceMicroBatch(knobs, spec, false)) : undefined,
    updateMicro: gathers && updates && phase.format !== 'masked' ? add('update micro-batch', traceMicroBatch(knobs, spec, true)) : undefined,
    evaluate: add('evaluation', traceEvaluation(knobs, spec)),
    probe: probing?.asks(id) ? add('probe', probing.trace(knobs, spec)) : undefined,
    write: writing && add('writing', writing.traceWriting(knobs, spec)),
    prune: phase.entry.startsWith('prune') && masked ? add('prune', tracePrune(knobs, spec, id === 'random' ? 'random' : 'magnitude')) : undefined,
    opening: first && plan.opening && masked && opening ? add('opening', opening.traceOpening(knobs, spec, plan.opening)) : undefined,
    settle: masked ? add('masks written', traceMasksWritten(spec)) : undefined,
  };
}

/** Programs of a step, in the order in which they run: all micro-batches but the last, then what ends the step. */
export function runsOfStep({ step, update, micro, updateMicro }: ArmPrograms, accumulate: number, updates: boolean): readonly Program[] {
  const early = (updates ? updateMicro : undefined) ?? micro;
  return [...Array.from({ length: accumulate - 1 }, () => early as Program), (updates ? update : undefined) ?? step];
}

/** Variants that the training step uses, by dispatch. */
export function variantsOf({ step: { dispatches, chosen } }: ArmPrograms): Record<string, string> {
  return Object.fromEntries(dispatches.map((d, i) => [d.label, chosen[i]?.name ?? '']));
}

/** Sends one program by itself, with knob row 0. */
export function runAlone(gpu: Gpu, program: Program): void {
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  program.encode(pass, 0);
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
}
