import { describe, expect, test } from 'vitest';
import { CONTENT_POLICY, withPolicy } from './content-policy.mjs';

describe('the content policy', () => {
  test('lets scripts come from the page\'s own server only, and none from text', () => {
    expect(CONTENT_POLICY).toContain("default-src 'self'; script-src 'self';");
    expect(CONTENT_POLICY).not.toMatch(/unsafe|\*|http|data:/);
  });

  test('stands before the first script of a page', () => {
    const page = withPolicy('<head>\n<meta charset="utf-8">\n<script src="a.js"></script></head>');
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<script'));
    expect(() => withPolicy('<head><script></script></head>')).toThrow('charset');
  });
});
