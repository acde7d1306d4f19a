import type { Knob, KnobTable, KnobValue } from '../experiment/card.ts';
import { ROUNDINGS } from './counts.ts';
import { DISTRIBUTIONS } from './distributions.ts';
import { NO_POINTS } from './points.ts';
import { DECAYS } from './schedules.ts';

/** Knob values of a method, as in a link. */
export type KnobValues = Readonly<Record<string, KnobValue>>;

/** The number under `key`; throws a TypeError when it is absent or something else (the card's check was skipped). */
export function readNumber(knobs: KnobValues, key: string): number {
  const value = knobs[key];
  if (typeof value !== 'number') throw new TypeError(`sparsity.${key} must be a number, got ${String(value)}`);
  return value;
}

/** The flag under `key`, or `otherwise` when the method has no such knob. */
export function readFlag(knobs: KnobValues, key: string, otherwise: boolean): boolean {
  const value = knobs[key] ?? otherwise;
  if (typeof value !== 'boolean') throw new TypeError(`sparsity.${key} must be true or false, got ${String(value)}`);
  return value;
}

/** The name under `key`, checked against a registry; a TypeError lists the known names. */
export function readChoice<Name extends string>(
  knobs: KnobValues,
  key: string,
  registry: Readonly<Record<Name, unknown>>,
): Name {
  const value = knobs[key];
  if (typeof value === 'string' && Object.hasOwn(registry, value)) return value as Name;
  throw new TypeError(`sparsity.${key} must be one of ${Object.keys(registry).join(', ')}, got ${String(value)}`);
}

/** How an update compares weights: within each layer, or over all layers with one threshold. */
export const SCOPES = { layer: true, global: true } as const;

/** Curves that a gradual schedule can follow. */
export const GRADUAL_CURVES = { polynomial: true, cosine: true, linear: true } as const;

/** Values that every knob of a card takes when nothing else is said. */
export function defaultKnobs(table: KnobTable): Record<string, KnobValue> {
  const values: Record<string, KnobValue> = {};
  for (const [key, knob] of Object.entries(table)) if (knob.kind !== 'widths') values[key] = knob.default;
  return values;
}

/** Share of weights kept; `live` where a running experiment follows it. */
export function densityKnob(initial: number, live: boolean): Knob {
  return {
    kind: 'number', min: 0.001, max: 1, default: initial, log: true, live,
    label: 'Density', help: 'Share of the maskable weights that is kept in the end; biases are not counted.',
  };
}

/** Idle where points say what the density is. */
export const ON_CURVE: Pick<Knob, 'where'> = { where: { path: 'sparsity.points', is: [NO_POINTS] } };

/** The density over the phase, point by point, in place of what the other knobs say. @param falls weights that left do not come back */
export function pointsKnob(falls: boolean): Knob {
  return {
    kind: 'points', min: 0.001, falls, default: NO_POINTS,
    label: 'Density over time', help: `Densities at shares of the phase, in links 0:1,0.5:0.05${falls ? '; they never rise' : ''}. The last is the final density.`,
  };
}

/** Where the active weights are: distribution over layers, and layers that stay dense. */
export function placementKnobs(distribution: keyof typeof DISTRIBUTIONS): KnobTable {
  return {
    distribution: {
      kind: 'choice', options: Object.keys(DISTRIBUTIONS), default: distribution, advanced: true,
      label: 'Distribution', help: 'How active weights are shared among layers: equally, or more densely in small layers (ER, ERK).',
    },
    ...denseLayerKnobs,
  };
}

/** Layers that are left out of the masks, and out of the density. */
export const denseLayerKnobs: KnobTable = {
  denseFirst: {
    kind: 'flag', default: false, advanced: true,
    label: 'First layer dense', help: 'The first layer is never masked and does not count in the density.',
  },
  denseLast: {
    kind: 'flag', default: false, advanced: true,
    label: 'Last layer dense', help: 'The last layer is never masked and does not count in the density.',
  },
};

/** When masks are updated: a window as shares of the phase, and a period in steps. @param prunes the window is that of a curve, and idle where points stand for it */
export function windowKnobs(start: number, end: number, period: number, prunes = false): KnobTable {
  return {
    updatePeriod: {
      kind: 'integer', min: 1, max: 10_000, default: period, log: true, live: true, unit: 'steps',
      label: 'Update every', help: 'Steps between two mask updates.',
    },
    updateStart: {
      ...(prunes && ON_CURVE), kind: 'number', min: 0, max: 1, default: start, advanced: true,
      label: 'First update', help: 'When updates begin, as a share of the phase.',
    },
    updateEnd: {
      ...(prunes && ON_CURVE), kind: 'number', min: 0, max: 1, default: end, advanced: true,
      label: 'Last update', help: 'When updates end, as a share of the phase.',
    },
  };
}

/** How density falls from one value to another over the updates. */
export function gradualKnobs(initialDensity: number): KnobTable {
  return {
    initialDensity: {
      ...ON_CURVE, kind: 'number', min: 0.001, max: 1, default: initialDensity, log: true, advanced: true,
      label: 'Initial density', help: 'Density before the first update; below 1 the first mask is random.',
    },
    curve: {
      ...ON_CURVE, kind: 'choice', options: Object.keys(GRADUAL_CURVES), default: 'polynomial', advanced: true,
      label: 'Curve', help: 'How density falls between the first and the last update.',
    },
    power: {
      ...ON_CURVE, kind: 'number', min: 1, max: 6, default: 3, advanced: true,
      label: 'Power', help: 'Exponent of the polynomial curve; 3 in the paper.',
    },
  };
}

/** Whether layers are compared with one another. */
export function scopeKnob(initial: keyof typeof SCOPES): Knob {
  return {
    kind: 'choice', options: Object.keys(SCOPES), default: initial, advanced: true,
    label: 'Scope', help: 'Every layer keeps its own share, or one threshold decides for all layers together.',
  };
}

/** What an exchange of weights does, where published codes differ. */
export interface ExchangeDefaults {
  dropFraction: number;
  dropDecay: keyof typeof DECAYS;
  keepValueOnRegrow: boolean;
  skipGradientOnUpdate: boolean;
  /** 0 where absent. */
  dropFloor?: number;
  /** `trunc` where absent. */
  rounding?: keyof typeof ROUNDINGS;
}

/** Knobs of methods that drop and grow. */
export function exchangeKnobs(defaults: ExchangeDefaults): KnobTable {
  return {
    dropFraction: {
      kind: 'number', min: 0, max: 1, default: defaults.dropFraction, live: true,
      label: 'Drop fraction', help: 'Share of active weights that an update drops and regrows; 0 keeps the mask as it is.',
    },
    dropDecay: {
      kind: 'choice', options: Object.keys(DECAYS), default: defaults.dropDecay, advanced: true,
      label: 'Drop decay', help: 'How the drop fraction shrinks between the first and the last update.',
    },
    dropFloor: {
      kind: 'number', min: 0, max: 0.5, default: defaults.dropFloor ?? 0, advanced: true,
      label: 'Drop floor', help: 'What the drop fraction decays to; 0 in RigL, 0.005 in the code of GraNet and ITOP.',
    },
    rounding: {
      kind: 'choice', options: Object.keys(ROUNDINGS), default: defaults.rounding ?? 'trunc', advanced: true,
      label: 'Rounding', help: 'How the number of exchanged weights is rounded: down in the code of RigL, up in that of GraNet.',
    },
    regrowAllowed: {
      kind: 'flag', default: true, advanced: true,
      label: 'May regrow at once', help: 'A weight dropped in an update may be grown in the same update.',
    },
    keepValueOnRegrow: {
      kind: 'flag', default: defaults.keepValueOnRegrow, advanced: true,
      label: 'Keep value on regrow', help: 'A weight dropped and grown in one update keeps its value and optimizer state; otherwise it restarts at 0.',
    },
    skipGradientOnUpdate: {
      kind: 'flag', default: defaults.skipGradientOnUpdate, advanced: true,
      label: 'Skip gradient on update', help: 'A step that updates masks leaves the weights otherwise as they are.',
    },
  };
}
