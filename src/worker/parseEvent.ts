import * as v from 'valibot';
import { MAX_WRITTEN } from '../engine/experiment/writings.ts';
import type { RunEvent, RunEventBody } from '../engine/experiment/events.ts';

const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const whole = v.pipe(count, v.safeInteger());
const text = v.pipe(v.string(), v.maxLength(10_000));
const writing = v.pipe(v.string(), v.maxLength(MAX_WRITTEN));
const floats = v.instance(Float32Array);
const words = v.instance(Uint32Array);
const arm = v.picklist(['main', 'random', 'dense']);
const list = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.maxLength(10_000));

const layer = v.looseObject({ name: text, out: whole, in: whole, maskable: v.boolean(), wordOffset: whole, words: whole, activation: text });
const checkpoint = v.object({ step: whole, phase: whole, bytes: v.instance(Uint8Array) });
/** All arrays of rows, and all masks of a snapshot, are equally long; one whose buffer was handed on is empty. */
const rows = v.pipe(
  v.object({ arm, table: v.picklist(['train', 'test', 'mask', 'time', 'gradient']), step: words, columns: v.record(v.pipe(v.string(), v.maxLength(200)), floats) }),
  v.check(({ step, columns }) => Object.values(columns).every((column) => column.length === step.length), 'its columns differ in length'),
);
const masks = v.pipe(
  v.object({ arm, step: whole, update: whole, mask: words, previous: words, regrown: words, fired: words }),
  v.check(({ mask, ...others }) => [others.previous, others.regrown, others.fired].every(({ length }) => length === mask.length), 'its masks differ in length'),
);
const inspection = v.variant('what', [
  v.object({ what: v.literal('weights'), arm, layer: text, values: floats }),
  v.object({ what: v.literal('gradients'), arm, layer: text, average: v.boolean(), dense: v.boolean(), values: floats }),
]);
const bytes = v.instance(Uint8Array);
const probe = v.variant('what', [
  v.object({ what: v.literal('images'), width: whole, height: whole, pixels: bytes, labels: bytes }),
  v.object({ what: v.literal('plane'), side: whole, reach: v.tuple([v.number(), v.number(), v.number(), v.number()]), points: floats, labels: bytes }),
]);
const move = v.object({ score: text, counts: words, cuts: words });
const experiment = v.looseObject({ seed: whole, phases: v.pipe(v.array(v.looseObject({ steps: whole })), v.minLength(1)), edits: v.array(v.looseObject({ step: whole })) });
const adapter = v.looseObject({ description: text, software: v.boolean() });
const progress = { done: count, total: count };

/** What each event holds beside its run and its number. An event without a line here does not compile. */
const BODIES: Readonly<Record<RunEventBody['type'], v.ObjectEntries>> = {
  loading: progress,
  ready: { adapter },
  compiling: progress,
  started: { adapter: v.optional(adapter), experiment, layers: list(layer), arms: list(arm), totalSteps: whole, cost: list(v.looseObject({ arm, dispatches: whole, flops: count, denseFlops: count, bytes: count })), biases: whole, notes: list(text), probe: v.optional(probe), baselines: v.optional(list(v.object({ name: v.picklist(['unigram', 'bigram']), loss: count }))) },
  metrics: { rows: list(rows) },
  masks: { snapshot: masks },
  snapshot: { step: whole, inspection },
  written: { written: v.object({ arm, step: whole, prompt: writing, text: writing, temperature: count, asked: v.boolean() }) },
  answers: { answers: v.object({ arm, step: whole, bytes }) },
  slowUpdate: { update: v.object({ step: whole, update: whole, drop: move, grow: v.optional(move), before: words, kept: words, after: words, losses: floats }) },
  edit: { step: whole, path: text, value: v.pipe(v.number(), v.finite()) },
  storage: { step: whole, layers: list(v.looseObject({ arm, layer: text, format: text, density: count })) },
  phase: { index: whole, step: whole },
  checkpoint: { checkpoint },
  paused: { step: whole },
  finished: { step: whole, hash: text, variants: v.record(text, text) },
  diverged: { step: whole, arm, layer: text, message: text },
  lost: { message: text, checkpoint: v.optional(checkpoint) },
  recovering: { message: text },
  replaying: { step: whole, to: whole, leftMs: count },
  recovered: { step: whole },
  failed: { message: text },
};
const SCHEMAS = new Map(Object.entries(BODIES).map(([type, body]) => [type, v.object({ runId: text, seq: whole, type: v.literal(type), ...body })]));

/** Reads an event of the worker: the event, or in words what is wrong with it. Total, and takes nothing that the protocol does not name. */
export function parseEvent(data: unknown): RunEvent | string {
  try {
    const type = typeof data === 'object' && data !== null ? (data as { type?: unknown }).type : undefined;
    const schema = typeof type === 'string' ? SCHEMAS.get(type) : undefined;
    if (!schema) return 'it is of no known type';
    const { success, output, issues } = v.safeParse(schema, data, { abortEarly: true });
    if (success) return output as unknown as RunEvent;
    return `${type as string}: ${v.getDotPath(issues[0]) ?? ''} ${issues[0].message}`;
  } catch {
    return 'it could not be read';
  }
}
