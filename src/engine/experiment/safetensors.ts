/** Types of the safetensors format that Sparseland writes. */
export type TensorType = 'F32' | 'U8';

/** A tensor in a safetensors file: row-major values, little endian. */
export interface Tensor {
  name: string;
  dtype: TensorType;
  shape: readonly number[];
  values: Float32Array | Uint8Array;
}

/** What a safetensors file holds. */
export interface TensorFile {
  tensors: readonly Tensor[];
  metadata: Readonly<Record<string, string>>;
}

/** A file that is no safetensors file, or damaged; `message` says what is wrong. */
export class SafetensorsError extends Error {
  override name = 'SafetensorsError';
}

const ELEMENT_BYTES: Record<TensorType, number> = { F32: 4, U8: 1 };
/** The format's own limit on the header, in bytes. */
const MAX_HEADER = 100_000_000;

/**
 * Bytes of a file in the safetensors format (https://github.com/huggingface/safetensors): header length (u64), header
 * (JSON, filled up to 8 bytes), values without gaps. F32 tensors come first, so that every tensor is aligned.
 * @throws SafetensorsError for a name given twice, or values that do not fill their shape.
 */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort((a, b) => ELEMENT_BYTES[b.dtype] - ELEMENT_BYTES[a.dtype]);
  const entries = new Map<string, unknown>([['__metadata__', metadata]]);
  let size = 0;
  for (const { name, dtype, shape, values } of ordered) {
    if (entries.has(name)) throw new SafetensorsError(`There are two tensors called ${name}.`);
    if (values.length !== sizeOf(shape)) throw new SafetensorsError(`${name} has ${values.length} values, its shape ${shape.join(' x ')} has ${sizeOf(shape)}.`);
    const end = size + values.length * ELEMENT_BYTES[dtype];
    entries.set(name, { dtype, shape, data_offsets: [size, end] });
    size = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const header = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + header + size).fill(0x20, 8, 8 + header);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header), true);
  bytes.set(json, 8);
  let at = 8 + header;
  for (const { values } of ordered) {
    if (values instanceof Uint8Array) bytes.set(values, at);
    else values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
    at += values.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file of F32 and U8 tensors. The values are copies.
 * @throws SafetensorsError for anything else: other types, gaps, overlaps, a header that does not fit.
 */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > bytes.length) throw new SafetensorsError('This is no safetensors file: its header does not fit.');
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const data = bytes.subarray(8 + length);
  const tensors = [...header.entries].map(([name, entry]) => ({ ...checkEntry(name, entry), name })).sort((a, b) => a.from - b.from);
  let end = 0;
  for (const { name, from, to } of tensors) {
    if (from !== end) throw new SafetensorsError(`${name} begins at byte ${from}, the tensor before it ends at ${end}.`);
    end = to;
  }
  if (end !== data.length) throw new SafetensorsError(`The tensors end at byte ${end}, the file at ${data.length}.`);
  return {
    metadata: header.metadata,
    tensors: tensors.map(({ name, dtype, shape, from, to }) => ({ name, dtype, shape, values: valuesOf(dtype, data.slice(from, to)) })),
  };
}

function parseHeader(json: Uint8Array): { entries: Map<string, unknown>; metadata: Record<string, string> } {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw new SafetensorsError('This is no safetensors file: its header is not JSON.');
  }
  if (!isRecord(header)) throw new SafetensorsError('The header of a safetensors file is an object.');
  const entries = new Map(Object.entries(header));
  const metadata = entries.get('__metadata__') ?? {};
  entries.delete('__metadata__');
  if (!isRecord(metadata) || Object.values(metadata).some((v) => typeof v !== 'string')) throw new SafetensorsError('__metadata__ holds something other than text.');
  return { entries, metadata: metadata as Record<string, string> };
}

function checkEntry(name: string, entry: unknown): { dtype: TensorType; shape: number[]; from: number; to: number } {
  if (!isRecord(entry)) throw new SafetensorsError(`The header says nothing of ${name}.`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F32' && dtype !== 'U8') throw new SafetensorsError(`${name} is ${String(dtype)}; only F32 and U8 are read.`);
  if (!isSizes(shape)) throw new SafetensorsError(`The shape of ${name} is no list of sizes.`);
  if (!isSizes(offsets) || offsets.length !== 2) throw new SafetensorsError(`The offsets of ${name} are no two numbers.`);
  const [from = 0, to = 0] = offsets;
  if (to - from !== sizeOf(shape) * ELEMENT_BYTES[dtype]) throw new SafetensorsError(`${name} has ${to - from} bytes, its shape ${shape.join(' x ')} does not.`);
  return { dtype, shape, from, to };
}

function valuesOf(dtype: TensorType, bytes: Uint8Array): Float32Array | Uint8Array {
  if (dtype === 'U8') return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSizes = (value: unknown): value is number[] => Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
