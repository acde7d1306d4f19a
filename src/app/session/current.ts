import { createTrainerClient } from '../../worker/client.ts';
import { createKeeper } from './kept.ts';
import { createSession } from './session.ts';

/** What stands in the link beside the experiment: how a figure is embedded, or the final numbers that are expected. */
let beside = '';

/** Keeps these settings in the page's link, behind those of the experiment: `embed=1&hide=seed`. */
export function keepInLink(settings: string): void {
  beside = settings && `&${settings}`;
}

/** The session of this page. */
export const session = createSession({
  openClient: (onEvent) => createTrainerClient(onEvent),
  dataUrl: new URL('data/', document.baseURI).href,
  writeLink(hash) {
    const whole = hash + beside;
    if (location.hash !== whole) history.replaceState(null, '', whole);
  },
  keeper: createKeeper(document.baseURI),
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
