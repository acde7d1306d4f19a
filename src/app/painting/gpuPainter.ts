import { createArena, type Arena } from '../../engine/gpu/arena.ts';
import type { Gpu } from '../../engine/gpu/device.ts';
import { bytesOf, packParams, paramBytes } from '../../engine/gpu/kernel.ts';
import { KNOB_ROW_BYTES } from '../../engine/gpu/pipelines.ts';
import { matrixPicture } from '../../engine/kernels/picture.ts';
import type { CodePlanes } from './planes.ts';
import { paramsOf, squaresOfScene, type MatrixScene } from './scene.ts';

/** Paints matrices on a device; the weights' codes stay there until others are put in their place. */
export interface GpuPainter {
  /** The codes that scenes are painted from. */
  hold(planes: CodePlanes): void;
  /** Appends the painting of a scene to an encoder; the picture is in the buffer, rows so many bytes apart, once that is submitted. */
  paint(encoder: GPUCommandEncoder, scene: MatrixScene): { buffer: GPUBuffer; bytesPerRow: number };
  /** The same, copied to a texture of the window's size. */
  paintTo(texture: GPUTexture, scene: MatrixScene): void;
  /** Bytes on the device. */
  bytes(): number;
  destroy(): void;
}

/** A painter with its kernel compiled. */
export async function createGpuPainter({ device, pipelines }: Gpu): Promise<GpuPainter> {
  const key = { kernel: matrixPicture, variant: matrixPicture.variants[0] };
  await pipelines.prepare([key]);
  const arena = createArena(device);
  const params = arena.uniform('matrix params', paramBytes(matrixPicture));
  // The kernel reads no knob; its pipeline has a place for them all the same.
  const knobs = device.createBindGroup({
    layout: pipelines.knobLayout,
    entries: [{ binding: 0, resource: { buffer: arena.uniform('no knobs', KNOB_ROW_BYTES), size: KNOB_ROW_BYTES } }],
  });
  const buffers = { planes: growing(arena, 'matrix planes'), squares: growing(arena, 'matrix squares'), pixels: growing(arena, 'matrix pixels') };
  let held: CodePlanes | undefined;
  let squaresAre = '';

  const putSquares = (scene: MatrixScene): void => {
    const wanted = JSON.stringify([scene.layout.cell, scene.ratio, scene.colouring]);
    if (wanted === squaresAre) return;
    const { pixels } = squaresOfScene(scene);
    device.queue.writeBuffer(buffers.squares(pixels.byteLength), 0, pixels);
    squaresAre = wanted;
  };

  const painter: GpuPainter = {
    hold(planes) {
      held = planes;
      device.queue.writeBuffer(buffers.planes(planes.bits.byteLength), 0, planes.bits);
    },
    paint(encoder, scene) {
      if (!held) throw new Error('A matrix is painted before its codes are there: call hold first.');
      const numbers = paramsOf(scene, held);
      putSquares(scene);
      device.queue.writeBuffer(params, 0, packParams(matrixPicture, numbers));
      const lengths = { planes: held.bits.length * 32, squares: 6 * numbers.cell ** 2, pixels: numbers.stride * numbers.height };
      matrixPicture.check?.(numbers, lengths);
      const bound = matrixPicture.bindings.map(({ name, dtype }, i) => {
        const size = bytesOf(dtype, lengths[name as keyof typeof lengths]);
        return { binding: i + 1, resource: { buffer: buffers[name as keyof typeof buffers](size), size } };
      });
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipelines.get(key));
      pass.setBindGroup(0, knobs, [0]);
      pass.setBindGroup(1, device.createBindGroup({ layout: pipelines.layout(matrixPicture), entries: [{ binding: 0, resource: { buffer: params } }, ...bound] }));
      pass.dispatchWorkgroups(...key.variant.grid(numbers));
      pass.end();
      return { buffer: buffers.pixels(0), bytesPerRow: 4 * numbers.stride };
    },
    paintTo(texture, scene) {
      const encoder = device.createCommandEncoder();
      const picture = painter.paint(encoder, scene);
      encoder.copyBufferToTexture(picture, { texture }, { width: scene.room.width, height: scene.room.height });
      device.queue.submit([encoder.finish()]);
    },
    bytes: () => arena.counters().liveBytes,
    destroy: () => arena.destroy(),
  };
  return painter;
}

/** A buffer that is made anew where it is too small for what is asked for. */
function growing(arena: Arena, label: string): (bytes: number) => GPUBuffer {
  let buffer: GPUBuffer | undefined;
  return (bytes) => {
    if (buffer && buffer.size >= bytes) return buffer;
    if (buffer) arena.free(buffer);
    return (buffer = arena.storage(label, bytes));
  };
}
