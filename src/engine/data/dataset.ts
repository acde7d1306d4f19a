/** Examples and their classes. */
export interface Examples {
  count: number;
  /** count x features, row-major: bytes 0 to 255, or floats; of a text the codes of all its characters. */
  values: Uint8Array | Float32Array;
  /** One an example; none of a text, where the next character is the label. */
  labels: Uint8Array;
}

/** A data set in memory: everything that a run needs to know of it. */
export interface Dataset {
  id: string;
  title: string;
  features: number;
  classes: number;
  train: Examples;
  test: Examples;
  /** The network sees byte * scale + shift; 1 and 0 for floats. */
  scale: number;
  shift: number;
  /** Of the training values as numbers in [0, 1] (bytes) or as they are. */
  mean: number;
  std: number;
  image?: { width: number; height: number };
  /** Of a text: its characters in the order of their codes, and how many characters lie between two examples. `features` is the length of a window, `classes` the number of characters. */
  text?: { characters: string; stride: { train: number; test: number } };
  licence: string;
  source: string;
}

/**
 * Gives the stored (deflated) bytes of a file of the data folder; `received` hears how many have come so far, where
 * that is known before the end. @throws DataError when it cannot.
 */
export type FetchBytes = (file: string, received?: (bytes: number) => void) => Promise<Uint8Array>;

/** Data that cannot be had, or is not what it should be; `message` says what and what to do. */
export class DataError extends Error {
  override name = 'DataError';
}

/** What a network answers for one example: a class, or for each character of a window the next one. */
export const answersOf = ({ text, features }: Pick<Dataset, 'text' | 'features'>): number => (text ? features : 1);
