import { afterEach, describe, expect, it, vi } from 'vitest';
import { useRun } from '../stores/run.ts';
import { browserProblem, findAdapter, isLasting, REMEDY_WORDS } from './problems.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  useRun.setState({ problem: null, canTrain: true });
});

describe('what keeps a browser from training', () => {
  it('is nothing where WebGPU is offered', () => {
    expect(browserProblem({ isSecureContext: true, navigator: { gpu: {} } })).toBeNull();
  });

  it('is the page itself where it is not secure, before anything else', () => {
    expect(browserProblem({ isSecureContext: false, navigator: {} })?.kind).toBe('insecure');
  });

  it('is a browser without WebGPU', () => {
    expect(browserProblem({ isSecureContext: true, navigator: {} })?.kind).toBe('no-webgpu');
  });

  it('is an adapter that is not there', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(null) } });
    expect(await findAdapter()).toBe('none');
    expect(useRun.getState()).toMatchObject({ canTrain: false, problem: { kind: 'no-adapter' } });
  });

  it('is none on software, which is only slow', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve({ info: { isFallbackAdapter: true } }) } });
    expect(await findAdapter()).toBe('software');
    expect(useRun.getState()).toMatchObject({ canTrain: true, problem: null });
  });

  it('offers one action, whose words are there', () => {
    for (const scope of [{ isSecureContext: false, navigator: {} }, { isSecureContext: true, navigator: {} }]) {
      const problem = browserProblem(scope);
      expect(problem?.action && REMEDY_WORDS[problem.action]).toBeTruthy();
      expect(problem && isLasting(problem)).toBe(true);
      expect(problem?.sentence.match(/[.:]/g)?.length).toBeLessThanOrEqual(2);
    }
  });
});
