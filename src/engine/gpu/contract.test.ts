import { expect, test } from 'vitest';
import { type ArrayInfo, ResourceType, type VariableInfo, WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import { readShaders } from '../../node/shaders.ts';
import { KERNELS } from '../kernels/index.ts';
import type { Binding, Kernel, Variant } from './kernel.ts';
import { expandSource } from './source.ts';

const SHADERS = readShaders();

interface Case {
  kernel: Kernel;
  variant: Variant;
  slots: Readonly<Record<string, string>>;
}

/** Every way to fill the slots of a kernel. */
function fillings(slots: Kernel['slots'] = {}): Record<string, string>[] {
  return Object.entries(slots).reduce<Record<string, string>[]>(
    (all, [slot, files]) => all.flatMap((chosen) => files.map((file) => ({ ...chosen, [slot]: file }))), [{}]);
}

const CASES: [string, Case][] = [...KERNELS.values()].flatMap((kernel) => kernel.variants.flatMap((variant) => fillings(kernel.slots).map(
  (slots): [string, Case] => [[kernel.name, variant.name, ...Object.values(slots)].join('/'), { kernel, variant, slots }])));

const reflect = ({ kernel, variant, slots }: Case): WgslReflect =>
  new WgslReflect(expandSource(SHADERS, variant.file ?? kernel.name, { consts: variant.consts ?? {}, slots }));

const ELEMENTS = { f32: ['f32', 'vec4<f32>', 'vec4f'], f16: ['f16', 'vec4h'], u32: ['u32', 'atomic<u32>', 'vec4<u32>', 'vec4u'], bits: ['u32', 'atomic<u32>'] } as const;

/** Elements of a run-time array, written as in WGSL. */
function elementOf(v: VariableInfo): string | undefined {
  return v.isArray ? (v.type as ArrayInfo).format.getTypeName() : undefined;
}

function expectBinding(v: VariableInfo | undefined, binding: Binding, index: number): void {
  expect(v, `nothing at binding ${index}`).toBeDefined();
  expect({ name: v?.name, group: v?.group, binding: v?.binding, access: v?.access })
    .toEqual({ name: binding.name, group: 1, binding: index, access: binding.access === 'read' ? 'read' : 'read_write' });
  expect([binding.dtype, ...(binding.or ? [binding.or] : [])].flatMap((dtype) => ELEMENTS[dtype] as readonly string[])).toContain(v && elementOf(v));
}


test.each(CASES)('%s: the shader binds what its declaration says', (_, c) => {
  const { storage, uniforms } = reflect(c);
  const bound = storage.toSorted((a, b) => a.binding - b.binding);
  expect(bound).toHaveLength(c.kernel.bindings.length);
  expect(bound.length).toBeLessThanOrEqual(8);
  c.kernel.bindings.forEach((binding, i) => expectBinding(bound[i], binding, i + 1));
  expect(uniforms.map((u) => [u.group, u.binding, u.name]).toSorted()).toEqual(
    [[0, 0, 'knob_row'], [1, 0, 'params']].filter(([group]) => group === 1 || uniforms.some((u) => u.name === 'knob_row')));
});

test.each(CASES)('%s: Params has the declared fields, in order, four bytes each', (_, c) => {
  const params = reflect(c).uniforms.find((u) => u.name === 'params');
  expect(params?.resourceType).toBe(ResourceType.Uniform);
  const fields = (params?.members ?? []).map((m) => [m.name, m.type.name, m.offset]);
  expect(fields).toEqual(Object.entries(c.kernel.params).map(([name, type], i) => [name, type, 4 * i]));
});

test.each(CASES)('%s: one entry point main, inside the default limits', (_, c) => {
  const reflected = reflect(c);
  expect(reflected.entry.compute.map((f) => f.name)).toEqual(['main']);
  const text = expandSource(SHADERS, c.variant.file ?? c.kernel.name, { consts: c.variant.consts ?? {}, slots: c.slots });
  const size = /@workgroup_size\(([^)]*)\)/.exec(text)?.[1]?.split(',').map((part) => constant(text, part.trim())) ?? [];
  expect(size.length).toBeGreaterThan(0);
  expect(size.every((n) => n >= 1 && n <= 256)).toBe(true);
  expect(size.reduce((a, b) => a * b, 1)).toBeLessThanOrEqual(256);
  expect(workgroupBytes(text)).toBeLessThanOrEqual(16 * 1024);
});

/** A number, or the value of a `const` of the text, which may be a product of others. */
function constant(text: string, expression: string): number {
  return expression.split('*').map((factor) => {
    const name = factor.trim();
    if (/^\d+u?$/.test(name)) return Number.parseInt(name, 10);
    const value = new RegExp(`const ${name}\\s*(?::\\s*u32)?\\s*=\\s*([^;]+);`).exec(text)?.[1];
    if (value === undefined) throw new Error(`${name} is no constant that this test can read.`);
    return constant(text, value.trim());
  }).reduce((a, b) => a * b, 1);
}

const SCALARS: Readonly<Record<string, number>> = { f32: 4, u32: 4, 'atomic<u32>': 4, 'vec4<f32>': 16, 'vec4<u32>': 16, vec4f: 16, vec4u: 16 };

/** wgsl_reflect leaves workgroup variables out; their types here are plain: arrays of words. */
function workgroupBytes(text: string): number {
  return [...text.matchAll(/var<workgroup>\s+\w+\s*:\s*([^;]+);/g)].map(([, type = '']) => {
    const array = /^array<(.+),\s*([^,]+)>$/.exec(type.trim());
    const bytes = SCALARS[array?.[1]?.trim() ?? type.trim()];
    if (bytes === undefined) throw new Error(`This test does not know how large ${type} is.`);
    return bytes * (array ? constant(text, array[2] ?? '') : 1);
  }).reduce((a, b) => a + b, 0);
}

test('every shader belongs to exactly one declaration, and the reverse', () => {
  const declared = [...KERNELS.values()].flatMap((k) => [...new Set(k.variants.map((v) => v.file ?? k.name))]);
  const files = Object.keys(SHADERS).filter((name) => !name.startsWith('lib/'));
  expect(declared.toSorted()).toEqual(files.toSorted());
});

test('every lib file is included by some shader, or fills a slot', () => {
  const included = Object.values(SHADERS).flatMap((text) => [...text.matchAll(/^[ \t]*\/\/ include (\S+)/gm)].map((m) => m[1]));
  const fillers = [...KERNELS.values()].flatMap((k) => Object.values(k.slots ?? {}).flat());
  const lib = Object.keys(SHADERS).filter((name) => name.startsWith('lib/')).map((name) => name.slice(4));
  expect(lib.filter((name) => !included.includes(name) && !fillers.includes(name))).toEqual([]);
});

test('declared slots are the slots of the shader', () => {
  for (const kernel of KERNELS.values()) for (const variant of kernel.variants) {
    const text = SHADERS[variant.file ?? kernel.name] ?? '';
    expect([...text.matchAll(/^[ \t]*\/\/ slot (\S+)/gm)].map((m) => m[1]), kernel.name).toEqual(Object.keys(kernel.slots ?? {}));
  }
});

test('names of kernels are unique, and each has its base variant first', () => {
  for (const [name, kernel] of KERNELS) {
    expect(kernel.name).toBe(name);
    expect(new Set(kernel.variants.map((v) => v.name)).size).toBe(kernel.variants.length);
    expect(kernel.variants[0].eligible, `${name}: the base takes every shape`).toBeUndefined();
  }
});
