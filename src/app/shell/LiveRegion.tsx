import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useView } from '../stores/view.ts';

const EVERY_MS = 10_000;

/** Tells screen readers how it goes: politely, at most every ten seconds, and only while switched on. */
export function LiveRegion({ text }: { text: string }): ReactElement {
  const on = useView((view) => view.announcements);
  const [said, setSaid] = useState('');
  const newest = useRef(text);
  const last = useRef(0);
  newest.current = text;
  useEffect(() => {
    if (!on) return undefined;
    const wait = Math.max(0, last.current + EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSaid(newest.current);
    }, wait);
    return () => clearTimeout(timer);
    // A newer text does not push the timer back: it is read when the timer fires.
  }, [on, said, said === text]);
  return <div className="visually-hidden" role="status" aria-live="polite">{on ? said : ''}</div>;
}
