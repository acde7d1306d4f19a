import { renderToString } from 'katex';

/** MathML of an equation; browsers set it without further fonts or styles. */
export function typeset(source: string): string {
  return renderToString(source, { displayMode: true, output: 'mathml', throwOnError: false });
}
