/** Presets with a recording in `public/recordings`. */
export const RECORDED: readonly string[] = ['hello-mnist', 'rigl-moons'];
