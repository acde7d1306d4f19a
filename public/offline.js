// Keeps the page for visits without network. The build writes what to keep into the three constants; while developing it is not used.
const VERSION = '';
const DATA = '';
const FILES = [];

const scope = new URL('./', self.location.href).href;
/** Other copies of the page may live on this server, and other stores in this one: names begin with the folder. */
const own = `sparseland-offline ${scope} `;
const filesStore = `${own}files ${VERSION}`;
const dataStore = `${own}data ${DATA}`;

self.addEventListener('install', (event) => event.waitUntil(keepFiles()));
self.addEventListener('activate', (event) => event.waitUntil(replaceOlder()));
self.addEventListener('message', ({ data }) => {
  if (Array.isArray(data?.keep)) void keepData(data.keep.map(String));
});

/** All files or none. Names in assets/ change with their content, so that those which an older version keeps are not fetched again. */
async function keepFiles() {
  const store = await caches.open(filesStore);
  await Promise.all(FILES.map(async (file) => {
    const known = file.startsWith('assets/') && (await caches.match(scope + file));
    await store.put(scope + file, known || (await fetched(scope + file)));
  }));
}

/** Stores of older versions go once no page of theirs is open. */
async function replaceOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(own) && name !== filesStore && name !== dataStore).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** Files of data that a page has trained on before this worker listened: the browser still has them. */
async function keepData(files) {
  const store = await caches.open(dataStore);
  const isOurs = (file) => file.startsWith(`${scope}data/`);
  await Promise.all(files.filter(isOurs).map(async (file) => (await store.match(file)) || store.put(file, await fetched(file)))).catch(() => undefined);
}

async function fetched(address) {
  const response = await fetch(address, { cache: address.includes('/assets/') || address.includes('/data/') ? 'default' : 'no-cache' });
  if (!response.ok) throw new Error(`${address}: status ${response.status}`);
  return response;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = request.url.replace(/[?#].*$/, '');
  if (request.method !== 'GET' || !address.startsWith(scope)) return;
  const file = address.slice(scope.length) || 'index.html';
  if (file.startsWith('data/')) event.respondWith(fromData(request, address));
  else if (file.startsWith('assets/')) event.respondWith(fromStore(file).then((kept) => kept || fetch(request)));
  else if (FILES.includes(file)) event.respondWith(fetch(request).catch(async () => (await fromStore(file)) || Response.error()));
});

async function fromStore(file) {
  return (await caches.open(filesStore)).match(scope + file);
}

/** Data are large and change only with their manifest, whose hash names the store. */
async function fromData(request, address) {
  const store = await caches.open(dataStore);
  const kept = await store.match(address);
  if (kept) return kept;
  const response = await fetch(request);
  // Where there is no room, it is fetched again next time.
  if (response.ok) void store.put(address, response.clone()).catch(() => undefined);
  return response;
}
