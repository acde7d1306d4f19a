import { findBackendFactory, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** TensorFlow.js's WebGPU backend on a device of its own. */
export interface TfjsBackend {
  /** Resolves when the device has done all that was asked for. */
  wait(): Promise<void>;
  /** Takes the backend away and frees its device. */
  close(): void;
}

/** The name that the package's kernels are registered for. */
const BACKEND = 'webgpu';
let open = false;

/**
 * Opens the backend; one at a time, because the library's engine is global. The stock registration asks for features in
 * a nested list, which not every implementation takes; so by hand.
 * @throws Error where there is no adapter, or a backend is still open.
 */
export async function openTfjsBackend(gpu: GPU): Promise<TfjsBackend> {
  if (open) throw new Error('TensorFlow.js is already at work; destroy its network first.');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('There is no WebGPU adapter for TensorFlow.js.');
  const { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX, maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX, maxStorageBufferBindingSize, maxBufferSize },
  });
  const backend = new WebGPUBackend(device, adapter.info);
  if (findBackendFactory(BACKEND)) removeBackend(BACKEND);
  registerBackend(BACKEND, () => backend);
  await setBackend(BACKEND);
  open = true;
  return {
    async wait() {
      backend.endComputePassEncoder();
      // Every 15 dispatches it submits by itself; where the last did, there is no encoder, and submitting would throw.
      backend.ensureCommandEncoderReady();
      backend.submitQueue();
      await backend.device.queue.onSubmittedWorkDone();
    },
    close() {
      removeBackend(BACKEND);
      backend.device.destroy();
      open = false;
    },
  };
}
