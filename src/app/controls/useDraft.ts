import { useEffect, useState } from 'react';

/** What stands in a box while it is typed, and why it cannot be taken. */
export interface Draft {
  text: string;
  setText(text: string): void;
  reason: string | null;
  setReason(reason: string | null): void;
}

/** The draft of a box whose value is `written`; a new value takes its place. */
export function useDraft(written: string): Draft {
  const [text, setText] = useState(written);
  const [reason, setReason] = useState<string | null>(null);
  useEffect(() => {
    setText(written);
    setReason(null);
  }, [written]);
  return { text, setText, reason, setReason };
}
