import { adapterName, type Gpu } from './device.ts';

/** What the first check of a device found; `message` names the adapter either way. */
export interface SelfTestResult {
  ok: boolean;
  message: string;
}

/** Integers only, so that every right driver gives the same bits: a product, a shift and an exclusive or. */
const SHADER = `
@group(0) @binding(0) var<storage, read_write> values: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < arrayLength(&values)) { values[id.x] = (values[id.x] * 0x9e3779b9u) ^ (id.x >> 3u); }
}`;
const COUNT = 1000;

/**
 * One shader, one dispatch, one read-back, before anything is built on this device. It makes its objects by itself, so
 * that a fault lies in the driver and not in Sparseland. Never throws; frees what it made.
 * @param timeoutMs a driver that answers nothing for so long is reported as wrong.
 */
export async function quickSelfTest(gpu: Gpu, timeoutMs = 10_000): Promise<SelfTestResult> {
  const adapter = describe(gpu);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<string>((resolve) => { timer = setTimeout(() => resolve(`did not answer within ${timeoutMs / 1000} s`), timeoutMs); });
  const lost = gpu.lost.then((reason) => `was lost (${reason})`);
  const fault = await Promise.race([computeOnce(gpu.device).catch((error: unknown) => `failed: ${error instanceof Error ? error.message : String(error)}`), timeout, lost]);
  clearTimeout(timer);
  if (fault === undefined) return { ok: true, message: `${adapter} computes correctly.` };
  return { ok: false, message: `${adapter} ${fault}. Update the graphics driver, or try another browser.` };
}

function describe({ facts }: Gpu): string {
  return `${adapterName(facts)} (${facts.software ? 'software' : 'hardware'})`;
}

/** What went wrong, or undefined. */
async function computeOnce(device: GPUDevice): Promise<string | undefined> {
  const input = Uint32Array.from({ length: COUNT }, (_, i) => i * 2_654_435 + 7);
  const values = device.createBuffer({ size: input.byteLength, usage: STORAGE | COPY_SRC | COPY_DST });
  const staging = device.createBuffer({ size: input.byteLength, usage: MAP_READ | COPY_DST });
  device.pushErrorScope('validation');
  try {
    const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module: device.createShaderModule({ code: SHADER }) } });
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: values } }] });
    device.queue.writeBuffer(values, 0, input);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(COUNT / 64));
    pass.end();
    encoder.copyBufferToBuffer(values, 0, staging, 0, input.byteLength);
    device.queue.submit([encoder.finish()]);
    const error = device.popErrorScope();
    await staging.mapAsync(1);
    const got = new Uint32Array(staging.getMappedRange());
    const wrong = got.findIndex((value, i) => value !== ((Math.imul(input[i] as number, 0x9e3779b9) ^ (i >>> 3)) >>> 0));
    const said = (await error)?.message;
    if (said) return `refuses the simplest program: ${said}`;
    return wrong < 0 ? undefined : `computes wrongly: element ${wrong} of the simplest program is ${got[wrong]}`;
  } finally {
    values.destroy();
    staging.destroy();
  }
}

/* GPUMapMode and GPUBufferUsage, spelled out because Node has no GPU globals before the binding is loaded. */
const MAP_READ = 1;
const COPY_SRC = 4;
const COPY_DST = 8;
const STORAGE = 128;
