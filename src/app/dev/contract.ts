// Stand-in for the run log while it is being written; deleted when it lands.
import type { ArmId, CostFacts, Inspection, LayerFacts, MaskSnapshot, MetricRows, RunEvent } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';

export interface RunLog {
  experiment?: Experiment; layers: readonly LayerFacts[]; arms: readonly ArmId[]; totalSteps: number; cost: readonly CostFacts[]; biases: number;
  tables: Map<string, { step: number[]; columns: Map<string, number[]> }>;
  masks: Map<ArmId, MaskSnapshot[]>;
  inspections: Map<string, { step: number; inspection: Inspection }>;
  status: string; step: number;
}
export function createRunLog(): RunLog {
  return { layers: [], arms: [], totalSteps: 0, cost: [], biases: 0, tables: new Map(), masks: new Map(), inspections: new Map(), status: 'idle', step: 0 };
}
export function append(log: RunLog, event: RunEvent): void {
  if (event.type === 'started') { log.experiment = event.experiment; log.layers = event.layers; log.arms = event.arms; log.totalSteps = event.totalSteps; log.cost = event.cost; log.biases = event.biases; }
  else if (event.type === 'metrics') for (const rows of event.rows) addRows(log, rows);
  else if (event.type === 'masks') { const list = log.masks.get(event.snapshot.arm) ?? []; list.push(event.snapshot); log.masks.set(event.snapshot.arm, list); }
  else if (event.type === 'snapshot') log.inspections.set(`${event.inspection.what}/${event.inspection.arm}/${'layer' in event.inspection ? event.inspection.layer : ''}`, event);
}
function addRows(log: RunLog, rows: MetricRows): void {
  const key = `${rows.arm}/${rows.table}`;
  const table = log.tables.get(key) ?? { step: [], columns: new Map() };
  log.tables.set(key, table);
  table.step.push(...rows.step);
  log.step = Math.max(log.step, ...rows.step);
  for (const [name, values] of Object.entries(rows.columns)) table.columns.set(name, [...(table.columns.get(name) ?? []), ...values]);
}
export function series(log: RunLog, arm: ArmId, table: MetricRows['table'], column: string): { steps: ArrayLike<number>; values: ArrayLike<number> } {
  const found = log.tables.get(`${arm}/${table}`);
  return { steps: found?.step ?? [], values: found?.columns.get(column) ?? [] };
}
export function maskAt(log: RunLog, arm: ArmId, step: number): MaskSnapshot | undefined {
  return log.masks.get(arm)?.findLast((mask) => mask.step <= step || mask.update === 0);
}
export function openRecording(_bytes: Uint8Array): RunLog { return createRunLog(); }
export function statusOf(log: RunLog): { totalSteps: number } { return { totalSteps: log.totalSteps }; }
