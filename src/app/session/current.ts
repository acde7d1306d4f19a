import type { RunEventBody } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { lacksUnits, loadUnits } from '../../engine/sparsity/units.ts';
import { createTrainerClient } from '../../worker/client.ts';
import type { Keeper } from './kept.ts';
import type * as Planning from './preview.ts';
import { createSession } from './session.ts';

/** What stands in the link beside the experiment: the final numbers that are expected, and how a figure is embedded. */
const beside = { expected: '', embedding: '' };

/** Keeps these settings in the page's link, behind those of the experiment: `embed=1&hide=seed`. */
export function keepInLink(kind: keyof typeof beside, settings: string): void {
  beside[kind] = settings && `&${settings}`;
}

/** Writes the link of the page: an experiment's, and what is kept beside it. No new entry in its history. */
export function writeLink(hash: string): void {
  const whole = hash + beside.expected + beside.embedding;
  if (location.hash !== whole) history.replaceState(null, '', whole);
}

/** A first step does not need it: its code comes when it is asked for. */
async function keeper(): Promise<Keeper> {
  return (await import('./kept.ts')).pageKeeper();
}

/** Plans what is shown before a run; a first step does not need it, so that it comes once the page stands. */
let planning: typeof Planning | undefined;

function previewOf(experiment: Experiment): readonly RunEventBody[] | Promise<readonly RunEventBody[]> {
  if (planning && !lacksUnits(experiment.masks)) return planning.previewEvents(experiment);
  return Promise.all([import('./preview.ts'), loadUnits(experiment.masks)]).then(([code]) => (planning = code).previewEvents(experiment));
}

/** The session of this page. */
export const session = createSession({
  openClient: (onEvent) => createTrainerClient(onEvent),
  dataUrl: new URL('data/', document.baseURI).href,
  writeLink,
  previewOf,
  keeper: {
    keep: (link, state) => keeper().then((kept) => kept.keep(link, state), () => false),
    find: (link) => keeper().then((kept) => kept.find(link), () => null),
    forget: () => keeper().then((kept) => kept.forget(), () => undefined),
  },
  async fetchRecording(name) {
    try {
      const [response, { openRecording }] = await Promise.all([
        fetch(new URL(`recordings/${name}.bin`, document.baseURI)),
        import('../../engine/experiment/recording.ts'),
      ]);
      return response.ok ? openRecording(new Uint8Array(await response.arrayBuffer())) : null;
    } catch {
      // Offline, or a damaged file: the page waits for Play instead.
      return null;
    }
  },
});
