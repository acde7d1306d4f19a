import { deflateSync, Inflate } from 'fflate';
import * as v from 'valibot';
import { thinAnswers, type AnswerHistory } from './answerHistory.ts';
import { checksum, concat, packBitset, packFloats, packSteps, packWords, unpackBitset, unpackFloats, unpackSteps, unpackWords } from './bytes.ts';
import { appendRows, createTable, thinTable, type Table } from './columns.ts';
import type { LayerFacts, Probe, Written } from './events.ts';
import { addSnapshot, createMaskHistory, snapshotNumber, thinHistory, type MaskHistory } from './maskHistory.ts';
import { parseExperiment } from './parse.ts';
import { readAnswers, readProbe, saveAnswers, saveProbe } from './recordedAnswers.ts';
import { readSlow, saveSlow } from './recordedSlow.ts';
import { boundedWords, headerSchema, type RecordingHeader } from './recordingHeader.ts';
import { createRunLog, type RunLog } from './runLog.ts';
import { addWriting, thinSamples } from './writings.ts';

/*
 * A recording: magic, version, checksum of what follows, length when inflated; then, deflated, the length of the
 * header, the header (JSON) and the numbers that it announces. All in little endian. Inspections are not recorded. What came
 * later to the format stands behind what was there before, and its part of the header may be absent: so older recordings
 * open.
 */

const MAGIC = 0x524c5053; // "SPLR", little endian
const VERSION = 2;
/** Versions that are read. Since 2, updates in slow motion may be told apart from the snapshots that they made. */
const READ = [1, VERSION];
const HEAD = 16;
/** Most bytes of a recording when inflated; more is refused before it is there. */
export const MAX_INFLATED = 64 * 2 ** 20;
const SLICE = 4096;
/** Bitsets of a snapshot: mask, previous, regrown, fired. */
const BITSETS = 4;

/** Why bytes are no recording that can be opened. */
export type RecordingFault = 'not a recording' | 'other version' | 'damaged' | 'too large' | 'malformed';

/** Thrown by `openRecording`; `message` is a sentence for the reader. */
export class RecordingError extends Error {
  override name = 'RecordingError';
  readonly fault: RecordingFault;

  constructor(fault: RecordingFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** What a recording may leave out to be small. */
export interface Thinning {
  /** At most so many rows a table, or the extremes of its columns. */
  rows: number;
  /** At most so many snapshots an arm, but not below five. */
  masks: number;
  /** At most so many answers an arm, but not below three; and so many texts that nobody asked for. */
  answers: number;
}

/** Room for the header's words about one snapshot, and about one arm. */
const ENTRY_TEXT = 64;
const ARM_TEXT = 128;
/** And for which snapshot an update in slow motion made. */
const SLOW_TEXT = 24;

/**
 * A log as bytes that `readRecording` takes. With `thin` rows and snapshots are left out, and fractions are rounded to 4
 * significant figures. What would inflate to more than `most` bytes has fewer snapshots, those of control networks first.
 */
export function saveRecording(log: RunLog, { thin, most = MAX_INFLATED }: { thin?: Thinning; most?: number } = {}): Uint8Array<ArrayBuffer> {
  const blobs: Uint8Array[] = [];
  const tables = [...log.tables].map(([name, table]) => saveTable(name, thin ? thinned(table, thin.rows) : table, blobs));
  const { adapter, experiment, layers, arms, totalSteps, cost, biases, step, edits, phases, storage, branch, runId, baselines } = log;
  const header: RecordingHeader = {
    runId: runId ?? '', ...boundedWords(log), ...(adapter && { adapter }), ...(experiment && { experiment }), layers: [...layers], arms: [...arms], totalSteps,
    cost: [...cost], biases, step, edits, phases, storage, ...(branch && { branch }), tables, masks: [], slow: [], answers: [],
    baselines: [...baselines], written: writtenOf(log, thin),
  };
  // Bitsets take the same room whatever they are told apart from, so what stands behind the masks is as long without these.
  const behind = saveBehind(log, thin, undefined);
  const room = most - 4 - encoded({ ...header, ...behind.header }).length - log.slowUpdates.length * SLOW_TEXT - lengthOf([...blobs, ...behind.blobs]);
  const histories = masksThatFit([...log.masks.values()], thin?.masks ?? Number.POSITIVE_INFINITY, room);
  const masks = histories.map((history) => saveMasks(history, blobs));
  const last = saveBehind(log, thin, histories.find((history) => history.arm === 'main'));
  const text = encoded({ ...header, masks, ...last.header });
  return packed(concat([packWords(Uint32Array.of(text.length)), text, ...blobs, ...last.blobs]));
}

/** What stands behind the masks, of which those of the main network are `masks`. */
function saveBehind(log: RunLog, thin: Thinning | undefined, masks: MaskHistory | undefined): { header: Pick<RecordingHeader, 'slow' | 'answers' | 'probe'>; blobs: Uint8Array[] } {
  const blobs: Uint8Array[] = [];
  const slow = log.slowUpdates.map((update) => {
    const index = masks?.entries.findIndex(({ step }) => step === update.step) ?? -1;
    const made = masks && snapshotNumber(masks, index);
    return saveSlow(update, made && { index, mask: made.mask }, blobs);
  });
  const probe = log.probe && saveProbe(log.probe, blobs);
  const answers = probe ? answersOf(log, thin).map((history) => saveAnswers(history, blobs)) : [];
  return { header: { slow, answers, ...(probe && { probe }) }, blobs };
}

const lengthOf = (blobs: readonly Uint8Array[]): number => blobs.reduce((sum, blob) => sum + blob.length, 0);
const encoded = (header: RecordingHeader): Uint8Array => new TextEncoder().encode(JSON.stringify(header));

function packed(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const deflated = deflateSync(body, { level: 9 });
  const bytes = new Uint8Array(HEAD + deflated.length);
  const view = new DataView(bytes.buffer);
  bytes.set(deflated, HEAD);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(12, body.length, true);
  view.setUint32(8, checksum(bytes.subarray(12)), true);
  return bytes;
}

function thinned(table: Table, rows: number): Table {
  const copy: Table = { length: table.length, step: table.step, columns: new Map(table.columns) };
  thinTable(copy, rows);
  for (const [name, values] of copy.columns) copy.columns.set(name, values.slice(0, copy.length).map(rounded));
  return copy;
}

/** Counts stay exact; of fractions 13 bits are kept, which is a part in ten thousand. */
function rounded(value: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value;
  const scale = 2 ** (12 - Math.floor(Math.log2(Math.abs(value))));
  return Number.isFinite(scale) ? Math.round(value * scale) / scale : value;
}

function saveTable(name: string, table: Table, blobs: Uint8Array[]): RecordingHeader['tables'][number] {
  blobs.push(packSteps(table.step.subarray(0, table.length)));
  for (const values of table.columns.values()) blobs.push(packFloats(values.subarray(0, table.length)));
  return { name: name as RecordingHeader['tables'][number]['name'], rows: table.length, columns: [...table.columns.keys()] };
}

/** Copies of what was answered, thinned; an arm without answers has none. */
function answersOf({ answers }: RunLog, thin: Thinning | undefined): AnswerHistory[] {
  return [...answers.values()].filter(({ entries }) => entries.length > 0).map((history) => {
    const kept = { ...history };
    thinAnswers(kept, thin?.answers ?? Number.POSITIVE_INFINITY);
    return kept;
  });
}

function writtenOf({ written }: RunLog, thin: Thinning | undefined): Written[] {
  const samples = new Set(thinSamples(written, thin?.answers ?? Number.POSITIVE_INFINITY));
  return written.filter((one) => one.asked || samples.has(one));
}

/**
 * Copies of histories, thinned to `most` snapshots and into `room` bytes; the main network comes first. Each gets an equal
 * share of what is left, but never fewer snapshots than thinning leaves: where not even those fit, there is no history.
 */
function masksThatFit(histories: readonly MaskHistory[], most: number, room: number): MaskHistory[] {
  const isMain = ({ arm }: MaskHistory): number => (arm === 'main' ? 1 : 0);
  const fitting: MaskHistory[] = [];
  let left = room;
  histories.toSorted((a, b) => isMain(b) - isMain(a)).forEach((history, i) => {
    const each = 4 * BITSETS * history.words + ENTRY_TEXT;
    const share = Math.floor((left / (histories.length - i) - ARM_TEXT) / each);
    const kept = { ...history };
    thinHistory(kept, Math.min(most, Math.max(0, share)));
    const size = ARM_TEXT + kept.entries.length * each;
    // A control is not shown where there is no room for the main network.
    if (size > left || (i > 0 && fitting.length === 0)) return;
    left -= size;
    fitting.push(kept);
  });
  return fitting;
}

function saveMasks(kept: MaskHistory, blobs: Uint8Array[]): RecordingHeader['masks'][number] {
  let mask: Uint32Array = new Uint32Array(kept.words);
  let fired: Uint32Array = new Uint32Array(kept.words);
  kept.entries.forEach((_, i) => {
    const snapshot = snapshotNumber(kept, i);
    if (!snapshot) return;
    const { previous, regrown } = snapshot;
    blobs.push(packBitset(snapshot.mask, mask), packBitset(previous, mask, snapshot.mask), packBitset(regrown, previous, snapshot.mask), packBitset(snapshot.fired, fired, previous));
    mask = snapshot.mask;
    fired = snapshot.fired;
  });
  return { arm: kept.arm, words: kept.words, entries: kept.entries.map(({ step, update }) => ({ step, update })) };
}

/** A recording that was opened, or why it was not. */
export type Opened = { ok: true; log: RunLog } | { ok: false; error: RecordingError };

/** Reads bytes of any origin. Total: damage, other versions and bombs are told, never thrown. */
export function readRecording(bytes: Uint8Array): Opened {
  try {
    return { ok: true, log: readBody(inflate(bytes)) };
  } catch (error) {
    if (error instanceof RecordingError) return { ok: false, error };
    return { ok: false, error: new RecordingError('malformed', 'The recording does not hold what it announces.') };
  }
}

/** The log of a recording. @throws RecordingError, as `readRecording` returns it. */
export function openRecording(bytes: Uint8Array): RunLog {
  const opened = readRecording(bytes);
  if (opened.ok) return opened.log;
  throw opened.error;
}

function inflate(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD || view.getUint32(0, true) !== MAGIC) throw new RecordingError('not a recording', 'This file is no Sparseland recording.');
  const version = view.getUint32(4, true);
  if (!READ.includes(version)) throw new RecordingError('other version', `The recording has version ${version}; this Sparseland reads version ${READ.join(' and ')}.`);
  const damaged = new RecordingError('damaged', 'The recording is damaged: its checksum does not fit.');
  if (checksum(bytes.subarray(12)) !== view.getUint32(8, true)) throw damaged;
  const length = view.getUint32(12, true);
  const tooLarge = new RecordingError('too large', `The recording holds more than ${MAX_INFLATED / 2 ** 20} MiB.`);
  if (length > MAX_INFLATED) throw tooLarge;
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = new Inflate((part) => {
    size += part.length;
    if (size > length) throw tooLarge;
    parts.push(part);
  });
  // In slices, so that a small file that inflates to a huge one is stopped on the way.
  for (let at = HEAD; at < bytes.length; at += SLICE) stream.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
  if (size !== length) throw damaged;
  return concat(parts);
}

function readBody(body: Uint8Array): RunLog {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > body.length) throw new RangeError('The body ends early.');
    return body.subarray(at, (at += length));
  };
  const header = v.parse(headerSchema, JSON.parse(new TextDecoder().decode(take(unpackWords(take(4))[0] ?? 0))));
  const words = header.layers.reduce((sum, layer) => Math.max(sum, layer.wordOffset + layer.words), 0);
  if (header.layers.some(misfits) || [...header.masks, ...header.slow].some((masks) => masks.words < words) || header.slow.some(({ layers }) => layers !== header.layers.filter(({ maskable }) => maskable).length)) throw new RangeError('Masks and layers do not fit.');
  const { tables, masks, slow, probe, answers, written, runId, experiment, ...facts } = header;
  const log: RunLog = { ...createRunLog(), ...facts, runId, ...(experiment !== undefined && { experiment: parseExperiment(experiment).experiment }) };
  for (const { name, rows, columns } of tables) log.tables.set(name, readTable(rows, columns, take));
  const made = new Map<number, Uint32Array | undefined>(slow.flatMap(({ snapshot }) => (snapshot === undefined ? [] : [[snapshot, undefined]])));
  for (const entry of masks) log.masks.set(entry.arm, readMasks(entry, take, (index, mask) => entry.arm === 'main' && made.has(index) && made.set(index, mask)));
  log.slowUpdates = slow.map((entry) => readSlow(entry, entry.snapshot === undefined ? undefined : named(made.get(entry.snapshot), entry), take));
  if (probe) log.probe = readProbe(probe, take);
  for (const entry of answers) log.answers.set(entry.arm, readAnswers(entry, asked(log.probe), take));
  for (const one of written) log.written = addWriting(log.written, one);
  log.version = 1;
  return log;
}

function asked(probe: Probe | undefined): Probe {
  if (!probe) throw new RangeError('Answers without a probe.');
  return probe;
}

function named(mask: Uint32Array | undefined, { words }: { words: number }): Uint32Array {
  if (mask?.length !== words) throw new RangeError('An update in slow motion names a snapshot that is not there.');
  return mask;
}

/** A maskable layer has a bit for each weight; another has none. */
function misfits({ maskable, out, in: width, words }: LayerFacts): boolean {
  return maskable ? words * 32 < out * width : words !== 0;
}

function readTable(rows: number, names: readonly string[], take: (length: number) => Uint8Array): Table {
  const table = createTable();
  const step = unpackSteps(take(4 * rows));
  const columns = Object.fromEntries(names.map((name) => [name, unpackFloats(take(4 * rows))]));
  appendRows(table, step, columns, Number.POSITIVE_INFINITY);
  return table;
}

function readMasks({ arm, words, entries }: RecordingHeader['masks'][number], take: (length: number) => Uint8Array, see: (index: number, mask: Uint32Array) => void): MaskHistory {
  const history = createMaskHistory(arm, words);
  let before: { mask: Uint32Array; fired: Uint32Array } = { mask: new Uint32Array(words), fired: new Uint32Array(words) };
  for (const [index, { step, update }] of entries.entries()) {
    const bits = (...contexts: readonly Uint32Array[]): Uint32Array => unpackBitset(take(4 * words), ...contexts);
    const mask = bits(before.mask);
    const previous = bits(before.mask, mask);
    const snapshot = { arm, step, update, mask, previous, regrown: bits(previous, mask), fired: bits(before.fired, previous) };
    addSnapshot(history, snapshot);
    see(index, mask);
    before = snapshot;
  }
  return history;
}
