import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

/** Cores that this process may use: those it may run on, or less where a container's quota says so (cgroup v2 `cpu.max`). */
export function usableCores(
  read: () => string = () => readFileSync("/sys/fs/cgroup/cpu.max", "utf8"),
): number {
  const all = availableParallelism();
  try {
    const [quota = "max", period = "100000"] = read().trim().split(" ");
    const share = Number(quota) / Number(period);
    return quota === "max" || !(share > 0) ? all : Math.max(1, Math.min(all, Math.floor(share)));
  } catch {
    return all; // no such file: no quota that we could read
  }
}

/** The processor's name, for settings that hold on one kind of machine only. */
export const processorName = (): string => cpus()[0]?.model.trim() ?? "unknown";

/** More threads than free cores make llama.cpp wait for itself; half of them leaves room for the service. */
export function threadsFor(cores: number): number {
  return Math.max(1, Math.floor(cores / 2));
}
