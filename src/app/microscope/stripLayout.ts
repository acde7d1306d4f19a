/** Where the slots of a strip of groups stand, in CSS pixels. */
export interface StripLayout {
  width: number;
  /** Room of the words on the left. */
  gutter: number;
  /** Width of a slot, and between two groups. */
  slot: number;
  gap: number;
  /** Groups shown. */
  count: number;
  m: number;
}

/** Narrowest slot that still shows something, and the width that the first look gives. */
const NARROWEST = 3;
const COMFORTABLE = 15;
const GUTTER = 48;

/** How many groups of a line a strip may show, and shows at first. */
export function groupsThatFit(width: number, m: number, groups: number): { most: number; first: number } {
  const room = Math.max(1, width - GUTTER);
  const fit = (slot: number): number => Math.max(1, Math.min(groups, Math.floor(room / (m * slot))));
  return { most: fit(NARROWEST), first: fit(COMFORTABLE) };
}

/** Shares the width among groups. */
export function stripLayout(width: number, m: number, count: number): StripLayout {
  const room = Math.max(1, width - GUTTER);
  const gap = room / (count * m) >= 10 ? 10 : room / (count * m) >= 6 ? 6 : 2;
  const slot = Math.max(1, (room - (count - 1) * gap) / (count * m));
  return { width, gutter: GUTTER, slot, gap, count, m };
}

/** Widest bar, in CSS pixels: broader ones say no more. */
const BROADEST = 64;

/** Room that a bar leaves on each side of its slot. */
export const insetOf = (slot: number): number => Math.max(slot >= 8 ? Math.min(6, slot * 0.16) : slot >= 4 ? 0.5 : 0, (slot - BROADEST) / 2);

/** Left edge of a slot. @param group counted from the first that is shown */
export const slotX = ({ gutter, slot, gap, m }: StripLayout, group: number, place: number): number => gutter + group * (m * slot + gap) + place * slot;

/** The slot under a point, the nearest where it lies between groups or beside them. */
export function slotUnder({ gutter, slot, gap, m, count }: StripLayout, x: number): { group: number; place: number } {
  const group = Math.min(count - 1, Math.max(0, Math.floor((x - gutter + gap / 2) / (m * slot + gap))));
  const place = Math.floor((x - gutter - group * (m * slot + gap)) / slot);
  return { group, place: Math.min(m - 1, Math.max(0, place)) };
}

/** A window of groups that holds one of them, moved as little as needed. */
export function windowAround(first: number, count: number, group: number, groups: number): number {
  return Math.max(0, Math.min(groups - count, group, Math.max(first, group - count + 1)));
}
