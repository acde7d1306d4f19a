import { nodeData } from '../src/node/data.ts';
import { openNodeGpu } from '../src/node/adapter.ts';
import { readShaders } from '../src/node/shaders.ts';
import { loadDataset } from '../src/engine/data/index.ts';
import { createCommandPort } from '../src/engine/experiment/commands.ts';
import { parseExperiment } from '../src/engine/experiment/parse.ts';
import { run } from '../src/engine/experiment/run.ts';
import { openGpu } from '../src/engine/gpu/device.ts';

// Prints an experiment (JSON, first argument) as it is read, which is what a worker takes, and the hash that it ends with in Node.
const { experiment } = parseExperiment(JSON.parse(process.argv[2] ?? '{}'));
console.log(`experiment ${JSON.stringify(experiment)}`);
const { gpu: api } = await openNodeGpu('swiftshader');
const gpu = await openGpu(api, readShaders());
const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort() })) if (event.type === 'finished') console.log(`hash ${event.hash}`);
process.exit(0);
