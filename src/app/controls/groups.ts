import type { Knob, KnobTable } from '../../engine/experiment/card.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { getPath, listPaths } from '../../engine/experiment/paths.ts';
import { livePath } from '../stores/experiment.ts';

/** Settings that stand together under one heading. */
export interface SettingGroup {
  id: string;
  title: string;
  /** Open when the page is opened. */
  open: boolean;
  /** Knobs by their path in a link. */
  knobs: KnobTable;
}

const GROUPS = [
  { id: 'sparsity', title: 'Sparsity', open: true },
  { id: 'train', title: 'Train', open: true },
  { id: 'data', title: 'Data', open: false },
  { id: 'network', title: 'Network', open: false },
  { id: 'advanced', title: 'Advanced', open: false },
] as const;

const GROUP_OF_HEAD: Readonly<Record<string, (typeof GROUPS)[number]['id']>> = { sparsity: 'sparsity', masks: 'sparsity', data: 'data', model: 'network' };
/** What happens on entering a phase means nothing where nothing came before. */
const ENTRY = new Set(['entry', 'optimizerState']);

/**
 * The settings of an experiment in their groups, from the schema and the method's card; the method itself is left out.
 * @param phase whose settings are shown; those of other phases are left out
 */
export function settingGroups(experiment: Experiment, phase: number): SettingGroup[] {
  const found = new Map<string, Record<string, Knob>>(GROUPS.map(({ id }) => [id, {}]));
  for (const [path, knob] of listPaths(experiment)) {
    const own = livePath(path);
    if (own === 'sparsity.method' || (phase === 0 && ENTRY.has(own))) continue;
    if (own !== path && !path.startsWith(`phases.${phase}.`)) continue;
    if (!meansSomething(experiment, knob, path.slice(0, path.length - own.length))) continue;
    const id = knob.advanced || path === 'phases' ? 'advanced' : GROUP_OF_HEAD[own.split('.')[0] ?? ''] ?? 'train';
    const group = found.get(id);
    if (group) group[path] = knob;
  }
  return GROUPS.map((group) => ({ ...group, knobs: ordered(found.get(group.id) ?? {}) })).filter(({ knobs }) => Object.keys(knobs).length > 0);
}

/** The settings of the method itself, as they stand in the groups. */
export function methodKnobs(experiment: Experiment, phase: number): KnobTable {
  const all = settingGroups(experiment, phase).flatMap(({ knobs }) => Object.entries(knobs));
  return Object.fromEntries(all.filter(([path]) => livePath(path).startsWith('sparsity.')));
}

/** False where another setting makes this one idle: Adam has no momentum, a perceptron no channels. @param prefix of paths of the same phase */
function meansSomething(experiment: Experiment, { where }: Knob, prefix: string): boolean {
  return !where || where.is.includes(String(getPath(experiment, prefix + where.path) ?? getPath(experiment, where.path)));
}

/** Live knobs first, and the schedule that the first of them ends; what belongs to the run as a whole last. */
function ordered(knobs: Readonly<Record<string, Knob>>): KnobTable {
  const rank = ([path, knob]: readonly [string, Knob]): number => (knob.live || knob.kind === 'points' ? 0 : livePath(path).includes('.') ? 1 : 2);
  return Object.fromEntries(Object.entries(knobs).sort((a, b) => rank(a) - rank(b)));
}
