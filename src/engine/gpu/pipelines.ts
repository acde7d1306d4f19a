import { type Kernel, paramBytes, type Variant } from './kernel.ts';
import { expandSource, MissingShaderError, type ShaderTexts } from './source.ts';

/** One pipeline to have: a kernel, one of its variants, and what fills its slots. */
export interface PipelineKey {
  kernel: Kernel;
  variant: Variant;
  slots?: Readonly<Record<string, string>>;
}

/** Compiled pipelines by final source, and the bind-group layouts they share. */
export interface Pipelines {
  /** Compiles what is missing, all in parallel, and loads the later shaders where one is wanted; `tell` hears how many are ready. Throws with the driver's message and the kernel's name. */
  prepare(keys: readonly PipelineKey[], tell?: (done: number, total: number) => void): Promise<void>;
  /** The pipeline, compiled before by `prepare`. */
  get(key: PipelineKey): GPUComputePipeline;
  /** Layout of group 1: params, then the kernel's storage bindings. Equal for all variants of a kernel. */
  layout(kernel: Kernel): GPUBindGroupLayout;
  /** Layout of group 0: the knob row, bound by dynamic offset. */
  knobLayout: GPUBindGroupLayout;
  /** Loads the shaders that most runs do not begin with, if they are not there. */
  loadShaders(): Promise<void>;
  /** The text that is compiled; also what the tuning cache is keyed by. */
  source(key: PipelineKey): string;
}

/** Bytes of one knob row; see knobs.ts. */
export const KNOB_ROW_BYTES = 256;

/** A cache for one device; it lives as long as the device. @param later brings the shaders that are not among the first */
export function createPipelines(device: GPUDevice, shaders: ShaderTexts, later?: () => Promise<ShaderTexts>): Pipelines {
  let texts = shaders;
  const layouts = new Map<string, GPUBindGroupLayout>();
  const compiled = new Map<string, GPUComputePipeline>();
  const pending = new Map<string, Promise<void>>();
  const sources = new Map<string, string>();
  const knobLayout = device.createBindGroupLayout({
    label: 'knobs',
    entries: [{ binding: 0, visibility: GPU_COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: KNOB_ROW_BYTES } }],
  });

  const source = ({ kernel, variant, slots }: PipelineKey): string => {
    const id = `${kernel.name}/${variant.name}/${JSON.stringify(slots ?? {})}`;
    let text = sources.get(id);
    if (text === undefined) {
      text = expandSource(texts, variant.file ?? kernel.name, { consts: variant.consts ?? {}, slots: slots ?? {} });
      sources.set(id, text);
    }
    return text;
  };

  const isThere = (key: PipelineKey): boolean => {
    try {
      source(key);
      return true;
    } catch (error) {
      if (error instanceof MissingShaderError) return false;
      throw error;
    }
  };
  const loadShaders = async (): Promise<void> => {
    texts = { ...texts, ...(await later?.()) };
  };

  const layout = (kernel: Kernel): GPUBindGroupLayout => {
    const id = `${kernel.bindings.map((b) => b.access[0]).join('')} ${paramBytes(kernel)}`;
    let made = layouts.get(id);
    if (!made) {
      made = device.createBindGroupLayout({ label: `data ${id}`, entries: layoutEntries(kernel) });
      layouts.set(id, made);
    }
    return made;
  };

  const compile = async (key: PipelineKey, code: string): Promise<void> => {
    const label = `${key.kernel.name}/${key.variant.name}`;
    // Closed at once, so that it holds this shader's errors and no others; else they would reach the page's console.
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label, code });
    const refused = device.popErrorScope();
    const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [knobLayout, layout(key.kernel)] });
    try {
      compiled.set(code, await device.createComputePipelineAsync({ label, layout: pipelineLayout, compute: { module, entryPoint: 'main' } }));
    } catch (error) {
      const why = (await refused)?.message ?? (error instanceof Error ? error.message : String(error));
      throw new Error(`Kernel ${label} does not compile on this device: ${why}`, { cause: error });
    }
  };

  return {
    knobLayout,
    layout,
    source,
    loadShaders,
    async prepare(keys, tell) {
      if (!keys.every(isThere)) await loadShaders();
      const wanted = new Map(keys.map((key) => [source(key), key]));
      let done = 0;
      await Promise.all([...wanted].map(async ([code, key]) => {
        if (!compiled.has(code)) {
          if (!pending.has(code)) pending.set(code, compile(key, code).finally(() => pending.delete(code)));
          await pending.get(code);
        }
        tell?.(++done, wanted.size);
      }));
    },
    get(key) {
      const pipeline = compiled.get(source(key));
      if (!pipeline) throw new Error(`Pipeline ${key.kernel.name}/${key.variant.name} was not prepared.`);
      return pipeline;
    },
  };
}

/** GPUShaderStage.COMPUTE, spelled out because Node has no GPU globals before the binding is loaded. */
const GPU_COMPUTE = 4;

function layoutEntries(kernel: Kernel): GPUBindGroupLayoutEntry[] {
  const storage = kernel.bindings.map((b, i): GPUBindGroupLayoutEntry => ({
    binding: i + 1,
    visibility: GPU_COMPUTE,
    buffer: { type: b.access === 'read' ? 'read-only-storage' : 'storage' },
  }));
  return [{ binding: 0, visibility: GPU_COMPUTE, buffer: { type: 'uniform', minBindingSize: paramBytes(kernel) } }, ...storage];
}
