import * as v from 'valibot';
import { FORMATS, STORAGES } from '../sparsity/formats/index.ts';
import type { Baseline } from '../data/baselines.ts';
import type { AdapterFacts, ArmId, CostFacts, LayerFacts, StorageFacts, Written } from './events.ts';
import type { Edit } from './experiment.ts';
import { MAX_EDITS, MAX_PARAMETERS, MAX_PHASES } from './schema.ts';
import { answerListSchema, probeSchema } from './recordedAnswers.ts';
import { slowListSchema } from './recordedSlow.ts';
import { MAX_STORAGE, type RunStatus } from './runLog.ts';
import { MAX_WRITINGS, MAX_WRITTEN } from './writings.ts';

/** Most notes that a recording holds. */
const MOST_NOTES = 100;
/** Longest note or message that is written; a shader's compiler may say far more. */
const LONGEST_MESSAGE = 4000;

const text = v.pipe(v.string(), v.maxLength(65_536));
const name = v.pipe(v.string(), v.maxLength(128));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const width = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_536));
const list = <Item extends v.GenericSchema>(item: Item, most: number) => v.pipe(v.array(item), v.maxLength(most));

const arm = v.picklist(['main', 'random', 'dense'] satisfies ArmId[]);

const layer = v.object({
  name, out: width, in: width, kernel: v.optional(v.pipe(v.tuple([width, width]), v.readonly())), maskable: v.boolean(), wordOffset: count, words: count, activation: name,
}) satisfies v.GenericSchema<LayerFacts>;

const cost = v.object({
  arm, dispatches: count, flops: v.number(), denseFlops: v.number(), bytes: v.number(), plannedBytes: count, peakBytes: count, format: v.picklist(STORAGES),
}) satisfies v.GenericSchema<CostFacts>;

const positive = v.pipe(v.number(), v.finite(), v.minValue(0));
const line = { format: v.picklist(FORMATS), fixedMs: positive, densityMs: positive };
const storage = v.object({
  step: count, arm, layer: name, format: v.picklist(FORMATS), density: v.number(),
  lines: v.pipe(list(v.object(line), FORMATS.length), v.readonly()), passes: v.pipe(list(v.object({ pass: name, ...line }), 32), v.readonly()),
}) satisfies v.GenericSchema<unknown, { step: number } & StorageFacts>;

const adapter = v.object({
  vendor: text, architecture: text, device: text, description: text, software: v.boolean(), lanes: v.optional(count, 0), features: v.pipe(list(text, 200), v.readonly()),
}) satisfies v.GenericSchema<unknown, AdapterFacts>;

const status = v.variant('state', [
  v.object({ state: v.picklist(['idle', 'loading', 'training']) }),
  v.object({ state: v.literal('compiling'), done: count, total: count }),
  v.object({ state: v.literal('paused'), step: count }),
  v.object({ state: v.literal('finished'), step: count, hash: text, variants: v.record(name, text) }),
  v.object({ state: v.literal('diverged'), step: count, arm, layer: text, message: text }),
  v.object({ state: v.picklist(['lost', 'failed']), message: text }),
]) satisfies v.GenericSchema<RunStatus>;

const edit = v.object({ step: count, path: name, value: v.number() }) satisfies v.GenericSchema<Edit>;

const baseline = v.object({ name: v.picklist(['unigram', 'bigram']), loss: positive }) satisfies v.GenericSchema<Baseline>;
const writing = v.pipe(v.string(), v.maxLength(MAX_WRITTEN));
const written = v.object({ arm, step: count, prompt: writing, text: writing, temperature: positive, asked: v.boolean() }) satisfies v.GenericSchema<Written>;

/** `${arm}/${table}` */
const tableName = v.pipe(name, v.regex(/^(main|random|dense)\/(train|test|mask|time|gradient)$/));

/** What stands at the beginning of a recording: everything but the numbers of tables and masks, and where those are. */
export const headerSchema = v.object({
  runId: text,
  status,
  adapter: v.optional(adapter),
  /** Checked by `parseExperiment`. */
  experiment: v.optional(v.unknown()),
  layers: list(layer, 64),
  arms: list(arm, 3),
  totalSteps: count,
  cost: list(cost, 3),
  biases: count,
  notes: list(text, MOST_NOTES),
  step: count,
  edits: list(edit, MAX_EDITS),
  phases: list(v.object({ index: count, step: count }), MAX_PHASES),
  /** Absent in recordings from before it was told. */
  storage: v.optional(list(storage, MAX_STORAGE), []),
  tables: list(v.object({ name: tableName, rows: count, columns: list(name, 1024) }), 15),
  /** Absent in recordings from before there were any. */
  slow: v.optional(slowListSchema, []),
  probe: v.optional(probeSchema),
  answers: v.optional(answerListSchema, []),
  baselines: v.optional(list(baseline, 2), []),
  written: v.optional(list(written, MAX_WRITINGS), []),
  branch: v.optional(v.object({ from: name, step: count })),
  masks: list(v.object({ arm, words: v.pipe(count, v.maxValue(MAX_PARAMETERS / 16)), entries: list(v.object({ step: count, update: count }), 4096) }), 3),
});

/** The header of a recording. */
export type RecordingHeader = v.InferOutput<typeof headerSchema>;

/** What a run said in words, short enough for a header: what is left out is told. */
export function boundedWords({ notes, status }: { notes: readonly string[]; status: RunStatus }): Pick<RecordingHeader, 'notes' | 'status'> {
  const short = (said: string): string => (said.length > LONGEST_MESSAGE ? `${said.slice(0, LONGEST_MESSAGE - 3)}...` : said);
  const kept = notes.length <= MOST_NOTES ? notes : [...notes.slice(0, MOST_NOTES - 1), `and ${notes.length - MOST_NOTES + 1} more like these`];
  return { notes: kept.map(short), status: 'message' in status ? { ...status, message: short(status.message) } : status };
}
