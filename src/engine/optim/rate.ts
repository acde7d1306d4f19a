/** What decides the learning rate over a phase. */
export interface RateSchedule {
  rate: number;
  schedule: 'constant' | 'cosine' | 'step';
  /** Steps of linear warm-up from rate / warmup. */
  warmup: number;
}

/**
 * Learning rate at a step of a phase. `cosine` falls to 0 at the end (Loshchilov and Hutter 2017, no restarts);
 * `step` divides by ten at one half and at three quarters.
 */
export function rateAt({ rate, schedule, warmup }: RateSchedule, step: number, steps: number): number {
  if (step < warmup) return (rate * (step + 1)) / warmup;
  const progress = (step - warmup) / Math.max(1, steps - warmup);
  if (schedule === 'cosine') return (rate / 2) * (1 + Math.cos(Math.PI * Math.min(1, progress)));
  if (schedule === 'step') return progress < 0.5 ? rate : progress < 0.75 ? rate / 10 : rate / 100;
  return rate;
}
