import { DataError, type FetchBytes } from '../engine/data/dataset.ts';

/** Files below a folder of the page's own server; `folder` ends with a slash. */
export function fetchFrom(folder: string): FetchBytes {
  return async (file, received) => {
    let response: Response;
    try {
      response = await fetch(folder + file);
    } catch {
      throw new DataError(`${file} could not be fetched: is the network there? Press Play to try again.`);
    }
    if (!response.ok) throw new DataError(`The server has no ${file} (status ${response.status}). Pack the data (npm run data) and load the page again.`);
    try {
      return new Uint8Array(await new Response(counted(response, received)).arrayBuffer());
    } catch {
      throw new DataError(`${file} was cut off on its way: is the network there? Press Play to try again.`);
    }
  };
}

/** Passes progress on at most ten times a second: a file comes in hundreds of pieces. */
export function atTimes(tell: (done: number, total: number) => void, now: () => number = () => performance.now()): (done: number, total: number) => void {
  let last = -Infinity;
  return (done, total) => {
    if (now() - last < 100 && done < total) return;
    last = now();
    tell(done, total);
  };
}

function counted({ body }: Response, received?: (bytes: number) => void): Response['body'] {
  if (!body || !received) return body;
  let bytes = 0;
  return body.pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      received((bytes += chunk.length));
      controller.enqueue(chunk);
    },
  }));
}
