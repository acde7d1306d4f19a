const STRING = String.raw`'(?:[^'\\\n]|\\.)*'`;
const SENTENCE = new RegExp(String.raw`\b(help|idea|sentence): ${STRING}`, 'g');
const PAPER = /^( +)paper: \{\n[\s\S]*?^\1\},$/gm;
const LISTS = /^( +)(equations|fidelity|deviations): \[\n[\s\S]*?^\1\],$/gm;

/**
 * A method, its knobs, a preset or the schema without the words that only people read: sentences, papers, equations, notes
 * on fidelity and deviations. Names, labels and numbers stay. Workers show nothing, so they are built of this.
 * @param {string} code TypeScript as it is written here: what spans several lines begins and ends at the same indent
 */
export function stripWords(code) {
  return code.replace(LISTS, '$1$2: [],').replace(PAPER, "$1paper: { title: '', authors: '', year: 0 },").replace(SENTENCE, "$1: ''");
}
