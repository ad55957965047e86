// Real processes for the proofs of the inference service, and what they cost.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

export type Started = { url: string; child: ChildProcess; stop: () => Promise<number | null> };

async function started(words: readonly string[], urlOf: (line: string) => string): Promise<Started> {
  const child = spawn(process.execPath, words, {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout?.on("data", (text: Buffer) => (output += text.toString()));
  while (!output.includes("\n")) {
    if (child.exitCode !== null) throw new Error(`a process ended at once: ${output}`);
    await new Promise((wait) => setTimeout(wait, 20));
  }
  return {
    url: urlOf(output),
    child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      return child.exitCode;
    },
  };
}

/** A mock engine that brings its first token after `firstMs` and then one each `tokenMs`. */
export const startMock = (firstMs: number, tokenMs: number, fill = 0): Promise<Started> =>
  started(
    ["--import", "tsx", join(root, "bench/mock-engine.ts"), ...[firstMs, tokenMs, fill].map(String)],
    (line) => line.trim(),
  );

/** The real command: as it was built (`npm run build`), else from its sources. */
export const startService = (words: readonly string[]): Promise<Started> => {
  const all = ["serve", "--port", "0", "--json", "--only", "inference", ...words];
  const built = join(root, "dist/cli/main.js");
  const isBuilt = process.env["PROOF_SOURCES"] === undefined && existsSync(built);
  const entry = JSON.stringify(isBuilt ? built : join(root, "src/cli/main.ts"));
  const script = `import(${entry}).then((m) => m.main(${JSON.stringify(all)}))`;
  return started(
    [
      // PROOF_PROFILE=DIR keeps a CPU profile of each service.
      ...(process.env["PROOF_PROFILE"] === undefined
        ? []
        : ["--cpu-prof", `--cpu-prof-dir=${process.env["PROOF_PROFILE"]}`]),
      ...(isBuilt ? [] : ["--import", "tsx"]),
      "-e",
      script,
    ],
    (line) => (JSON.parse(line) as { url: string }).url,
  );
};

/** CPU seconds that a process has used (proc(5), fields 14 and 15, in ticks of 10 ms). */
export function cpuSeconds({ child }: Started): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident bytes of a process. */
export function residentBytes({ child }: Started): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) * 1024;
}

export const chatRequest = (content: string, more: Record<string, unknown> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ messages: [{ role: "user", content }], ...more }),
});
