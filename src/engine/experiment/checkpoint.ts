import { GRADIENT_AVERAGE } from '../sparsity/averages.ts';
import { BACKWARD_MASKS } from '../sparsity/storage.ts';
import type { ArmBookkeeping } from './arm.ts';
import { checksum } from './bytes.ts';
import type { ArmId } from './events.ts';
import type { Experiment } from './experiment.ts';

/** What of an arm a checkpoint holds. */
export interface ArmCheckpoint {
  id: ArmId;
  kept: ArmBookkeeping;
  /** Bytes of the State's buffers, by name. */
  buffers: Record<string, Uint8Array>;
}

/** A run at a step, complete: what follows is bit for bit what would have followed. */
export interface Checkpoint {
  experiment: Experiment;
  step: number;
  phase: number;
  arms: ArmCheckpoint[];
}

/** A checkpoint that cannot be read; `message` says why. */
export class CheckpointError extends Error {
  override name = 'CheckpointError';
}

/** State buffers that a run cannot recompute; a network has those that its methods and norms need. */
export const CHECKPOINT_BUFFERS = ['params', 'slots', 'masks', 'status', GRADIENT_AVERAGE, 'running', BACKWARD_MASKS] as const;

const MAGIC = 0x4b435053; // "SPCK", little endian
const VERSION = 1;
const HEAD = 16;
const MAX_HEADER = 1 << 20;

/** Bytes of a checkpoint: magic, version, checksum, header length, header (JSON), buffers. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const blobs: Uint8Array[] = [];
  const arms = checkpoint.arms.map(({ id, kept, buffers }) => ({
    id, kept,
    buffers: Object.entries(buffers).map(([name, bytes]) => {
      blobs.push(bytes);
      return { name, bytes: bytes.length };
    }),
  }));
  const header = new TextEncoder().encode(JSON.stringify({ experiment: checkpoint.experiment, step: checkpoint.step, phase: checkpoint.phase, arms }));
  const bytes = new Uint8Array(HEAD + header.length + blobs.reduce((sum, b) => sum + b.length, 0));
  bytes.set(header, HEAD);
  let at = HEAD + header.length;
  for (const blob of blobs) {
    bytes.set(blob, at);
    at += blob.length;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(12, header.length, true);
  view.setUint32(8, checksum(bytes.subarray(12)), true);
  return bytes;
}

/** @throws CheckpointError for anything that is not a whole checkpoint of this version. */
export function decodeCheckpoint(bytes: Uint8Array): Omit<Checkpoint, 'experiment'> & { experiment: unknown } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD || view.getUint32(0, true) !== MAGIC) throw new CheckpointError('This file is no Sparseland checkpoint.');
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw new CheckpointError(`The checkpoint has version ${version}; this Sparseland reads version ${VERSION}.`);
  const length = view.getUint32(12, true);
  if (length > MAX_HEADER || HEAD + length > bytes.length || checksum(bytes.subarray(12)) !== view.getUint32(8, true)) {
    throw new CheckpointError('The checkpoint is damaged: its checksum does not fit.');
  }
  const malformed = new CheckpointError('The checkpoint does not hold what it announces.');
  // The checksum finds damage and not malice: files come from anywhere.
  try {
    const { experiment, step, phase, arms } = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD, HEAD + length))) as Header;
    let at = HEAD + length;
    const read = arms.map(({ id, kept, buffers }) => ({
      id, kept,
      buffers: Object.fromEntries(buffers.map(({ name, bytes: size }) => [name, bytes.slice(at, (at += count(size)))])),
    }));
    if (at !== bytes.length || arms.length > 3) throw malformed;
    for (const { kept: { active, updates, optimizerStart, rate, knobs } } of arms) {
      [...active, updates, optimizerStart].forEach(count);
      if (!Number.isFinite(rate) || Object(knobs) !== knobs) throw malformed;
    }
    return { experiment, step: count(step), phase: count(phase), arms: read };
  } catch {
    throw malformed;
  }
}

interface Header {
  experiment: unknown;
  step: number;
  phase: number;
  arms: { id: ArmId; kept: ArmBookkeeping; buffers: { name: string; bytes: number }[] }[];
}

/** A number of things; @throws RangeError for all else that a header may hold in its place. */
function count(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError('no count');
}
