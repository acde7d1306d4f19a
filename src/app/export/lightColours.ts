/** Colours of the light theme that figures use: those of tokens.css, which a test compares. Style sheets cannot be read while the dark theme is on. */
export const LIGHT_COLOURS: Readonly<Record<string, string>> = {
  '--surface': '#FFFFFF',
  '--text-1': '#1B1F24',
  '--text-2': '#4A535E',
  '--text-3': '#656F7B',
  '--hairline': '#D5DADF',
  '--control-border': '#7B8794',
  '--mask-never': '#F2F4F6',
  '--mask-was': '#D3D9DF',
  '--mask-kept': '#7A848F',
  '--mask-dropped': '#D9480F',
  '--mask-grown': '#1D4ED8',
  '--weight-negative': '#762A83',
  '--weight-zero': '#F7F7F7',
  '--weight-positive': '#3F9B5A',
  '--nan': '#FFD400',
  '--run-1': '#0B5FC0',
  '--run-2': '#964101',
  '--run-3': '#A38A12',
  '--run-4': '#2D3254',
  '--run-5': '#38A1B9',
  '--run-6': '#6A636F',
  '--run-7': '#3E322D',
  '--run-8': '#858C8C',
};

/** The colour of a token in the light theme: exported figures are printed, whatever the page looks like. @throws RangeError for an unknown token */
export function lightColour(token: string): string {
  const colour = LIGHT_COLOURS[token];
  if (colour === undefined) throw new RangeError(`Figures have no colour ${token}; lightColours.ts has ${Object.keys(LIGHT_COLOURS).join(', ')}.`);
  return colour;
}
