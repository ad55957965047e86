import { monitorEventLoopDelay } from "node:perf_hooks";

const resolutionMs = 20;
const tickMs = 1000;
const ticks = { fewest: 5, most: 10 }; // seconds that a window is read from and at most lasts

/** What is needed of a histogram of delays in nanoseconds. */
export type DelayHistogram = { percentile: (share: number) => number; reset: () => void };

/** How late the event loop is, at the 99th percentile of the last seconds. */
export class LoopDelay {
  private readonly histogram: DelayHistogram;
  private age = 0;
  private latest = 0;

  constructor(histogram: DelayHistogram) {
    this.histogram = histogram;
  }

  get p99Ms(): number {
    return this.latest;
  }

  /** Once a second. */
  tick(): void {
    this.age++;
    // Of five seconds the 99th percentile leaves out the two longest pauses: a start or one slow call decides nothing.
    if (this.age < ticks.fewest) return;
    // The histogram holds times between timers, which an idle loop runs at the resolution.
    this.latest = Math.max(0, this.histogram.percentile(99) / 1e6 - resolutionMs);
    if (this.age < ticks.most) return;
    this.histogram.reset();
    this.age = 0;
  }
}

/** Watches this process's event loop. */
export function watchLoopDelay(): { p99Ms: () => number; stop: () => void } {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const delay = new LoopDelay(histogram);
  const timer = setInterval(() => delay.tick(), tickMs);
  timer.unref();
  return {
    p99Ms: () => delay.p99Ms,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
