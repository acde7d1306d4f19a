import { addAnswers, createAnswerHistory, type AnswerHistory } from './answerHistory.ts';
import { rowsUpTo, type Table } from './columns.ts';
import { addSnapshot, createMaskHistory, snapshotNumber, type MaskHistory } from './maskHistory.ts';
import { createRunLog, type RunLog } from './runLog.ts';

/**
 * What a log told until a step, as the beginning of another run's log: a copy that is tied to no run yet. Edits of the
 * step itself act behind it, so that they stay with the run they were made in.
 */
export function cutLog(log: RunLog, step: number): RunLog {
  const until = <Item extends { step: number }>(items: readonly Item[]): Item[] => items.filter((item) => item.step <= step);
  const { adapter, experiment, layers, arms, totalSteps, cost, biases, notes, probe, baselines } = log;
  return {
    ...createRunLog(), status: { state: 'loading' }, ...(adapter && { adapter }), ...(experiment && { experiment }), layers, arms, totalSteps, cost, biases, notes, probe, baselines, step,
    tables: new Map([...log.tables].map(([key, table]) => [key, tableUntil(table, step)])),
    masks: new Map([...log.masks].map(([arm, history]) => [arm, historyUntil(history, step)])),
    answers: new Map([...log.answers].map(([arm, history]) => [arm, answersUntil(history, step)])),
    inspections: new Map([...log.inspections].filter(([, inspected]) => inspected.step <= step)),
    edits: log.edits.filter((edit) => edit.step < step), phases: until(log.phases), storage: until(log.storage), slowUpdates: until(log.slowUpdates), written: until(log.written),
  };
}

function tableUntil(table: Table, step: number): Table {
  const length = rowsUpTo(table, step);
  return { length, step: table.step.slice(0, length), columns: new Map([...table.columns].map(([name, values]) => [name, values.slice(0, length)])) };
}

function answersUntil({ arm, entries }: AnswerHistory, step: number): AnswerHistory {
  const cut = createAnswerHistory(arm);
  for (const entry of entries) if (entry.step <= step) addAnswers(cut, { arm, ...entry });
  return cut;
}

function historyUntil(history: MaskHistory, step: number): MaskHistory {
  const cut = createMaskHistory(history.arm, history.words);
  history.entries.forEach((entry, i) => {
    const snapshot = entry.step <= step && snapshotNumber(history, i);
    if (snapshot) addSnapshot(cut, snapshot);
  });
  return cut;
}
