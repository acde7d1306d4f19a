import { createTrainerClient } from '../../worker/client.ts';
import { createKeeper } from './kept.ts';
import { createSession } from './session.ts';

/** The session of this page. */
export const session = createSession({
  openClient: (onEvent) => createTrainerClient(onEvent),
  dataUrl: new URL('data/', document.baseURI).href,
  writeLink(hash) {
    if (location.hash !== hash) history.replaceState(null, '', hash);
  },
  keeper: createKeeper(document.baseURI),
  async fetchRecording(preset) {
    try {
      const [response, { openRecording }] = await Promise.all([
        fetch(new URL(`recordings/${preset}.bin`, document.baseURI)),
        import('../../engine/experiment/recording.ts'),
      ]);
      return response.ok ? openRecording(new Uint8Array(await response.arrayBuffer())) : null;
    } catch {
      // Offline, or a damaged file: the page waits for Play instead.
      return null;
    }
  },
});
