import * as v from 'valibot';
import { addAnswers, ANSWER_LIMITS, createAnswerHistory, type AnswerHistory } from './answerHistory.ts';
import { answerBytes } from './answers.ts';
import { packFloats, packSteps, unpackFloats, unpackSteps } from './bytes.ts';
import type { ArmId, Probe } from './events.ts';

const upTo = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

/** What a recording's header says of the probe; its pixels or points and its labels stand behind the updates in slow motion. */
export const probeSchema = v.variant('what', [
  v.object({ what: v.literal('images'), examples: upTo(64), width: upTo(256), height: upTo(256) }),
  v.object({ what: v.literal('plane'), examples: upTo(1000), side: upTo(128), reach: v.pipe(v.tuple([v.number(), v.number(), v.number(), v.number()]), v.readonly()) }),
]);

/** And of the answers: how many each arm gave. Steps and bytes stand behind the probe. */
export const answerListSchema = v.pipe(v.array(v.object({ arm: v.picklist(['main', 'random', 'dense'] satisfies ArmId[]), entries: upTo(ANSWER_LIMITS.entries) })), v.maxLength(3));

type ProbeHeader = v.InferOutput<typeof probeSchema>;
type AnswerHeader = v.InferOutput<typeof answerListSchema>[number];
type Take = (length: number) => Uint8Array;

/** Puts the inputs of a probe behind the other numbers. */
export function saveProbe(probe: Probe, blobs: Uint8Array[]): ProbeHeader {
  const examples = probe.labels.length;
  if (probe.what === 'images') {
    blobs.push(probe.pixels, probe.labels);
    return { what: 'images', examples, width: probe.width, height: probe.height };
  }
  blobs.push(packFloats(probe.points), probe.labels);
  return { what: 'plane', examples, side: probe.side, reach: probe.reach };
}

/** Takes them back. @throws whatever `take` throws where the body ends early. */
export function readProbe(header: ProbeHeader, take: Take): Probe {
  const { examples } = header;
  if (header.what === 'images') return { what: 'images', width: header.width, height: header.height, pixels: take(examples * header.width * header.height).slice(), labels: take(examples).slice() };
  return { what: 'plane', side: header.side, reach: header.reach, points: unpackFloats(take(8 * examples)), labels: take(examples).slice() };
}

/** Puts the answers of an arm behind the other numbers: bytes are told apart from those of the answers before. */
export function saveAnswers({ arm, entries }: AnswerHistory, blobs: Uint8Array[]): AnswerHeader {
  blobs.push(packSteps(Uint32Array.from(entries, ({ step }) => step)));
  entries.forEach(({ bytes }, i) => blobs.push(bytes.map((byte, b) => byte - (entries[i - 1]?.bytes[b] ?? 0))));
  return { arm, entries: entries.length };
}

/** Takes them back. @throws whatever `take` throws where the body ends early. */
export function readAnswers({ arm, entries }: AnswerHeader, probe: Probe, take: Take): AnswerHistory {
  const history = createAnswerHistory(arm);
  let before = new Uint8Array(answerBytes(probe));
  for (const step of unpackSteps(take(4 * entries))) {
    before = take(before.length).map((byte, b) => byte + (before[b] as number));
    addAnswers(history, { arm, step, bytes: before });
  }
  return history;
}
