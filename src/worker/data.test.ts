import { afterEach, expect, test, vi } from 'vitest';
import { DataError } from '../engine/data/dataset.ts';
import { atTimes, fetchFrom } from './data.ts';

afterEach(() => vi.unstubAllGlobals());

/** A server that sends the chunks, and then breaks off if told to. */
function serve(chunks: readonly Uint8Array<ArrayBuffer>[], { status = 200, breaks = false } = {}): void {
  vi.stubGlobal('fetch', async () => {
    const rest = [...chunks];
    const body = new ReadableStream({
      pull(controller) {
        const chunk = rest.shift();
        if (chunk) controller.enqueue(chunk);
        else if (breaks) controller.error(new TypeError('network error'));
        else controller.close();
      },
    });
    return new Response(body, { status });
  });
}

const chunks = [Uint8Array.of(1, 2), Uint8Array.of(3), Uint8Array.of(4, 5, 6)];

test('a file is joined from its chunks, with word of each', async () => {
  serve(chunks);
  const received: number[] = [];
  expect([...(await fetchFrom('data/')('a.bin', (bytes) => received.push(bytes)))]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(received).toEqual([2, 3, 6]);
  serve(chunks);
  expect([...(await fetchFrom('data/')('a.bin'))]).toEqual([1, 2, 3, 4, 5, 6]);
});

test('the address is the folder and the name', async () => {
  const fetched = vi.fn(async () => new Response(Uint8Array.of(1)));
  vi.stubGlobal('fetch', fetched);
  await fetchFrom('https://example.org/page/data/')('manifest.json');
  expect(fetched).toHaveBeenCalledWith('https://example.org/page/data/manifest.json');
});

test('a missing file, no network, and a broken transfer are DataErrors that name the file', async () => {
  const failure = async (): Promise<unknown> => fetchFrom('data/')('a.bin', () => undefined).catch((error: unknown) => error);
  serve([], { status: 404 });
  const missing = await failure();
  serve(chunks, { breaks: true });
  const cutOff = await failure();
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
  const offline = await failure();
  for (const [error, words] of [[missing, /a\.bin \(status 404\)/], [cutOff, /a\.bin was cut off/], [offline, /a\.bin could not be fetched/]] as const) {
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(words);
  }
});

test('progress is passed on ten times a second, and its end always', () => {
  const told: number[] = [];
  let now = 0;
  const tell = atTimes((done) => told.push(done), () => now);
  for (let done = 1; done <= 40; done++, now += 10) tell(done, 40);
  expect(told).toEqual([1, 11, 21, 31, 40]);
});
