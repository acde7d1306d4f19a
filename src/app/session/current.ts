import { createTrainerClient } from '../../worker/client.ts';
import { openFakeWorker } from '../dev/fakeWorker.ts';
import { createSession } from './session.ts';

/** The session of this page. */
export const session = createSession({
  openClient: (onEvent) => createTrainerClient(onEvent, openFakeWorker),
  dataUrl: new URL('data/', document.baseURI).href,
  writeLink(hash) {
    if (location.hash !== hash) history.replaceState(null, '', hash);
  },
  async fetchRecording(experiment) {
    if (experiment.preset !== 'hello-mnist') return null;
    try {
      const response = await fetch(new URL(`recordings/${experiment.preset}.bin`, document.baseURI));
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    } catch {
      return null;
    }
  },
});
