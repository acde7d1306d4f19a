import type { Gpu } from '../gpu/device.ts';
import type { KnobLayout } from '../gpu/knobs.ts';
import { readNow } from '../gpu/readback.ts';
import { createTrace, type Trace } from '../gpu/trace.ts';
import { sampleToken } from '../kernels/data.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Arm } from './arm.ts';
import type { Written } from './events.ts';
import type { Networks } from './network.ts';
import { wholeBuffer } from './reads.ts';
import { openSlice } from './slices.ts';
import { evaluatedLogits, type TrainerSpec } from './trainer.ts';
import { MAX_WRITTEN } from './writings.ts';

/* A network that was trained on a text writes on from a prompt. */

/** State buffer with the codes of the window that is being written, and how often one of them is drawn in a run. */
const BUFFER = 'written';

/** What a network is asked to write. */
export interface WritingRequest {
  /** Characters that the text does not know are left out; an empty prompt begins a paragraph. */
  prompt: string;
  /** 0 takes the likeliest character; the larger, the bolder. */
  temperature: number;
  /** Characters behind the prompt. */
  characters: number;
  /** Somebody asked for it; if not, it is told with an evaluation. */
  asked: boolean;
}

/** One more character of a window: the network's logits of it, and a draw from those of the knob `place`. */
export function traceWriting(knobs: KnobLayout, spec: TrainerSpec): Trace {
  const trace = createTrace();
  const { features: context, classes } = spec.dataset;
  const ids = trace.state(BUFFER, 'u32', context);
  const logits = evaluatedLogits(trace, knobs, spec, ids);
  const knob = (name: string, type: 'u32' | 'f32'): number => knobs.at(name, type).index;
  trace.dispatch(sampleToken, {
    label: 'draw a character', params: { vocabulary: classes, context, seed: spec.seed, place_knob: knob('place', 'u32'), draw_knob: knob('draw', 'u32'), temperature_knob: knob('temperature', 'f32') },
    bind: { logits, ids },
  });
  return trace;
}

/** Codes of a prompt, at most so many of its end; a line break where nothing is left. */
export function promptCodes(prompt: string, characters: string, most: number): number[] {
  const codes = [...prompt].map((c) => characters.indexOf(c)).filter((code) => code >= 0).slice(-most);
  return codes.length > 0 ? codes : [Math.max(0, characters.indexOf('\n'))];
}

/**
 * Text that an arm's network writes, with its prompt. A full window goes on from its second half. The draws follow from
 * the seed and the number of the character, so that one state of a network always writes the same. Waits for the device;
 * undefined for data that are no text.
 */
export async function write(gpu: Gpu, networks: Networks, arm: Arm, dataset: Dataset, step: number, request: WritingRequest): Promise<Written | undefined> {
  const program = arm.programs().write;
  if (!program || !dataset.text) return undefined;
  const { characters } = dataset.text;
  const context = dataset.features;
  const wanted = Math.min(MAX_WRITTEN, request.characters);
  const text = promptCodes(request.prompt, characters, context >> 1);
  const start = text.length;
  while (text.length < start + wanted) {
    const window = text.slice(-Math.max(1, context >> 1));
    const more = Math.min(context - window.length, start + wanted - text.length);
    arm.state.write(BUFFER, Uint32Array.from({ length: context }, (_, i) => window[i] ?? 0));
    for (let done = 0; done < more;) {
      const slice = openSlice(gpu, networks.workspace());
      while (done < more && !slice.full) {
        slice.run(program, { place: window.length - 1 + done, draw: text.length + done, temperature: request.temperature });
        done++;
      }
      slice.submit();
    }
    const [data] = await readNow(gpu.device, networks.arena, [wholeBuffer(arm, BUFFER)]);
    text.push(...new Uint32Array(data as ArrayBuffer).subarray(window.length, window.length + more));
  }
  const words = (codes: readonly number[]): string => codes.map((code) => characters[code] ?? '').join('');
  return { arm: arm.id, step, prompt: words(text.slice(0, start)), text: words(text.slice(start)), temperature: request.temperature, asked: request.asked };
}
