import { availableParallelism, loadavg } from "node:os";

/** The value below which a share of the values lies. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] as number;

/** Prints one figure as a JSON line, with the load of the machine. */
export function say(name: string, figures: Record<string, unknown>): void {
  const host = { load: Number((loadavg()[0] as number).toFixed(1)), cores: availableParallelism() };
  process.stdout.write(`${JSON.stringify({ proof: name, ...figures, ...host })}\n`);
}
