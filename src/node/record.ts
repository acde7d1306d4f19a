/*
 * `npm run record [-- ID]` trains a preset and writes the recording that the page plays where it cannot train:
 * public/recordings/<ID>.bin, at most 60 kB. The run is real; thinning keeps the extremes of curves and the masks as they were.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadDataset } from '../engine/data/index.ts';
import { createCommandPort } from '../engine/experiment/commands.ts';
import type { SlowUpdate } from '../engine/experiment/events.ts';
import { findPreset } from '../engine/experiment/presets/index.ts';
import { saveRecording } from '../engine/experiment/recording.ts';
import { run } from '../engine/experiment/run.ts';
import { append, createRunLog } from '../engine/experiment/runLog.ts';
import { openGpu } from '../engine/gpu/device.ts';
import { openNodeGpu } from './adapter.ts';
import { nodeData } from './data.ts';
import { readShaders } from './shaders.ts';

/** Largest recording that the page bundles. */
const MOST_BYTES = 60_000;
const THINNINGS = [[400, 40, 200], [200, 28, 100], [120, 20, 60], [120, 14, 45], [120, 12, 45], [120, 10, 45], [120, 9, 45], [80, 8, 45], [60, 7, 30], [60, 5, 20]] as const;

/** False where the schedule had nothing to take or give yet. */
const moves = ({ before, after }: SlowUpdate): boolean => before.some((word, w) => word !== after[w]);

const id = process.argv[2] ?? 'hello-mnist';
const { experiment } = findPreset(id);
const { gpu: api, describe } = await openNodeGpu();
const gpu = await openGpu(api, readShaders());
const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
const log = createRunLog();
let seq = 0;
const commands = createCommandPort();
// The first mask update that moves weights is told in slow motion. Each pauses the run, which then goes on as if it had not.
commands.send({ type: 'slowUpdate' });
for await (const body of run({ gpu, experiment, dataset, commands, writes: true })) {
  append(log, { runId: id, seq: seq++, ...body });
  if (body.type !== 'paused') continue;
  const told = log.slowUpdates.at(-1);
  // Where no update follows the run pauses as well, and nothing is told.
  commands.send({ type: told && !moves(told) ? 'slowUpdate' : 'resume' });
  log.slowUpdates = told && moves(told) ? [told] : [];
}
const saved = THINNINGS.map(([rows, masks, answers]) => saveRecording(log, { thin: { rows, masks, answers } }));
const bytes = saved.find((b) => b.length <= MOST_BYTES);
if (!bytes) throw new Error(`No thinning brings the recording of ${id} below ${MOST_BYTES} bytes; the smallest has ${saved.at(-1)?.length}.`);
mkdirSync('public/recordings', { recursive: true });
writeFileSync(`public/recordings/${id}.bin`, bytes);
console.log(`public/recordings/${id}.bin: ${bytes.length} bytes, trained on ${describe}`);
process.exit(0);
