import { expect, test } from 'vitest';
import { openTestGpu, testAdapters, testGpu } from './testGpu.ts';

const SHADER = `
@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&values)) { values[id.x] = values[id.x] * 2.0 + 1.0; }
}`;

/** Runs SHADER over `input` (length N) and reads the N results back. */
async function runShader(device: GPUDevice, input: Float32Array<ArrayBuffer>): Promise<Float32Array> {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const values = device.createBuffer({ size: input.byteLength, usage: STORAGE | COPY_SRC | COPY_DST });
  const staging = device.createBuffer({ size: input.byteLength, usage: MAP_READ | COPY_DST });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module: device.createShaderModule({ code: SHADER }) } });
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: values } }] });
  device.queue.writeBuffer(values, 0, input);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(Math.ceil(input.length / 4));
  pass.end();
  encoder.copyBufferToBuffer(values, 0, staging, 0, input.byteLength);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  return new Float32Array(staging.getMappedRange().slice(0));
}

test('the adapter under test is the one asked for', async () => {
  const { choice, describe } = await openTestGpu();
  const expected = { swiftshader: /SwiftShader.*, software$/, lavapipe: /llvmpipe.*, software$/, default: /, (software|hardware)$/ };
  expect(describe).toMatch(expected[choice]);
});

test('SwiftShader is always among the adapters to test on', () => {
  expect(testAdapters()).toContain('swiftshader');
});

test('a compute shader runs and its result is read back, on two devices in a row', async () => {
  const gpu = await testGpu();
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const adapter = await gpu.requestAdapter();
    const device = await adapter!.requestDevice();
    device.pushErrorScope('validation');
    expect([...(await runShader(device, new Float32Array([0, 1, 2, 3, 4])))]).toEqual([1, 3, 5, 7, 9]);
    expect(await device.popErrorScope()).toBeNull();
    device.destroy();
  }
});

test('the GPU is opened once for the process', async () => {
  expect(await testGpu()).toBe(await testGpu());
});
