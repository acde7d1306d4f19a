/** Counts what reaches the device, whoever sends it. */
export interface CallCounter {
  during(work: () => Promise<unknown>): Promise<{ dispatches: number; submits: number }>;
}

/** Wraps the methods of WebGPU's classes, which are on `globalThis` once a GPU was opened. */
export function countCalls(): CallCounter {
  const count = { dispatches: 0, submits: 0 };
  wrap('GPUComputePassEncoder', 'dispatchWorkgroups', () => count.dispatches++);
  wrap('GPUQueue', 'submit', () => count.submits++);
  return {
    async during(work) {
      Object.assign(count, { dispatches: 0, submits: 0 });
      await work();
      return { ...count };
    },
  };
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

function wrap(type: string, method: string, called: () => void): void {
  const prototype = (globalThis as unknown as Record<string, { prototype: Record<string, Method> } | undefined>)[type]?.prototype;
  const original = prototype?.[method];
  if (!prototype || !original) throw new Error(`This WebGPU has no ${type}.${method} to count.`);
  prototype[method] = function counted(...args) {
    called();
    return original.apply(this, args);
  };
}
