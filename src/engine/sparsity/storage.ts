import type { Trace, Value } from '../gpu/trace.ts';
import { clearMasked } from '../kernels/mask.ts';
import type { ParamLayout, ParamTensor } from '../nn/layout.ts';
import type { ProductOf } from '../nn/products.ts';
import type { Tape } from '../ops/tape.ts';
import type { Format, IndexedFormats, Storage } from './formats/index.ts';
import type { MaskPlan } from './method.ts';

/** How the layer with a weight of this name is stored. */
export type FormatOf = (weight: string) => Format;

/** As the phase asks; under `auto` as was chosen, and masked where nothing was. */
export function formatOf(storage: Storage, chosen: ReadonlyMap<string, Format>): FormatOf {
  return (weight) => (storage === 'auto' ? chosen.get(weight) ?? 'masked' : storage);
}

/** The layers that can be stored in any format: matrices. Filters of convolutions are always masked. */
export const storable = ({ layers }: Pick<ParamLayout, 'layers'>): readonly ParamTensor[] => layers.filter(({ shape }) => shape.length === 2);

/** The layers that have an index. */
export const indexedLayers = (layout: Pick<ParamLayout, 'layers'>, format: FormatOf): readonly ParamTensor[] => storable(layout).filter(({ name }) => format(name) !== 'masked');

/** The mask bits of all layers, at the beginning of the State buffer `masks`. */
export function maskOf(trace: Trace, { masked }: Pick<ParamLayout, 'masked'>): Value {
  return trace.view(trace.state('masks', 'bits', 4 * masked), 'mask', 0, [masked]);
}

/** State buffer with the mask that gradients of inputs go through, where it is another one. */
export const BACKWARD_MASKS = 'backward masks';

/** True where gradients of inputs go through a mask of their own: the plan has one, and there is a pattern along the inputs that it is the other side of. */
const hasBackward = ({ pattern }: Pick<ParamLayout, 'pattern'>, { outside }: Pick<MaskPlan, 'outside'>): boolean => outside?.backward !== undefined && pattern?.axis === 'in';

/** The bits of that mask, where there is one. */
export function backwardMaskOf(trace: Trace, layout: Pick<ParamLayout, 'masked' | 'pattern'>, plan: Pick<MaskPlan, 'outside'>): Value | undefined {
  return hasBackward(layout, plan) ? trace.state(BACKWARD_MASKS, 'bits', layout.masked) : undefined;
}

/** Neighbouring inputs of a layer that share one pattern along the outputs there: as many as outputs do along the inputs. */
export function backwardShare({ groups }: Pick<ParamLayout, 'groups'>, layer: ParamTensor): number {
  const { rows, columns } = groups?.layers.find(({ first }) => first === layer.offset) ?? { rows: 1, columns: 1 };
  return Math.max(rows, columns);
}

/** How the layers of a network are stored, and the formats that it takes. */
export interface LayerStorage {
  format: FormatOf;
  indexed: IndexedFormats;
}

/** Records what makes the indexes of layers anew from their masks; nothing for those that are `masked`. */
export function traceIndexes(trace: Trace, layout: Pick<ParamLayout, 'layers' | 'masked' | 'groups' | 'pattern'>, { format, indexed }: LayerStorage, plan: Pick<MaskPlan, 'outside'>): void {
  for (const layer of indexedLayers(layout, format)) indexed.get(format(layer.name))?.traceIndex(trace, layout, layer, backwardMaskOf(trace, layout, plan));
}

/** The products of the layers that are stored sparsely. */
export function sparseProducts(tape: Tape, layout: ParamLayout, { format, indexed }: LayerStorage, denseGradient: boolean, plan: Pick<MaskPlan, 'outside'>): ProductOf {
  return (name) => {
    const layer = indexedLayers(layout, format).find((l) => l.name === name);
    return layer && indexed.get(format(name))?.product(tape, layout, layer, { denseGradient, backward: tape.training && hasBackward(layout, plan) });
  };
}

/** Records what a State needs after its masks were written from outside: zeros outside of them, unless these train, too, and their indexes. */
export function traceSettle(trace: Trace, layout: ParamLayout, slotCount: number, storage: LayerStorage, plan: Pick<MaskPlan, 'keepsInactive' | 'outside'>): void {
  if (layout.layers.length === 0) return;
  const { n, masked } = layout;
  if (!plan.keepsInactive) trace.dispatch(clearMasked, {
    label: 'zeros outside the masks', params: { words: masked / 32, slots: slotCount, slot_stride: n },
    bind: { mask: maskOf(trace, layout), weights: trace.view(trace.state('params', 'f32', n), 'maskable weights', 0, [masked]), slots: trace.state('slots', 'f32', n * slotCount) },
  });
  traceIndexes(trace, layout, storage, plan);
}
