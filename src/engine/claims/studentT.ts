/**
 * P(|T| <= |t|) of Student's t with a whole number of degrees of freedom: the finite series of Abramowitz and Stegun
 * 26.7.3 (odd) and 26.7.4 (even), so it is exact but for rounding.
 */
function centralShare(t: number, degrees: number): number {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degrees));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2 === 1;
  let term = odd ? cos : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= (cos * cos * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}

/** P(T > t) of Student's t. @param degrees of freedom, a whole number of at least 1 */
export function upperTail(t: number, degrees: number): number {
  const outside = (1 - centralShare(t, degrees)) / 2;
  return t >= 0 ? outside : 1 - outside;
}

/** The t that a share `tail` of Student's distribution exceeds: 0.025 for the ends of a 95 % interval. @param tail above 0, at most 0.5 */
export function quantile(tail: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (upperTail(high, degrees) > tail) [low, high] = [high, 2 * high];
  // Halved until the two are neighbours: some sixty times, whatever the degrees.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    if (upperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
}
