import { expect, it } from 'vitest';
import { listPaths } from '../../engine/experiment/paths.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { loadTables, nameOf } from './help.ts';

it('is told by the name of a setting: no two of one name say different things', async () => {
  const told = new Map<string, string>();
  for (const [key, knob] of (await loadTables()).flatMap(Object.entries)) {
    const name = nameOf(key, knob);
    expect(knob.help, name).not.toBe('');
    expect(told.get(name) ?? knob.help, name).toBe(knob.help);
    told.set(name, knob.help);
  }
  // What the page knows of a setting at first is all but its help.
  for (const { experiment } of Object.values(PRESETS)) {
    for (const [path, knob] of listPaths(experiment)) expect(told.get(nameOf(path, { ...knob, help: '' })), path).toBe(knob.help);
  }
});
