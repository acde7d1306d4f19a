import type { Experiment } from '../../engine/experiment/experiment.ts';
import type { RunCommand, RunEvent, RunEventBody } from '../../engine/experiment/events.ts';
import type { StartOptions, TrainerClient } from '../../worker/client.ts';
import { decodeLink, encodeLink } from '../../engine/experiment/link.ts';
import { totalSteps as plannedSteps } from '../../engine/experiment/phases.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import type { SettingValue } from '../../engine/experiment/values.ts';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import { livePath, NO_NOTES, settled, shownValue, useExperiment } from '../stores/experiment.ts';
import { publish, record, showLog, useLog } from '../stores/log.ts';
import { isBusy, paceOf, useRun, type Speed } from '../stores/run.ts';
import { look } from '../stores/view.ts';
import type { BranchStart } from './branch.ts';
import { hear } from './hear.ts';
import type { Keeper } from './kept.ts';
import { createKnobSender } from './knobSender.ts';
import { createPlayer } from './player.ts';
import { isLasting, lostProblem } from './problems.ts';

/** What the session needs from outside; tests put their own in its place. */
export interface SessionDependencies {
  openClient(onEvent: (event: RunEvent) => void): TrainerClient;
  dataUrl: string;
  /** Writes the link of the page, without a new entry in its history. */
  writeLink(hash: string): void;
  /** The bundled recording of that name, if there is one. */
  fetchRecording(name: string): Promise<RunLog | null>;
  /** What is known of an experiment before it runs, as events of a run: a promise where code for it has yet to come. */
  previewOf(experiment: Experiment): readonly RunEventBody[] | Promise<readonly RunEventBody[]>;
  /** Keeps a run that was cut off over a reload. */
  keeper: Keeper;
}

/** What the page's buttons do. All of it works on the stores; components only call it. */
export interface Session {
  /** Reads a link and shows its experiment; nothing is started. */
  open(hash: string): void;
  /**
   * Shows the bundled recording of the current experiment, if there is one, and plays it if asked to.
   * @param name of its file; that of the preset where left out. Told is whether it is shown
   */
  watch(play: boolean, name?: string): Promise<boolean>;
  /** Shows a recorded run of any experiment in place of what is shown, and plays it; its settings become those of the page. */
  show(log: RunLog, experiment: Experiment): Promise<void>;
  /** Starts a run that leaves the shown one at the step looked at, with what was changed since; the other is kept to be compared. */
  branch(): Promise<void>;
  /** Makes a run ready behind what is shown and goes over to it; on a software adapter it waits for Play instead. */
  prepare(): void;
  /** Trains on this device from the beginning, in place of a recording. */
  trainLive(): void;
  /** Play or pause, whichever fits. */
  toggle(): void;
  step(): void;
  /** Trains to the next mask update, which is told in slow motion; then the run pauses. */
  slowUpdate(): void;
  reset(): void;
  newSeed(): void;
  choosePreset(id: string): void;
  /** Back to the preset's settings. */
  resetToPreset(): void;
  setKnob(path: string, value: SettingValue, live: boolean): void;
  setSpeed(speed: string): void;
  /** Asks a live run for values, for its whole state or for a text; the answer comes into the log. */
  inspect(command: Extract<RunCommand, { type: 'inspect' | 'checkpoint' | 'write' }>): void;
  /** Does what the current problem offers. */
  remedy(): Promise<void>;
}

/** Ties link, stores, worker and recording together. */
export function createSession(dependencies: SessionDependencies): Session {
  let client: TrainerClient | null = null;
  const player = createPlayer(dependencies.fetchRecording);
  /** What was asked for before the run was there to be told. */
  let waiting: ('step' | 'slowUpdate')[] = [];
  /** Takes the beginning of a run into a log. */
  let openLog: BranchStart['open'] = openNew;
  /** The reader's last word was Play. */
  let meansToRun = false;
  const knobs = createKnobSender((path, value) => client?.command({ type: 'setKnob', path, value }));
  const experimentNow = (): Experiment => useExperiment.getState().experiment;
  const totalSteps = (): number => useRun.getState().totalSteps;

  /** While a run is made ready behind the recording, only what decides about it is heard. */
  const onPreparing = (event: RunEvent): void => {
    if (event.type === 'ready') {
      useRun.setState({ adapter: event.adapter, preparing: !event.adapter.software });
      if (event.adapter.software) client?.stop();
    } else if (event.type === 'started') {
      player.stop();
      useExperiment.setState({ started: event.experiment });
      meansToRun = true;
      useRun.setState({ preparing: false, source: 'live', step: 0 });
      onStarted(event);
      client?.command({ type: 'resume' });
    } else if (event.type === 'failed' || event.type === 'lost') {
      useRun.setState({ preparing: false });
      onEvent(event);
    }
  };

  const onEvent = (event: RunEvent): void => {
    if (useRun.getState().preparing) return onPreparing(event);
    if (event.type === 'started') return onStarted(event);
    hear(event, meansToRun);
    if (event.type === 'edit') followLink();
    if (event.type === 'lost') void keepLost(event);
  };

  const keepLost = async ({ runId, message, checkpoint }: Extract<RunEvent, { type: 'lost' }>): Promise<void> => {
    if (!checkpoint || !(await dependencies.keeper.keep(encodeLink(experimentNow()), checkpoint))) return;
    // Meanwhile the reader may have gone elsewhere.
    if (useRun.getState().problem?.kind === 'lost' && useLog.getState().log.runId === runId) useRun.setState({ problem: lostProblem(message, checkpoint.step) });
  };

  const onStarted = (event: Extract<RunEvent, { type: 'started' }>): void => {
    // The preview's log gives way to the run's only now, so that the picture never goes blank.
    openLog(event);
    client?.command({ type: 'pace', stepsPerSecond: paceOf(useRun.getState().speed, event.totalSteps) });
    useRun.setState({ totalSteps: event.totalSteps, compiling: null, state: meansToRun ? 'training' : 'paused' });
    for (const type of waiting.splice(0)) client?.command({ type });
    publish();
  };

  const followLink = (): void => dependencies.writeLink(encodeLink(experimentNow()));

  let previews = 0;
  const showPreview = (): void => {
    const own = ++previews;
    const show = (events: readonly RunEventBody[]): void => {
      if (own !== previews || useRun.getState().source !== 'preview') return;
      const log = createRunLog();
      events.forEach((body, seq) => append(log, { runId: 'preview', seq, ...body }));
      showLog(log);
    };
    look({ cursor: null });
    useRun.setState({ state: 'idle', source: 'preview', step: 0, totalSteps: plannedSteps(experimentNow()), compiling: null });
    const events = dependencies.previewOf(experimentNow());
    // Where its code does not come, the page trains all the same.
    if ('then' in events) events.then(show, () => undefined);
    else show(events);
  };

  const startClient = (paused: boolean, from: Pick<StartOptions, 'checkpoint' | 'branch'> = {}): void => {
    client ??= dependencies.openClient(onEvent);
    client.start({ experiment: experimentNow(), dataUrl: dependencies.dataUrl, paused, ...from });
  };

  const stopPreparing = (): void => {
    if (!useRun.getState().preparing) return;
    client?.stop();
    useRun.setState({ preparing: false });
  };

  /** Ends whatever runs or plays and shows the beginning of the current experiment. */
  const rewind = (): void => {
    player.stop();
    knobs.cancel();
    client?.stop();
    useExperiment.setState((state) => ({ experiment: settled(state), changed: {}, touched: false, started: null }));
    openLog = openNew;
    useRun.setState((run) => ({ preparing: false, replaying: null, recoveredFrom: null, kept: null, problem: run.problem && isLasting(run.problem) ? run.problem : null }));
    showPreview();
    followLink();
  };

  const start = (paused: boolean, branch?: BranchStart): void => {
    const { kept } = useRun.getState();
    if (kept) void dependencies.keeper.forget();
    if (branch) replace(branch.experiment);
    else rewind();
    if (useRun.getState().problem) return;
    meansToRun = !paused;
    waiting = [];
    useExperiment.setState({ started: experimentNow() });
    useRun.setState({ source: 'live', state: 'loading', loading: null });
    branch?.show();
    openLog = branch?.open ?? openNew;
    startClient(paused, branch ? { branch: branch.point } : kept ? { checkpoint: kept.bytes } : {});
  };

  /** Tells a run that is to pause again; one is made ready where there is none. */
  const order = (type: 'step' | 'slowUpdate', then: 'paused' | 'training'): void => {
    look({ cursor: null });
    const run = useRun.getState();
    if (run.state === 'finished' || run.problem) return;
    if (run.source !== 'live') start(true);
    meansToRun = false;
    const { state } = useRun.getState();
    if (state === 'loading' || state === 'compiling') waiting.push(type);
    else client?.command({ type });
    if (state === 'training' || state === 'paused') useRun.setState({ state: then });
  };

  const replace = (experiment: Experiment, notes: readonly string[] = []): void => {
    useExperiment.setState({ experiment, changed: {}, touched: false, notes: notes.length > 0 ? { from: 'link', lines: notes } : NO_NOTES });
    rewind();
  };

  const session: Session = {
    open(hash) {
      const { experiment, notes } = decodeLink(hash);
      replace(experiment, notes);
      const link = encodeLink(experiment);
      void dependencies.keeper.find(link).then((kept) => {
        const untouched = useRun.getState().source === 'preview' && encodeLink(experimentNow()) === link;
        if (kept && untouched) useRun.setState({ kept });
      });
    },
    watch: player.watch,
    async show(log, experiment) {
      const put = await player.load();
      replace(experiment);
      put(log).play();
    },
    async branch() {
      const { planBranch } = await import('./branch.ts');
      const plan = planBranch();
      if (plan) start(false, plan);
    },
    prepare() {
      if (useRun.getState().problem) return;
      waiting = [];
      useRun.setState({ preparing: true });
      startClient(true);
    },
    trainLive: () => start(false),
    toggle() {
      stopPreparing();
      const run = useRun.getState();
      look({ cursor: null });
      const replay = player.shown();
      if (replay) replay.toggle();
      else if (run.state === 'training' || run.state === 'recovering' || run.state === 'replaying') {
        meansToRun = false;
        client?.command({ type: 'pause' });
        useRun.setState({ state: 'paused' });
      } else if (run.state === 'paused' && run.source === 'live') {
        meansToRun = true;
        useRun.setState({ state: 'training' });
        client?.command({ type: 'resume' });
      } else if (isBusy(run.state)) rewind();
      else start(false);
    },
    step() {
      stopPreparing();
      const replay = player.shown();
      if (replay) {
        look({ cursor: null });
        replay.step();
      } else order('step', 'paused');
    },
    slowUpdate() {
      stopPreparing();
      order('slowUpdate', 'training');
    },
    reset() {
      if (useRun.getState().kept) void dependencies.keeper.forget();
      look({ cursor: null });
      const replay = player.shown();
      if (replay) replay.rewind();
      else rewind();
    },
    newSeed() {
      replace({ ...settled(useExperiment.getState()), seed: anotherSeed(experimentNow().seed) });
    },
    choosePreset(id) {
      const preset = Object.hasOwn(PRESETS, id) ? PRESETS[id] : undefined;
      if (preset) replace(preset.experiment);
    },
    resetToPreset: () => session.choosePreset(experimentNow().preset),
    setKnob(path, value, live) {
      const { state, source } = useRun.getState();
      if (Object.is(shownValue(useExperiment.getState(), path), value)) return;
      const running = source === 'live' && (state === 'training' || state === 'paused');
      if (live && running && typeof value === 'number') {
        useExperiment.setState((now) => ({ changed: { ...now.changed, [path]: value }, touched: true }));
        knobs.send(livePath(path), value);
        return;
      }
      const lines: string[] = [];
      const experiment = setPath(experimentNow(), path, value, lines);
      useExperiment.setState({ experiment, notes: { from: 'setting', lines } });
      if (source !== 'live') rewind();
      else followLink();
    },
    setSpeed(text) {
      const speed: Speed = text === 'fastest' || text === 'slow' ? text : 'paced';
      useRun.setState({ speed });
      client?.command({ type: 'pace', stepsPerSecond: paceOf(speed, totalSteps()) });
    },
    inspect(command) {
      if (useRun.getState().source === 'live') client?.command(command);
    },
    remedy: async () => (await import('./remedy.ts')).remedy(session, rewind),
  };
  return session;
}

/** A log of its own for every run. */
function openNew(event: RunEvent): void {
  showLog(createRunLog());
  record(event);
}

function anotherSeed(seed: number): number {
  return (seed + 1) % 0x1_0000_0000;
}
