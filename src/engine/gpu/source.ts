/** Shader texts by name: file name under `shaders/` without `.wgsl` (`linear_forward`, `lib/random`). */
export type ShaderTexts = Readonly<Record<string, string>>;

/** A shader's text is not there. */
export class MissingShaderError extends Error {
  override name = 'MissingShaderError';
}

const INCLUDE = /^[ \t]*\/\/ include (\S+)[ \t]*$/gm;
const ENABLE = /^[ \t]*enable [^;]+;[ \t]*\n?/gm;
const SLOT = /^[ \t]*\/\/ slot (\S+)[ \t]*$/gm;

/** What turns a shader file into the text that is compiled. */
export interface SourceOptions {
  /** Injected as `const NAME = value;` lines: tile sizes, which WGSL `override` cannot size register tiles with. */
  consts?: Readonly<Record<string, number>>;
  /** Fills `// slot NAME` lines with the named lib file: the one place where a kernel's expression can be chosen. */
  slots?: Readonly<Record<string, string>>;
}

/**
 * The text to compile: `enable` lines, which WGSL wants first, then const lines, then the file with its includes, each
 * once, in order of first use.
 * @throws MissingShaderError naming the file and who wanted it, Error naming a slot that nothing fills.
 */
export function expandSource(texts: ShaderTexts, name: string, options: SourceOptions = {}): string {
  const seen = new Set<string>();
  const fetchText = (file: string, wantedBy: string): string => {
    const text = Object.hasOwn(texts, file) ? texts[file] : undefined;
    if (text === undefined) throw new MissingShaderError(`Shader ${file}.wgsl, wanted by ${wantedBy}, is not there.`);
    return text;
  };
  const include = (file: string, wantedBy: string): string => {
    if (seen.has(file)) return '';
    seen.add(file);
    return fetchText(file, wantedBy)
      .replace(SLOT, (_, slot: string) => {
        const chosen = options.slots?.[slot];
        if (chosen === undefined) throw new Error(`Shader ${file}.wgsl has a slot ${slot} that nothing fills.`);
        return include(`lib/${chosen}`, file);
      })
      .replace(INCLUDE, (_, other: string) => include(`lib/${other}`, file));
  };
  const consts = Object.entries(options.consts ?? {}).map(([key, value]) => `const ${key} = ${value}u;\n`).join('');
  const body = include(name, 'a kernel');
  return [...new Set(body.match(ENABLE))].join('') + consts + body.replace(ENABLE, '');
}
