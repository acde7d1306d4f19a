/** Counts what reaches the device, whoever sends it. */
export interface CallCounter {
  during(work: () => Promise<unknown>): Promise<{ dispatches: number; submits: number }>;
}

/** Wraps the methods of WebGPU's classes while it counts; they are on `globalThis` in a page, and in Node once a GPU was opened. */
export function countCalls(): CallCounter {
  return {
    async during(work) {
      const count = { dispatches: 0, submits: 0 };
      const unwrap = [wrap('GPUComputePassEncoder', 'dispatchWorkgroups', () => count.dispatches++), wrap('GPUQueue', 'submit', () => count.submits++)];
      try {
        await work();
      } finally {
        unwrap.forEach((undo) => undo());
      }
      return count;
    },
  };
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** @returns what puts the method back. */
function wrap(type: string, method: string, called: () => void): () => void {
  const prototype = (globalThis as unknown as Record<string, { prototype: Record<string, Method> } | undefined>)[type]?.prototype;
  const original = prototype?.[method];
  if (!prototype || !original) throw new Error(`This WebGPU has no ${type}.${method} to count.`);
  prototype[method] = function counted(...args) {
    called();
    return original.apply(this, args);
  };
  return () => void (prototype[method] = original);
}
