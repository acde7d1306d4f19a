import { type LayerCounts, readCounts } from '../sparsity/gpuUpdate.ts';
import { deadNeurons, effectiveWeights, popcount } from '../sparsity/measure.ts';
import { BACKWARD_MASKS } from '../sparsity/storage.ts';
import type { NmPattern } from '../sparsity/pattern.ts';
import { unitCode } from '../sparsity/units.ts';
import type { Arm } from './arm.ts';
import type { MaskSnapshot, MetricRows } from './events.ts';
import { type Job, wholeBuffer } from './reads.ts';
import { COUNT_ROWS } from './trainer.ts';

const NO_STEP = 0xffffffff;

/** What the CPU knows of masks that are read. */
export interface MaskOrigin {
  step: number;
  planned: readonly number[];
  /** N and M that an update chose them by; absent where no update made them, or without a pattern. */
  pattern?: Pick<NmPattern, 'n' | 'm'> | undefined;
}

/** Reads an arm's masks as they are after `step`; `updated` tells that an update made them, whose counts the device has. Nothing is told of a run that has diverged. */
export function readMasks(arm: Arm, { updated, ...origin }: MaskOrigin & { updated: boolean }, tell: (row: MetricRows, snapshot: MaskSnapshot) => void): Job {
  const update = arm.updates();
  return {
    parts: [wholeBuffer(arm, 'masks'), wholeBuffer(arm, 'status'), ...(arm.plan().outside?.backward ? [wholeBuffer(arm, BACKWARD_MASKS)] : [])],
    handle(data) {
      const status = new Uint32Array(data[1] as ArrayBuffer);
      if (status[0] !== NO_STEP) return;
      const snapshot = snapshotOf(arm, origin.step, update, new Uint32Array(data[0] as ArrayBuffer));
      const row = maskRow(arm, snapshot, origin.planned, updated ? status : undefined);
      const { pattern } = arm.layout;
      const more = pattern && unitCode().patternColumns(arm.layers, { pattern, chosen: origin.pattern, full: row.columns.density?.[0] === 1, mask: snapshot.mask, backward: data[2] && new Uint32Array(data[2]) });
      tell(more ? { ...row, columns: { ...row.columns, ...more } } : row, snapshot);
    },
  };
}

/** Splits the four bitsets that the device keeps into a snapshot; `words` u32 words copied off the device. */
export function snapshotOf(arm: Arm, step: number, update: number, masks: Uint32Array): MaskSnapshot {
  const words = arm.layout.masked / 32;
  const part = (i: number): Uint32Array => masks.slice(i * words, (i + 1) * words);
  return { arm: arm.id, step, update, mask: part(0), previous: part(1), regrown: part(2), fired: part(3) };
}

/** One row of the mask table: the measures of `MASK_COLUMNS`, in total and per layer. `status` only where an update made the mask. */
export function maskRow(arm: Arm, snapshot: MaskSnapshot, planned: readonly number[], status?: Uint32Array): MetricRows {
  const maskable = arm.layers.filter((l) => l.maskable);
  const counts = status ? readCounts(status, COUNT_ROWS, arm.layout.layers.length, snapshot.update) : maskable.map((l) => fromMask(snapshot, l.wordOffset, l.words));
  const dead = deadNeurons(snapshot.mask, arm.layers);
  const effective = effectiveWeights(snapshot.mask, arm.layers);
  const columns: Record<string, Float32Array> = {};
  const total = { size: 0, planned: 0, active: 0, dropped: 0, grown: 0, regrown: 0, fired: 0, dead: 0, effective: 0 };
  const put = (prefix: string, size: number, plannedCount: number, c: LayerCounts, deadCount: number, effectiveCount: number): void => {
    const values = {
      planned: plannedCount / size, density: c.active / size, active: c.active, dropped: c.dropped, grown: c.grown, regrown: c.regrown,
      flips: c.dropped + c.grown - 2 * c.regrown, itop: c.fired / size, dead: deadCount, effective: effectiveCount / size,
    };
    for (const [name, value] of Object.entries(values)) columns[prefix + name] = Float32Array.of(value);
  };
  maskable.forEach((layer, m) => {
    const c = counts[m] as LayerCounts;
    const place = arm.layers.indexOf(layer);
    const size = layer.out * layer.in;
    const deadCount = dead[place] ?? 0;
    const effectiveCount = effective[place] ?? 0;
    put(`${layer.name}.`, size, planned[m] ?? size, c, deadCount, effectiveCount);
    total.size += size;
    total.planned += planned[m] ?? size;
    total.dead += deadCount;
    total.effective += effectiveCount;
    for (const key of ['active', 'dropped', 'grown', 'regrown', 'fired'] as const) total[key] += c[key];
  });
  if (total.size > 0) put('', total.size, total.planned, total, total.dead, total.effective);
  return { arm: arm.id, table: 'mask', step: Uint32Array.of(snapshot.step), columns };
}

/** Densities of layers by name, as a row of the mask table has them. */
export function densitiesOf({ columns }: Pick<MetricRows, 'columns'>): Map<string, number> {
  return new Map(Object.entries(columns).filter(([name]) => name.endsWith('.density')).map(([name, values]) => [name.slice(0, -'.density'.length), values.at(-1) ?? 1]));
}

/** Counts of a mask that no update made: nothing left, nothing entered. */
function fromMask(snapshot: MaskSnapshot, offset: number, words: number): LayerCounts {
  const ever = snapshot.mask.slice(offset, offset + words).map((word, i) => word | (snapshot.fired[offset + i] as number));
  return { active: popcount(snapshot.mask, offset, words), dropped: 0, grown: 0, regrown: 0, fired: popcount(ever) };
}
