import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = dirname(fileURLToPath(import.meta.url));

/** Rooms from the lowest up; a file imports from its own room or a lower one. Rooms of equal height do not see each other, but by the exceptions. */
const HEIGHT: Readonly<Record<string, number>> = {
  'engine/random.ts': 0, 'engine/gpu': 0, 'engine/kernels': 1, 'engine/ops': 2,
  'engine/nn': 3, 'engine/optim': 3, 'engine/sparsity': 3, 'engine/data': 3,
  'engine/experiment': 4, 'engine/claims': 5, peers: 5, bench: 6, worker: 7, node: 7, app: 8,
};
/** Same height, and why one may see the other. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  'engine/optim -> engine/nn': 'the flat layout of the parameters',
  'engine/sparsity -> engine/nn': 'the flat layout of the parameters',
};
/** What the engine must not need: it is a library that takes a device and bytes. */
const FOREIGN_TO_ENGINE = /^(react|react-dom|zustand|recharts|katex|node:|idb)/;

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

function room(file: string): string {
  const found = Object.keys(HEIGHT).find((name) => file === name || file.startsWith(`${name}/`));
  if (!found) throw new Error(`src/${file} lies in no room: add its folder to HEIGHT in src/imports.test.ts.`);
  return found;
}

function sources(): string[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|testing|d)\.tsx?$/.test(file));
}

function imports(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(/(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g);
  return [...found].map(([, type, named, dynamic]) => ({ from: file, to: (named ?? dynamic) as string, typeOnly: type !== undefined }));
}

const inside = ({ from, to }: Import): string => relative(ROOT, normalize(join(ROOT, dirname(from), to)));

it('imports point down', () => {
  const wrong = sources().flatMap(imports).filter(({ to }) => to.startsWith('.')).filter((found) => {
    const target = inside(found);
    if (target.startsWith('..')) return !found.from.startsWith('node/');
    const [a, b] = [room(found.from), room(target)];
    if (a === b || (HEIGHT[a] as number) > (HEIGHT[b] as number)) return false;
    // Types of the experiment (cards, data, sparsity specs) are words that lower rooms share; no code comes with them.
    if (found.typeOnly && /^engine\/experiment\/(card|experiment|events)\.ts$/.test(target)) return false;
    return !Object.hasOwn(NEIGHBOURS, `${a} -> ${b}`);
  });
  expect(wrong.map((w) => `${w.from} -> ${w.to}`)).toEqual([]);
});

it('the engine needs neither page nor Node', () => {
  const foreign = sources().filter((file) => file.startsWith('engine/')).flatMap(imports).filter(({ to }) => FOREIGN_TO_ENGINE.test(to));
  expect(foreign.map((f) => `${f.from} -> ${f.to}`)).toEqual([]);
});

it('finds imports at all', () => expect(sources().flatMap(imports).length).toBeGreaterThan(300));
