// Real processes for the proofs of the inference service, and what they cost.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
export const startService = (words: readonly string[]): Promise<Started> =>
  startWholeService(["--only", "inference", ...words]);

/** As `startService`, with the home's tracker if it has one. */
export const startWholeService = (words: readonly string[]): Promise<Started> => {
  const all = ["serve", "--port", "0", "--json", ...words];
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

const liteLlm = "litellm[proxy]==1.108.7";

/** LiteLLM's proxy before an engine, from a virtual environment in a folder. */
export async function startLiteLlm(folder: string, engine: string): Promise<Started> {
  const program = join(folder, "litellm", "bin", "litellm");
  if (!existsSync(program)) {
    const run = (command: string, words: readonly string[]): void => {
      if (spawnSync(command, words, { stdio: ["ignore", "ignore", "inherit"] }).status !== 0)
        throw new Error(`${command} ${words.join(" ")} failed`);
    };
    run("python3", ["-m", "venv", join(folder, "litellm")]);
    run(join(folder, "litellm", "bin", "pip"), ["install", "--quiet", liteLlm]);
  }
  const config = join(folder, "litellm.yaml");
  writeFileSync(
    config,
    JSON.stringify({
      model_list: [
        {
          model_name: "mock",
          litellm_params: { model: "openai/mock", api_base: `${engine}/v1`, api_key: "none" },
        },
      ],
    }),
  );
  const port = 18_400;
  const child = spawn(program, ["--config", config, "--host", "127.0.0.1", "--port", String(port)], {
    stdio: "ignore",
    env: {
      ...process.env,
      LITELLM_LOG: "ERROR",
      LITELLM_LOCAL_MODEL_COST_MAP: "True",
      // on loopback, for this measurement alone: it does not start without a key else
      LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: "true",
    },
  });
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/v1/models`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error("litellm ended");
    await new Promise((wait) => setTimeout(wait, 200));
  }
  return {
    url,
    child,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
      return child.exitCode;
    },
  };
}

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
