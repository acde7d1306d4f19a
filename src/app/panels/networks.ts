import type { ArmId } from '../../engine/experiment/events.ts';
import type { Stroke } from '../charts/model.ts';

/** How the main network and its controls look and are called, everywhere. */
export const NETWORKS: Readonly<Record<ArmId, { label: string; long: string; colour: string; stroke: Stroke }>> = {
  main: { label: 'this', long: 'This network', colour: '--run-1', stroke: 'solid' },
  dense: { label: 'dense', long: 'Dense twin', colour: '--text-2', stroke: 'dashed' },
  random: { label: 'random mask', long: 'Random mask (fixed)', colour: '--run-2', stroke: 'solid' },
};

/** The order in which networks are listed. */
export const NETWORK_ORDER: readonly ArmId[] = ['main', 'dense', 'random'];
