import { createTrainerClient } from '../../worker/client.ts';
import { createSession } from './session.ts';

/** The session of this page. */
export const session = createSession({
  openClient: (onEvent) => createTrainerClient(onEvent),
  dataUrl: new URL('data/', document.baseURI).href,
  writeLink(hash) {
    if (location.hash !== hash) history.replaceState(null, '', hash);
  },
  fetchRecording: () => Promise.resolve(null),
});
