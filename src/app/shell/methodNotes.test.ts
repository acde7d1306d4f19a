import { describe, expect, it } from 'vitest';
import { METHODS, type MethodId } from '../../engine/sparsity/methods/index.ts';
import { loadNotes } from './methodNotes.ts';

describe('notes of a method', () => {
  it.each(Object.keys(METHODS) as MethodId[])('of %s are those of its card', async (id) => {
    const { equations, fidelity, deviations } = METHODS[id].card;
    expect(await loadNotes(id)).toMatchObject({ equations, fidelity, deviations });
  });
});
