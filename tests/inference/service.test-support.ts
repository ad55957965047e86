import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Served = {
  url: string;
  document: Record<string, unknown>;
  child: ChildProcess;
  stderr: () => string;
};

const entry = resolve(import.meta.dirname, "../../src/cli/main.ts");

/** Runs the real command from its sources, in a process of its own. */
export function startCommand(
  words: readonly string[],
  environment: Record<string, string> = {},
): {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
} {
  const script = `import(${JSON.stringify(entry)}).then((m) => m.main(${JSON.stringify(words)}))`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", script], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TRAINING_READY_CACHE: join(tmpdir(), "training-ready-tests"), ...environment },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (text: Buffer) => (output.stdout += text.toString()));
  child.stderr?.on("data", (text: Buffer) => (output.stderr += text.toString()));
  return { child, output };
}

/** Starts `serve` and waits for the line that says where it answers. */
export async function startServe(words: readonly string[]): Promise<Served> {
  const { child, output } = startCommand(["serve", "--port", "0", "--json", ...words]);
  while (!output.stdout.includes("\n")) {
    if (child.exitCode !== null) throw new Error(`serve ended: ${output.stdout} ${output.stderr}`);
    await new Promise((wait) => setTimeout(wait, 25));
  }
  const document = JSON.parse(output.stdout) as Record<string, unknown>;
  return { url: String(document["url"]), document, child, stderr: () => output.stderr };
}

/** Ends it by a real SIGTERM; gives its exit code. */
export async function stopServe({ child }: Served): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  child.kill("SIGTERM");
  await once(child, "exit");
  return child.exitCode;
}

export type Answer = { status: number; body: Record<string, unknown>; headers: Headers };

export async function post(url: string, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}

/** A streamed reply as the data of its events. */
export async function stream(url: string, body: Record<string, unknown>): Promise<string[]> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ stream: true, ...body }),
  });
  return [...(await response.text()).matchAll(/^data: (.*)$/gm)].map((match) => match[1] as string);
}
