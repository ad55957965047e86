import type { RunEvent } from "../../training/index.ts";

const blocks = " ▁▂▃▄▅▆▇█";

/** The last values as a line of blocks. */
export function sparkline(values: readonly number[], width = 40): string {
  const size = Math.max(1, Math.ceil(values.length / width));
  const means: number[] = [];
  for (let at = 0; at < values.length; at += size) {
    const part = values.slice(at, at + size);
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  const [low, high] = [Math.min(...means), Math.max(...means)];
  return means.map((value) => blocks[1 + Math.round(((value - low) / (high - low || 1)) * 7)]).join("");
}

/** Seconds as 1 h 02 m, 3 m 20 s or 12 s. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 3600)
    return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} m`;
  return whole >= 60 ? `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, "0")} s` : `${whole} s`;
}

const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
const bytes = (value: number): string =>
  value >= 1e9 ? `${(value / 1e9).toFixed(1)} GB` : `${(value / 1e6).toFixed(0)} MB`;

type StepEvent = Extract<RunEvent, { type: "step" }>;

/** What the view knows of a run; `lines` draws it. */
export class LiveView {
  private readonly losses: number[] = [];
  private step: StepEvent | undefined;
  private evaluation: Extract<RunEvent, { type: "eval" }> | undefined;
  private eta: Extract<RunEvent, { type: "eta" }> | undefined;
  private load: number[] | undefined;
  private total = 0;

  private readonly totalSteps: () => number;

  constructor(totalSteps: () => number) {
    this.totalSteps = totalSteps;
  }

  take(event: RunEvent): void {
    if (event.type === "step") {
      if (this.step !== undefined && this.step.stage !== event.stage) this.losses.length = 0;
      this.step = event;
      if (event.ce !== null) this.losses.push(event.ce);
      if (this.total === 0) this.total = this.totalSteps();
    } else if (event.type === "eval") this.evaluation = event;
    else if (event.type === "eta") this.eta = event;
    else if (event.type === "moe") {
      const layers = event.load;
      this.load = (layers[0] ?? []).map(
        (_, expert) => layers.reduce((sum, layer) => sum + (layer[expert] ?? 0), 0) / layers.length,
      );
    }
  }

  /** One line without a terminal's tricks. */
  line(): string {
    const { step } = this;
    if (step === undefined) return "";
    const parts = [
      `${step.stage} step ${step.step}/${this.total}`,
      `loss ${step.ce === null ? "not finite" : step.ce.toFixed(3)}`,
      ...(this.evaluation?.loss == null ? [] : [`validation ${this.evaluation.loss.toFixed(3)}`]),
      `${Math.round(step.tok_s ?? 0)} tokens/s`,
      ...(step.mfu === null ? [] : [`MFU ${percent(step.mfu)}`]),
      bytes(step.mem),
      ...(this.eta === undefined
        ? []
        : [`${duration(this.eta.remaining)} left, ${this.eta.on_track ? "on track" : "NOT on track"}`]),
    ];
    return parts.join("  ");
  }

  /** The block that a terminal shows, redrawn in place. */
  lines(): string[] {
    if (this.step === undefined) return ["preparing …"];
    const share = this.total === 0 ? 0 : this.step.step / this.total;
    const bar = "█".repeat(Math.round(share * 30)).padEnd(30, "░");
    const load = this.load === undefined ? [] : [`experts  ${this.load.map(percent).join("  ")}`];
    return [`${bar} ${percent(share)}`, this.line(), `loss  ${sparkline(this.losses)}`, ...load];
  }
}

/** Draws a view: in place on a terminal ten times a second, else a line every five seconds. */
export function viewPrinter(
  view: LiveView,
  options: { write: (text: string) => void; terminal: boolean; now?: () => number },
): { take: (event: RunEvent) => void; end: () => void } {
  const now = options.now ?? Date.now;
  let drawnAt = 0;
  let height = 0;
  const draw = (): void => {
    drawnAt = now();
    const lines = view.lines();
    options.write(
      `${height > 0 ? `\u001b[${height}A` : ""}${lines.map((line) => `\u001b[2K${line}\n`).join("")}`,
    );
    height = lines.length;
  };
  return {
    take(event) {
      view.take(event);
      if (event.type === "warn") options.write(`${event.code}: ${event.message}\n`);
      const due = now() - drawnAt > (options.terminal ? 100 : 5000);
      if (!due || (event.type !== "step" && event.type !== "eval")) return;
      if (options.terminal) draw();
      else {
        drawnAt = now();
        options.write(`${view.line()}\n`);
      }
    },
    end() {
      if (options.terminal) draw();
      else if (view.line() !== "") options.write(`${view.line()}\n`);
    },
  };
}
