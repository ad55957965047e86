export type Cusum = { W: number; highest: number; signal_at: number | null; n: number };

/** What the design sets: a rise by .03 is looked for, and this height holds a rollout. */
export const cusumRise = 0.03;
export const cusumHeight = 3;

/**
 * Page's CUSUM for a share that rises from p0 to p1 (Page 1954, Biometrika 41; for outcomes of care Steiner et al. 2000,
 * Biostatistics 1): W = max(0, W + ln(p1/p0)) for each event, ln((1-p1)/(1-p0)) for each other. `signal_at` is the
 * place, counted from 1, at which W first reached the height; W goes on.
 */
export function cusumOf(
  events: readonly boolean[],
  options: { p0: number; p1?: number | undefined; height?: number | undefined },
): Cusum {
  const { p0, p1 = p0 + cusumRise, height = cusumHeight } = options;
  const up = Math.log(p1 / p0);
  const down = Math.log((1 - p1) / (1 - p0));
  let W = 0;
  let highest = 0;
  let signalAt: number | null = null;
  for (const [index, event] of events.entries()) {
    W = Math.max(0, W + (event ? up : down));
    highest = Math.max(highest, W);
    if (signalAt === null && W >= height) signalAt = index + 1;
  }
  return { W, highest, signal_at: signalAt, n: events.length };
}
