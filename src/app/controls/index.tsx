import { lazy, Suspense, type ComponentType, type ReactElement } from 'react';
import type { Knob } from '../../engine/experiment/card.ts';
import { ChoiceControl } from './ChoiceControl.tsx';
import { FlagControl } from './FlagControl.tsx';
import { NumberControl } from './NumberControl.tsx';
import type { ControlProps } from './types.ts';

const ScheduleControl = lazy(async () => ({ default: (await import('../schedule/ScheduleControl.tsx')).ScheduleControl }));
const WidthsControl = lazy(async () => ({ default: (await import('./WidthsControl.tsx')).WidthsControl }));

/** One component for each kind of knob: a new kind does not compile without its control. Those that stand in no open group, or draw, come later. */
const CONTROLS: { readonly [Kind in Knob['kind']]: ComponentType<ControlProps<Extract<Knob, { kind: Kind }>>> } = {
  number: NumberControl,
  integer: NumberControl,
  choice: ChoiceControl,
  flag: FlagControl,
  widths: WidthsControl,
  points: ScheduleControl,
};

/** The control that belongs to a knob. */
export function Control(props: ControlProps): ReactElement {
  // The registry pairs every kind with a component for that very kind, which a lookup by a union cannot express.
  const Kind = CONTROLS[props.knob.kind] as ComponentType<ControlProps>;
  return <Suspense fallback={<div style={{ minHeight: props.knob.kind === 'points' ? 300 : 88 }} />}><Kind {...props} /></Suspense>;
}
