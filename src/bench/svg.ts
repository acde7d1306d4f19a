// What drawings that are written as text share.

/** Places of labels, moved down until neighbours are a line apart. */
export function spreadDown(places: readonly number[]): number[] {
  const moved = [...places];
  let floor = -Infinity;
  for (const i of places.map((_, at) => at).sort((a, b) => (places[a] as number) - (places[b] as number))) {
    moved[i] = Math.max(moved[i] as number, floor);
    floor = (moved[i] as number) + 14;
  }
  return moved;
}

/** A length with one digit behind the point, as short as it is. */
export const round = (value: number): string => String(Number(value.toFixed(1)));

/** A text as it stands between tags. */
export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
