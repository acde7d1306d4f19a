import tokens from '../styles/tokens.css?raw';

const ROOT = /^:root \{([^}]*)\}/.exec(tokens)?.[1] ?? '';
const LIGHT = new Map([...ROOT.matchAll(/(--[\w-]+): (#\w+);/g)].map(([, name, value]) => [name, value] as const));

/** The colour of a token in the light theme: exported figures are printed, whatever the page looks like. @throws RangeError for an unknown token */
export function lightColour(token: string): string {
  const colour = LIGHT.get(token);
  if (colour === undefined) throw new RangeError(`There is no colour ${token} in the light theme of tokens.css.`);
  return colour;
}
