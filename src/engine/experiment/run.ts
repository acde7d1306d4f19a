import type { Arm } from './arm.ts';
import { variantsOf } from './armPrograms.ts';
import { answersOf } from '../data/dataset.ts';
import { untilLost } from './commands.ts';
import { costOf } from './cost.ts';
import { evaluationJob, sendEvaluation } from './evaluate.ts';
import type { ArmId, RunCommand, RunEventBody } from './events.ts';
import type { Program } from '../gpu/program.ts';
import type { Edit, Phase } from './experiment.ts';
import type { GradientMeter } from './gradientMeter.ts';
import { createInFlight } from './inFlight.ts';
import { keptParameters } from './model.ts';
import { readMasks } from './maskRows.ts';
import { createNetworks, type Networks } from './network.ts';
import { phaseStarts } from './phases.ts';
import { createReads, type Job, largestRead, wholeBuffer } from './reads.ts';
import { divergenceOf, trainRows } from './rows.ts';
import type { RunInput } from './runInput.ts';
import { createPace, openSlice } from './slices.ts';
import { createStepSettings } from './stepSettings.ts';
import type * as SlowUpdateCode from './slowUpdate.ts';
import { RING_ROWS } from './trainer.ts';
import { createTuning } from './tuning.ts';
import type { WritingRequest } from './writing.ts';
import { WRITING } from './writings.ts';

export type { RunInput };

/** Milliseconds between two reads of the metrics. */
const READ_EVERY_MS = 100;
const NO_STEP = 0xffffffff;

/**
 * Trains an experiment and tells what happens, event by event. Ends after `finished`, `diverged`, `lost` or a `stop`.
 * Steps in events count completed steps: a train row of step t tells of the t-th batch.
 * @throws CheckpointError, or whatever the device reports while compiling.
 */
export async function* run(input: RunInput): AsyncGenerator<RunEventBody> {
  const { gpu, experiment } = input;
  let lost: string | undefined;
  let finished = false;
  void gpu.lost.then((reason) => (lost = reason));
  await input.refuse?.(createNetworks);
  const networks = createNetworks(gpu, experiment, input.dataset);
  try {
    yield { type: 'ready', adapter: gpu.facts };
    for await (const event of train({ ...input, commands: untilLost(input.commands, gpu.lost) }, networks)) {
      finished ||= event.type === 'finished';
      yield event;
    }
  } catch (error) {
    // Whatever was waiting when the device went away fails with an error of its own; the loss is the news.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (lost === undefined) throw error;
    // Behind the last step nothing is lost that was told.
    if (!finished) yield { type: 'lost', message: `The graphics device was lost (${lost}).` };
  } finally {
    networks.destroy();
  }
}

const saving = () => import('./savedArms.ts');

async function* train({ gpu, experiment, dataset, commands, checkpoint, paused: startPaused, notes, tuning: tuningCache, tune: tunes = true, saveAtEnd, decideStorage, evaluateFrom = 0, writes = false, lingers = false }: RunInput, networks: Networks): AsyncGenerator<RunEventBody> {
  const { arms, arena } = networks;
  const main = arms[0] as Arm;
  const starts = phaseStarts(experiment);
  const total = starts.at(-1) as number;
  const out: RunEventBody[] = [];
  const pace = createPace();
  const inFlight = createInFlight(pace);
  const edits: Edit[] = [...experiment.edits];
  const resumed = checkpoint && (await saving()).decodeCheckpoint(checkpoint);
  let step = resumed?.step ?? 0;
  let phase = resumed?.phase ?? 0;
  let paused = startPaused ?? false;
  let wanted = 0;
  let stopped = false;
  let ended = false;
  let stepsPerSecond = 0;
  /** There while a mask update in slow motion is asked for. */
  let slow: typeof SlowUpdateCode | undefined;
  let readStep = step;
  let lastRead = 0;
  let evaluatedAt = -1;
  /** The newest step whose gradients lie on the device. */
  let trainedAt = -1;
  let askedAt = -1;
  let diverged: RunEventBody | undefined;
  const settings = createStepSettings();

  let told = { done: 0, total: 0 };
  const compiling = networks.enterPhase(phase, (done, all) => (told = { done, total: all }));
  yield { type: 'compiling', done: 0, total: Math.max(1, told.total) };
  await compiling;
  yield { type: 'compiling', done: told.total, total: told.total };
  const reads = createReads(arena, largestRead(arms));
  if (resumed) (await saving()).restoreArms(networks, resumed.arms);
  else for (const arm of arms) await arm.begin(networks.workspace());
  yield {
    type: 'started', adapter: gpu.facts, experiment, layers: main.layers, arms: arms.map((a) => a.id), totalSteps: total,
    cost: arms.map((arm) => costOf(arm, arena, networks.workspace().transientBytes(), (starts[phase + 1] as number) - 1 - (starts[phase] as number))),
    biases: keptParameters(main.layout),
    notes: notes ?? [], probe: networks.probing()?.probe, ...(dataset.text && { baselines: (await import('../data/baselines.ts')).textBaselines(dataset) }),
  };

  /** Brings the metrics of all arms up to date. */
  const metricJob = (): Job => {
    const from = readStep;
    const to = step;
    readStep = to;
    lastRead = performance.now();
    const set = arms.map((arm) => settings.of(arm));
    return {
      parts: arms.flatMap((arm) => [wholeBuffer(arm, 'ring'), wholeBuffer(arm, 'status')]),
      handle(data) {
        arms.forEach((arm, i) => {
          const status = new Uint32Array(data[2 * i + 1] as ArrayBuffer);
          const bad = status[0] as number;
          const good = bad === NO_STEP ? to : Math.min(to, bad);
          const rows = trainRows(arm, new Uint32Array(data[2 * i] as ArrayBuffer), from, good, experiment.data.batch * answersOf(dataset), set[i] as ReadonlyMap<string, Float32Array>);
          if (rows) out.push({ type: 'metrics', rows: [rows] });
          if (bad === NO_STEP || ended) return;
          ended = true;
          diverged = divergenceOf(arm, status);
        });
      },
    };
  };
  const maskJob = (arm: Arm, updated: boolean): Job => readMasks(arm, { step, planned: arm.planned(step === 0 ? -1 : Math.max(0, step - 1 - (starts[phase] as number))), updated, pattern: arm.pattern() }, (row, snapshot) => {
    tuning.see(row);
    out.push({ type: 'metrics', rows: [row] }, { type: 'masks', snapshot });
  });

  /** Copies out by itself, without training in between; first the probe is put to the networks that are `asked`, and the `meters` measure gradients. */
  const read = async (jobs: readonly Job[], asked: readonly Arm[] = [], meters: readonly GradientMeter[] = []): Promise<void> => {
    const probing = networks.probing();
    const probed = asked.filter(({ id }) => probing?.asks(id));
    const all = [...jobs, ...meters.map((meter) => meter.job(step, (row) => out.push({ type: 'metrics', rows: [row] }))), ...probed.flatMap((arm) => probing?.job(arm, step, (answers) => out.push({ type: 'answers', answers })) ?? [])];
    if (all.length === 0) return;
    await reads.ready();
    reads.ride(all, (luggage) => {
      const slice = openSlice(gpu, networks.workspace());
      for (const meter of meters) slice.run(meter.program, meter.knobs(step));
      for (const arm of probed) slice.run(arm.programs().probe as Program, { position: 0, epoch: 0 });
      return slice.submit(luggage);
    });
    if (probed.length > 0) askedAt = step;
  };

  /** Lets a network write, where the data are a text, and tells it. */
  const write = async ({ arm: id, ...request }: WritingRequest & { arm: ArmId }): Promise<void> => {
    const arm = arms.find((one) => one.id === id);
    const written = arm?.programs().write && await (await import('./writing.ts')).write(gpu, networks, arm, dataset, step, request);
    if (written) out.push({ type: 'written', written });
  };

  const evaluate = async (): Promise<void> => {
    evaluatedAt = step;
    // Loaded by the first evaluation behind a step: no step waits for it.
    const meters = trainedAt === step ? await (await import('./gradientMeter.ts')).gradientMeters(networks) : [];
    for (const arm of arms) {
      await sendEvaluation(gpu, networks, arm, dataset, async (done) => {
        inFlight.add(done);
        await inFlight.room();
      });
      await read([evaluationJob(arm, dataset, step, (row) => out.push({ type: 'metrics', rows: [row] }))], [arm], meters.filter((meter) => meter.arm === arm));
    }
    if (writes) await write({ arm: main.id, ...WRITING, asked: false });
    inFlight.measureAnew();
  };

  const drain = async (): Promise<void> => {
    await inFlight.drain();
    if (readStep < step) await read([metricJob()]);
    await reads.collect(true);
  };

  const obey = async (command: RunCommand): Promise<void> => {
    switch (command.type) {
      case 'pause': paused = true; wanted = 0; slow = undefined; break;
      case 'resume': paused = false; wanted = 0; slow = undefined; break;
      case 'step': paused = true; wanted += command.count ?? 1; slow = undefined; break;
      case 'slowUpdate': paused = false; wanted = 0; slow = await import('./slowUpdate.ts'); break;
      case 'stop': stopped = true; break;
      case 'pace': stepsPerSecond = command.stepsPerSecond; break;
      case 'setKnob': edits.push({ step, path: command.path, value: command.value }); break;
      case 'inspect': {
        const { inspect } = await import('./inspect.ts');
        const inspection = await inspect(gpu, networks, command);
        if (inspection) out.push({ type: 'snapshot', step, inspection });
        break;
      }
      case 'write': await write({ ...command, asked: true }); break;
      case 'checkpoint': {
        await drain();
        out.push({ type: 'checkpoint', checkpoint: await (await saving()).takeCheckpoint(gpu, networks, { experiment: { ...experiment, edits }, step, phase }) });
      }
    }
  };

  const applyEdits = (): void => {
    for (const edit of edits) {
      if (edit.step !== step) continue;
      arms.forEach((arm) => arm.setKnob(edit.path, edit.value));
      out.push({ type: 'edit', step, path: edit.path, value: edit.value });
    }
  };

  const phaseNow = (): Phase => experiment.phases[phase] as Phase;
  const tuning = createTuning(gpu, networks, phaseNow(), tuningCache);
  const decide = decideStorage ?? ((at: number) => tuning.decide(at));
  /** Tells news of storage, and goes on with other programs where it changes: what they compute is the same to the bit. */
  const store = async (): Promise<void> => {
    const decision = decide(step);
    if (!decision) return;
    out.push({ type: 'storage', step, layers: decision.facts });
    if (!decision.formats) return;
    await drain();
    await networks.store(decision.formats, phase);
    await tuning.restart(phaseNow());
    if (tunes) await tuning.recall();
    inFlight.measureAnew();
  };
  const tune = async (): Promise<void> => {
    if (!tunes || !tuning.due(step)) return;
    await inFlight.drain();
    await tuning.measure();
    inFlight.measureAnew();
  };

  await read(arms.map((arm) => maskJob(arm, false)));
  if (tunes) await tuning.recall();
  // A checkpoint holds no evaluation, and at the last step no other will come.
  if ((!resumed && step >= evaluateFrom) || step === total) await evaluate();
  let announced = false;

  while (!stopped && !ended) {
    for (let c = commands.take(); c; c = commands.take()) await obey(c);
    await reads.collect(false);
    yield* out.splice(0);
    if (stopped || ended) break;
    if (paused && wanted === 0) {
      await drain();
      yield* out.splice(0);
      if (ended) break;
      if (!announced) yield { type: 'paused', step };
      announced = true;
      if (askedAt !== step && step >= evaluateFrom) {
        await read([], arms);
        await reads.collect(true);
        yield* out.splice(0);
      }
      await commands.wait();
      continue;
    }
    announced = false;
    if (step === total) break;
    if (step === starts[phase + 1]) {
      await drain();
      phase++;
      await networks.enterPhase(phase);
      await tuning.restart(phaseNow());
      const before = arms.map((arm) => arm.updates());
      for (const arm of arms) await arm.begin(networks.workspace());
      if (tunes) await tuning.recall();
      out.push({ type: 'phase', index: phase, step });
      await read(arms.map((arm, i) => maskJob(arm, arm.updates() !== before[i])));
    }
    await store();
    const before = slow?.stepsToUpdate(main, step - (starts[phase] as number), phaseNow().steps);
    if (slow && before === undefined && starts[phase + 1] === total) {
      slow = undefined;
      paused = true;
      continue;
    }
    if (before === 0) await drain();
    const motion = before === 0 ? await slow?.createSlowMotion(networks, main) : undefined;
    await reads.ready();

    const nextEvaluation = (Math.floor(step / experiment.evaluateEvery) + 1) * experiment.evaluateEvery;
    const limits = [nextEvaluation - step, (starts[phase + 1] as number) - step, RING_ROWS / 2 - (step - readStep), total - step];
    if (paused) limits.push(wanted);
    if (before) limits.push(before);
    if (stepsPerSecond > 0 && !slow) limits.push(Math.max(1, Math.ceil(stepsPerSecond / 30)));
    const steps = Math.max(1, Math.min(pace.steps(arms.length * main.runs(false).length), ...limits));
    const slice = openSlice(gpu, networks.workspace());
    const began = performance.now();
    const updatedArms: Arm[] = [];
    let encoded = 0;
    while (encoded < steps && updatedArms.length === 0) {
      applyEdits();
      for (const arm of arms) {
        const next = arm.next(step);
        next.micro.forEach((one) => slice.run(one.program, one.knobs));
        slice.run((next.updated && arm === main ? motion?.program : undefined) ?? next.program, next.knobs);
        settings.note(arm, step, next.knobs);
        if (next.updated) updatedArms.push(arm);
      }
      step++;
      encoded++;
      if (paused) wanted--;
    }
    const jobs = updatedArms.map((arm) => maskJob(arm, true));
    if (motion && updatedArms.includes(main)) {
      jobs.push(motion.job(step, (update) => out.push({ type: 'slowUpdate', update })));
      slow = undefined;
      paused = true;
    }
    const due = began - lastRead > READ_EVERY_MS || step - readStep >= RING_ROWS / 2 || step === total || (paused && wanted === 0);
    if (due) jobs.push(metricJob());
    const { done } = reads.ride(jobs, (parts) => slice.submit(parts));
    motion?.end();
    trainedAt = step;
    const at = step;
    inFlight.train(done, encoded, began, (stepMs) => {
      out.push({ type: 'metrics', rows: [{ arm: 'main', table: 'time', step: Uint32Array.of(at), columns: { stepMs: Float32Array.of(stepMs) } }] });
    });
    await inFlight.room();
    if (step % experiment.evaluateEvery === 0 || step === total) {
      await drain();
      if (!ended && evaluatedAt !== step && step >= evaluateFrom) await evaluate();
    }
    if (!paused) await tune();
    if (stepsPerSecond > 0 && !paused && !slow) {
      const ahead = (encoded / stepsPerSecond) * 1000 - (performance.now() - began);
      if (ahead > 1) await commands.wait(ahead);
    }
  }
  await drain();
  if (saveAtEnd) await obey({ type: 'checkpoint' });
  if (saveAtEnd && step === total) out.push(...(await (await import('./inspect.ts')).lastLook(gpu, networks)).map((inspection) => ({ type: 'snapshot' as const, step, inspection })));
  yield* out.splice(0);
  // The last word: what was still under way has been told before it.
  if (diverged) yield diverged;
  if (!ended && step === total) {
    yield { type: 'finished', step, hash: await networks.hash(), variants: variantsOf(main.programs()) };
    while (lingers && !stopped && main.programs().write) {
      await commands.wait();
      for (let c = commands.take(); c; c = commands.take()) if (c.type === 'write' || c.type === 'stop') await obey(c);
      yield* out.splice(0);
    }
  }
  reads.destroy();
}
