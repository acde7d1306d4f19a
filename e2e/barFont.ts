/** Units of an em; a glyph is half of that wide, and a line as high as the em. */
const EM = 1000;
const ADVANCE = EM / 2;
const ASCENT = 800;

/** A field of a table: its value and its bytes, big-endian. */
type Field = readonly [value: number, bytes: 1 | 2 | 4];
const u16 = (...values: number[]): Field[] => values.map((value) => [value & 0xffff, 2]);
const u32 = (...values: number[]): Field[] => values.map((value) => [value >>> 0, 4]);

function bytesOf(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(([value, bytes]) => {
    const field = Buffer.alloc(bytes);
    field.writeUIntBE(value, 0, bytes);
    return field;
  }));
}

/** A bar as high as a lower-case letter, with air at both sides: text keeps its colour and its length, and loses its shape. */
const BAR: readonly Field[] = [
  ...u16(1, 50, 0, ADVANCE - 50, ADVANCE, 3, 0),
  ...[1, 1, 1, 1].map((flag): Field => [flag, 1]),
  ...u16(50, 0, ADVANCE - 100, 0, 0, ADVANCE, 0, -ADVANCE),
];

/** The tables that a browser asks for, by name (OpenType 1.9). Glyph 0 is empty, glyph 1 is the bar and stands for every character. */
function tables(): Record<string, readonly Field[]> {
  const barBytes = Math.ceil(bytesOf(BAR).length / 2) * 2;
  const zeros = (n: number): number[] => Array<number>(n).fill(0);
  return {
    'OS/2': [
      ...u16(4, ADVANCE, 400, 5, 0, ...zeros(10), 0), ...u16(...zeros(5)), ...u32(0, 0, 0, 0), ...u32(0x42415253), ...u16(0x40, 0x20, 0xffff),
      ...u16(ASCENT, ASCENT - EM, 0, ASCENT, EM - ASCENT), ...u32(0, 0), ...u16(ADVANCE, ADVANCE, 0, 0x20, 1),
    ],
    cmap: [...u16(0, 1, 3, 10), ...u32(12), ...u16(13, 0), ...u32(28, 0, 1, 0x20, 0x10ffff, 1)],
    glyf: BAR,
    head: [...u32(0x10000, 0x10000, 0, 0x5f0f3cf5), ...u16(3, EM), ...u32(0, 0, 0, 0), ...u16(50, 0, ADVANCE - 50, ADVANCE, 0, 8, 2, 0, 0)],
    hhea: [...u32(0x10000), ...u16(ASCENT, ASCENT - EM, 0, ADVANCE, 0, 0, ADVANCE, 1, 0, 0, ...zeros(4), 0, 1)],
    hmtx: u16(ADVANCE, 50, 0),
    loca: u16(0, 0, barBytes / 2),
    maxp: [...u32(0x10000), ...u16(2, 4, 1, 0, 0, 2, ...zeros(8))],
    name: u16(0, 0, 6),
    post: [...u32(0x30000, 0), ...u16(0, 0), ...u32(0, ...zeros(4))],
  };
}

/** A TrueType font in which every character is the same bar: what is laid out with it is alike on every machine, whatever fonts it has. */
export function barFont(): Buffer {
  const all = Object.entries(tables()).map(([tag, fields]) => ({ tag, bytes: bytesOf(fields) }));
  let offset = 12 + 16 * all.length;
  const directory: Buffer[] = [];
  const bodies: Buffer[] = [];
  for (const { tag, bytes } of all) {
    const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
    directory.push(Buffer.from(tag, 'latin1'), bytesOf(u32(sumOf(padded), offset, bytes.length)));
    bodies.push(padded);
    offset += padded.length;
  }
  // The largest power of two not above the number of tables, as the format wants it for a search.
  const power = Math.floor(Math.log2(all.length));
  const start = bytesOf([...u32(0x10000), ...u16(all.length, 16 * 2 ** power, power, 16 * (all.length - 2 ** power))]);
  return Buffer.concat([start, ...directory, ...bodies]);
}

function sumOf(table: Buffer): number {
  let sum = 0;
  for (let at = 0; at < table.length; at += 4) sum = (sum + table.readUInt32BE(at)) >>> 0;
  return sum;
}
