import type { ReactElement } from 'react';

/** The mark: a mask of nine weights, one of them just grown. */
export function Wordmark(): ReactElement {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <path className="mark-off" d="M2 2h8v8H2zM22 2h8v8h-8zM2 12h8v8H2zM22 12h8v8h-8zM22 22h8v8h-8z" />
        <path className="mark-on" d="M12 2h8v8h-8zM12 12h8v8h-8zM2 22h8v8H2z" />
        <path className="mark-grown" d="M12 22h8v8h-8z" />
      </svg>
      <span className="wordmark-text">Sparseland</span>
    </span>
  );
}
