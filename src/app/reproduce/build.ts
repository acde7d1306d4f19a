/** Put in place by the build (scripts/build-words.mjs); absent where nothing was built, as in tests. */
declare const __SPARSELAND_BUILD__: string | undefined;

/** What this page was built from, in words: its version and commit. */
export const BUILD_WORDS: string = typeof __SPARSELAND_BUILD__ === 'undefined' ? 'Not built' : __SPARSELAND_BUILD__;
