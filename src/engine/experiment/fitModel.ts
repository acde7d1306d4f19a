import type { DataSpec, ModelSpec } from './experiment.ts';
import type { Notes } from './notes.ts';
import { activationBytes, countParameters, countTransformer, MAX_ACTIVATION_BYTES, MAX_PARAMETERS, TEXT_SETS } from './schema.ts';

/** A network that can read its data and fits a default device, and batches that fit it; notes tell what had to be changed. */
export function fitModel(data: DataSpec, asked: ModelSpec, notes: Notes): { data: DataSpec; model: ModelSpec } {
  const read = readable(asked, data, notes);
  const model = { ...read, hidden: affordable(read.hidden, notes), channels: read.kind === 'cnn' ? affordableChannels(read.channels, data.batch, notes) : read.channels };
  return { data: affordableWindows(data, model, notes), model };
}

/** A network that can read the data, and knows its units and norms. */
function readable(asked: ModelSpec, data: DataSpec, notes: Notes): ModelSpec {
  const isText = (TEXT_SETS as readonly string[]).includes(data.set);
  const kind = isText ? 'transformer' : asked.kind === 'transformer' ? 'mlp' : asked.kind;
  if (kind !== asked.kind) notes.add('model.kind', isText ? `${asked.kind} cannot read a text; transformer taken` : `transformer reads texts, and ${data.set} is none; mlp taken`);
  if (kind === 'transformer') return readableTransformer({ ...asked, kind }, data.context, notes);
  if (asked.activation !== 'swiglu') return { ...asked, kind };
  notes.add('model.activation', 'swiglu has a gate, which only a transformer has; gelu taken');
  return { ...asked, kind, activation: 'gelu' };
}

/** A decoder whose heads share its features evenly, with norms that look at one character, and no more blocks than fit. */
function readableTransformer(asked: ModelSpec, context: number, notes: Notes): ModelSpec {
  const model = { ...asked };
  if (model.norm === 'batch') {
    notes.add('model.norm', 'batch would let characters see those behind them; layer taken');
    model.norm = 'layer';
  }
  const fits = (heads: number): boolean => model.width % heads === 0 && (model.positions === 'learned' || (model.width / heads) % 2 === 0);
  if (model.positions === 'rotary' && model.width % 2 !== 0) {
    model.width++;
    notes.add('model.width', `${asked.width} raised to ${model.width}: rotary positions turn pairs of features`);
  }
  while (!fits(model.heads)) model.heads--;
  if (model.heads < asked.heads) notes.add('model.heads', `${asked.heads} lowered to ${model.heads}, which can share a width of ${model.width}`);
  while (countTransformer(model, context) > MAX_PARAMETERS) model.depth--;
  if (model.depth < asked.depth) notes.add('model.depth', `${asked.depth} lowered to ${model.depth}: there would be more than ${MAX_PARAMETERS} parameters`);
  return model;
}

/** As many windows of a text as fit a binding with their widest activation. */
function affordableWindows(data: DataSpec, model: ModelSpec, notes: Notes): DataSpec {
  if (model.kind !== 'transformer') return data;
  const most = Math.max(1, Math.floor(MAX_ACTIVATION_BYTES / (4 * Math.max(model.width, model.feedForward, 256)) / data.context));
  if (data.batch <= most) return data;
  notes.add('data.batch', `${data.batch} windows of ${data.context} lowered to ${most}: an activation would need more than ${MAX_ACTIVATION_BYTES / 2 ** 20} MiB`);
  return { ...data, batch: most };
}

/** Narrows the widest layers until all parameters fit the buffers of a default device. */
function affordable(hidden: readonly number[], notes: Notes): number[] {
  const narrowed = [...hidden];
  while (countParameters(narrowed) > MAX_PARAMETERS) {
    const widest = narrowed.indexOf(Math.max(...narrowed));
    narrowed[widest] = Math.floor((narrowed[widest] as number) / 2);
  }
  if (narrowed.some((width, l) => width !== hidden[l])) {
    notes.add('model.hidden', `${hidden.join('-')} has more than ${MAX_PARAMETERS} parameters; narrowed to ${narrowed.join('-')}`);
  }
  return narrowed;
}

/** Takes channels away until every activation fits a binding of a default device. */
function affordableChannels(channels: readonly number[], batch: number, notes: Notes): readonly number[] {
  if (activationBytes(channels, batch) <= MAX_ACTIVATION_BYTES) return channels;
  // Layer by layer: one channel of the first at the largest batch takes 12 MiB, so that none is left without.
  const narrowed = channels.map((count, l) => Math.min(count, Math.floor(MAX_ACTIVATION_BYTES / activationBytes([...channels.map(() => 0).slice(0, l), 1], batch))));
  notes.add('model.channels', `${channels.join('-')} at batch ${batch} needs activations of more than ${MAX_ACTIVATION_BYTES / 2 ** 20} MiB; narrowed to ${narrowed.join('-')}`);
  return narrowed;
}
