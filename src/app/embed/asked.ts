/** True for links of a figure in another page: they hold `embed=1`. Tiny, because every page asks it before it draws. */
export function embedAsked(hash: string): boolean {
  return /[#&]embed=1(&|$)/.test(hash);
}
