import type { ReactElement, ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }): ReactElement {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** A filled triangle to the right. */
export const PlayIcon = (): ReactElement => <Icon><path d="M6.5 3.8v12.4L16 10z" fill="currentColor" /></Icon>;
/** Two upright bars. */
export const PauseIcon = (): ReactElement => <Icon><path d="M6.5 4.5v11M13.5 4.5v11" strokeWidth="3.2" strokeLinecap="butt" /></Icon>;
/** A triangle against a bar. */
export const StepIcon = (): ReactElement => <Icon><path d="M4.5 4.2v11.6l8-5.8z" fill="currentColor" /><path d="M15.5 4.5v11" strokeWidth="2.2" /></Icon>;
/** An arrow round to the left. */
export const ResetIcon = (): ReactElement => <Icon><path d="M4.2 8.4A6.2 6.2 0 1 1 4 12" /><path d="M3.6 4.2l.4 4.5 4.4-.6" /></Icon>;
/** Two dice pips and a frame. */
export const SeedIcon = (): ReactElement => (
  <Icon>
    <rect x="3.5" y="3.5" width="13" height="13" rx="2.5" />
    <circle cx="7.2" cy="7.2" r="1" fill="currentColor" stroke="none" />
    <circle cx="10" cy="10" r="1" fill="currentColor" stroke="none" />
    <circle cx="12.8" cy="12.8" r="1" fill="currentColor" stroke="none" />
  </Icon>
);
/** A half-filled circle. */
export const ThemeIcon = (): ReactElement => <Icon><circle cx="10" cy="10" r="6.5" /><path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" /></Icon>;
/** A question mark. */
export const HelpIcon = (): ReactElement => <Icon><path d="M7 7.4a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2" /><circle cx="10" cy="15.2" r=".9" fill="currentColor" stroke="none" /></Icon>;
/** A cross. */
export const CloseIcon = (): ReactElement => <Icon><path d="M5 5l10 10M15 5L5 15" /></Icon>;
/** Two links of a chain. */
export const LinkIcon = (): ReactElement => <Icon><path d="M8.4 11.6l3.2-3.2M9 5.9l1.6-1.6a3.6 3.6 0 0 1 5.1 5.1L14.1 11M11 14.1l-1.6 1.6a3.6 3.6 0 0 1-5.1-5.1L5.9 9" /></Icon>;
