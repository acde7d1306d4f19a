import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MetricRows } from './events.ts';
import { decimal, metricsCsv } from './metricsCsv.ts';

const rows = (arm: MetricRows['arm'], table: MetricRows['table'], step: number[], columns: Record<string, number[]>): MetricRows =>
  ({ arm, table, step: Uint32Array.from(step), columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float32Array.from(values)])) });

test('one line a value, arm by arm and table by table, in order of steps', () => {
  const csv = metricsCsv([
    rows('main', 'train', [3], { loss: [0.25], rate: [0.1] }),
    rows('random', 'test', [3], { accuracy: [0.5] }),
    rows('main', 'train', [1, 2], { loss: [2, 1], rate: [0.1, 0.1] }),
  ]);
  expect(csv).toBe([
    'arm,table,step,column,value',
    'main,train,1,loss,2', 'main,train,1,rate,0.1', 'main,train,2,loss,1', 'main,train,2,rate,0.1', 'main,train,3,loss,0.25', 'main,train,3,rate,0.1',
    'random,test,3,accuracy,0.5', '',
  ].join('\n'));
});

test('without a row there is the header', () => {
  expect(metricsCsv([])).toBe('arm,table,step,column,value\n');
});

test.each([[0.1, '0.1'], [Math.fround(0.1), '0.1'], [Math.fround(1 / 3), '0.33333334'], [0, '0'], [16777216, '16777216'], [Math.fround(3.4e38), '3.4e+38'], [Number.NaN, 'NaN'], [Infinity, 'inf'], [-Infinity, '-inf']])(
  'the float %d is written %s', (value, text) => expect(decimal(value)).toBe(text),
);

test('every float is read back as it was', () => {
  fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => Math.fround(Number(decimal(value))) === value));
});

test('a column name with a comma or a quote stays one field', () => {
  expect(metricsCsv([rows('main', 'mask', [0], { 'a,"b"': [1] })])).toContain('main,mask,0,"a,""b""",1\n');
});
