import { expect, test } from 'vitest';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { getPath, listPaths, setPath } from '../../engine/experiment/paths.ts';
import { createRunLog } from '../../engine/experiment/runLog.ts';
import { meanLead, isOfLesson, outcomeOf, settingsOf } from './outcome.ts';
import { LESSONS } from './index.ts';
import { countWords, EXPLAIN_WORDS, PARTS, partsOf } from './lesson.ts';
import { readMarkdown } from './readMarkdown.ts';

test('lessons have names of their own', () => {
  expect(new Set(LESSONS.map(({ id }) => id)).size).toBe(LESSONS.length);
});

for (const lesson of LESSONS) {
  test(`${lesson.id} keeps the template: every part, and an explanation of at most ${EXPLAIN_WORDS} words`, () => {
    const parts = partsOf(lesson);
    for (const part of PARTS) expect(readMarkdown(parts[part]), part).not.toEqual([]);
    expect(countWords(parts.Explain)).toBeLessThanOrEqual(EXPLAIN_WORDS);
  });

  test(`${lesson.id} runs a preset with settings that it takes as they are, and changes one thing of them`, () => {
    for (const changed of [false, true]) {
      const notes: string[] = [];
      const experiment = settingsOf(lesson, changed).reduce((next, [path, value]) => {
        expect([...listPaths(next).keys()]).toContain(path);
        return setPath(next, path, value, notes);
      }, findPreset(lesson.preset).experiment);
      expect(notes).toEqual([]);
      expect(isOfLesson(lesson, experiment, changed)).toBe(true);
      expect(isOfLesson(lesson, experiment, !changed)).toBe(false);
      expect(experiment.beside[lesson.ask.against], 'its twin is beside').toBe(true);
      expect(getPath(experiment, 'sparsity.method')).toBe(lesson.compare.methods[0]);
    }
    expect(lesson.compare.seeds).toBeGreaterThanOrEqual(3);
  });
}

test('a text with a part missing or out of order is refused with the headings found', () => {
  expect(() => partsOf({ id: 'x', text: '## Predict\n\na\n\n## Explain\n\nb' })).toThrow(/"x" has the sections Predict, Explain; wanted: Predict, Run/);
  expect(() => partsOf({ id: 'x', text: `before\n${PARTS.map((part) => `## ${part}\n\na\n`).join('\n')}` })).toThrow(/text of its own/);
});

test('a log without a finished run of the lesson has no outcome', () => {
  expect(outcomeOf(LESSONS[0], createRunLog(), false)).toBeNull();
});

test('the lead over seeds is the mean of pairs of the same seed', () => {
  const values = { rigl: [0.9, 0.8], random: [0.5, 0.6] };
  const runs = Object.entries(values).flatMap(([arm, own]) => own.map((value, i) => ({ arm, seed: i + 1, value, edits: 0 })));
  const judgement = { seeds: [1, 2] };
  expect(meanLead(LESSONS[0], { runs, judgement } as unknown as Parameters<typeof meanLead>[1])).toBeCloseTo(0.3, 10);
});

test('Markdown is read into text, strong, emphasis, code, links and lists', () => {
  expect(readMarkdown('A **b** *c* `d` [e](https://example.org/f).\n\n- one\n- two\n  more')).toEqual([
    { kind: 'paragraph', inlines: [
      { kind: 'text', text: 'A ' }, { kind: 'strong', text: 'b' }, { kind: 'text', text: ' ' }, { kind: 'em', text: 'c' }, { kind: 'text', text: ' ' },
      { kind: 'code', text: 'd' }, { kind: 'text', text: ' ' }, { kind: 'link', text: 'e', href: 'https://example.org/f' }, { kind: 'text', text: '.' },
    ] },
    { kind: 'list', items: [[{ kind: 'text', text: 'one' }], [{ kind: 'text', text: 'two more' }]] },
  ]);
});

test.each(['<img src=x onerror=alert(1)>', '[a](javascript:alert(1))', '[a](data:text/html,b)', '[a](http://example.org)'])('%s stays text', (source) => {
  expect(readMarkdown(source)).toEqual([{ kind: 'paragraph', inlines: [{ kind: 'text', text: source }] }]);
});
