import { expect, test } from 'vitest';
import { stripShader } from './strip-shader.mjs';

test('comments and indentation go, include and slot lines and code stay', () => {
  const text = '// What it does.\n// include index\n// slot score\n\nfn main() {\n  let a = 1u; // one\n  /* two\n lines */ let b = a / 2u;\n}\n';
  expect(stripShader(text)).toBe('// include index\n// slot score\nfn main() {\nlet a = 1u;\nlet b = a / 2u;\n}\n');
});

test('stripping twice changes nothing more', () => {
  const once = stripShader('  // include lib\n  fn f() { } // x\n');
  expect(stripShader(once)).toBe(once);
});
