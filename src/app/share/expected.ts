/**
 * Adds the expected final numbers of the run that is shown to its link, so that who opens it can compare; null while
 * links cannot hold them. The Share dialog offers it as soon as it is a function.
 */
export const withExpectedNumbers: ((link: string) => string) | null = null;
