import { useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';

/** Keeps the page and the data it has trained on for visits without network. Where the browser forbids that, nothing happens. */
export async function keepForOffline(): Promise<void> {
  // A reader who asked for little traffic gets no files ahead of need.
  if (!('serviceWorker' in navigator) || matchMedia('(prefers-reduced-data: reduce)').matches) return;
  try {
    await navigator.serviceWorker.register(new URL('offline.js', document.baseURI));
    const { active } = await navigator.serviceWorker.ready;
    if (active) keepDataOfRuns(active);
  } catch {
    // Private windows and some policies forbid it; the page works without.
  }
}

/** Each data set that a run has begun to train on is kept, once. */
function keepDataOfRuns(worker: ServiceWorker): void {
  const kept = new Set<string>();
  const keep = (): void => {
    const { source, step } = useRun.getState();
    const { set } = useExperiment.getState().experiment.data;
    if (source !== 'live' || step === 0 || kept.has(set)) return;
    kept.add(set);
    void filesOf(set).then((files) => worker.postMessage({ keep: files }), () => kept.delete(set));
  };
  keep();
  useRun.subscribe(keep);
}

/** Addresses of all files of a packed data set, and of the manifest that names them; none of a generated one. */
async function filesOf(set: string): Promise<string[]> {
  const manifest = new URL('data/manifest.json', document.baseURI);
  const { datasets } = (await (await fetch(manifest)).json()) as { datasets: Record<string, unknown> };
  const names = JSON.stringify(datasets[set] ?? {}).matchAll(/"file":"([^"\\]+)"/g);
  return [manifest.href, ...Array.from(names, ([, name]) => new URL(name ?? '', manifest).href)];
}
