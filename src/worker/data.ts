import { DataError, type FetchBytes } from '../engine/data/dataset.ts';

/** Files below a folder of the page's own server. */
export function fetchFrom(folder: string): FetchBytes {
  return async (file) => {
    let response: Response;
    try {
      response = await fetch(folder + file);
    } catch {
      throw new DataError(`${file} could not be fetched: is the network there? Press Play to try again.`);
    }
    if (!response.ok) throw new DataError(`The server has no ${file} (status ${response.status}). Pack the data (npm run data) and load the page again.`);
    return new Uint8Array(await response.arrayBuffer());
  };
}
