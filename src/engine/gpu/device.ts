import { createPipelines, type Pipelines } from './pipelines.ts';
import type { ShaderTexts } from './source.ts';

/** Who computes: shown beside every figure. */
export interface AdapterFacts {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  /** True for SwiftShader, lavapipe and other drivers that compute on the CPU. */
  software: boolean;
  /** Threads of a subgroup where the device guarantees their number and subgroups can be used; 0 otherwise. */
  lanes: number;
  features: readonly string[];
}

/** A device with everything that is made once and shared by all programs. */
export interface Gpu {
  device: GPUDevice;
  facts: AdapterFacts;
  pipelines: Pipelines;
  /** Resolves when the device is lost, with the reason; never rejects. */
  lost: Promise<string>;
}

/** No device could be had; `message` says why and what the reader can do. */
export class NoGpuError extends Error {
  override name = 'NoGpuError';
}

/** How a device is opened. */
export interface OpenOptions {
  features?: 'available' | 'none';
  laterShaders?(): Promise<ShaderTexts>;
}

const WANTED: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups', 'shader-f16'];
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render|warp/i;

/**
 * Asks for a device inside the default limits, so that every program that runs here runs on any WebGPU.
 * @param options `features: 'none'` takes no optional feature, else those that Sparseland can use are taken;
 *   `laterShaders` brings shaders that are not among the first.
 * @throws NoGpuError when there is no adapter or it gives no device.
 */
export async function openGpu(gpu: GPU, shaders: ShaderTexts, { features = 'available', laterShaders }: OpenOptions = {}): Promise<Gpu> {
  // An adapter is consumed by requestDevice, so it is asked for anew at every call.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new NoGpuError('WebGPU is here, but it found no adapter. Update the graphics driver, or try another browser.');
  const requiredFeatures = features === 'none' ? [] : WANTED.filter((name) => adapter.features.has(name));
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ requiredFeatures });
  } catch (error) {
    throw new NoGpuError(`The adapter ${adapter.info.description || adapter.info.vendor} gave no device: ${String(error)}`);
  }
  const lost = device.lost.then((info) => info.message || info.reason || 'unknown');
  const pipelines = createPipelines(device, shaders, laterShaders);
  return { device, facts: factsOf(adapter.info, requiredFeatures), pipelines, lost };
}

/** The best name that the adapter gives itself; browsers often tell no more than vendor and architecture. */
export function adapterName({ description, device, vendor, architecture }: AdapterFacts): string {
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'The unnamed adapter';
}

/** True for SwiftShader, lavapipe and other drivers that compute on the CPU. */
export function isSoftware({ isFallbackAdapter, vendor, architecture, device, description }: GPUAdapterInfo): boolean {
  return Boolean(isFallbackAdapter) || SOFTWARE.test(`${vendor} ${architecture} ${device} ${description}`);
}

function factsOf(info: GPUAdapterInfo, features: readonly string[]): AdapterFacts {
  const { vendor, architecture, device, description } = info;
  return { vendor, architecture, device, description, software: isSoftware(info), lanes: lanesOf(info, features), features };
}

/** Sizes differ per device and, where least and most differ, per compilation: then nothing may rely on one. */
function lanesOf({ subgroupMinSize: least, subgroupMaxSize: most }: GPUAdapterInfo, features: readonly string[]): number {
  return features.includes('subgroups') && least !== undefined && least === most ? least : 0;
}
