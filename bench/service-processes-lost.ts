// What is lost when serving processes end or follow one another: `npm run proof:service -- takeover workers`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantile, say } from "./figures.ts";
import { chatRequest, startMock, startService, type Started } from "./service-processes.ts";

const words = 100;
const pause = (ms: number): Promise<void> => new Promise((wait) => setTimeout(wait, ms));

type Streamed = { text: string; endedAt: number };

async function streamed(url: string): Promise<Streamed> {
  let text = "";
  try {
    const response = await fetch(
      `${url}/v1/chat/completions`,
      chatRequest("go on", { stream: true, max_tokens: words }),
    );
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      text += Buffer.from(piece.value).toString();
  } catch (error) {
    text += `\nbroken: ${(error as Error).message}`;
  }
  return { text, endedAt: performance.now() };
}

const contentWords = (text: string): number =>
  [...text.matchAll(/"content":"([^"]*)"/g)]
    .map((one) => one[1] as string)
    .join("")
    .match(/\S+/g)?.length ?? 0;
const isWhole = ({ text }: Streamed): boolean =>
  text.split("data: [DONE]").length === 2 && contentWords(text) === words;

async function untilActive(url: string, count: number): Promise<void> {
  for (;;) {
    const { active } = (await (await fetch(`${url}/health`)).json()) as { active: number };
    if (active >= count) return;
    await pause(20);
  }
}

/** Asks on new connections whether somebody is there, one after the other, until told to stop. */
type Others = { asked: number; failed: number; gapsMs: number[] };
function asking(url: string): { stop: () => Promise<Others> } {
  const over = new AbortController();
  const counts: Others = { asked: 0, failed: 0, gapsMs: [] };
  let refusedAt: number | undefined;
  const letIn = (): void => {
    if (refusedAt !== undefined) counts.gapsMs.push(Number((performance.now() - refusedAt).toFixed(1)));
    refusedAt = undefined;
  };
  const agent = new Agent({ keepAlive: false });
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      counts.asked++;
      const sent = request(`${url}/health/live`, { agent }, (response) => {
        letIn();
        if (response.statusCode !== 200) counts.failed++;
        response.resume().once("close", resolve);
      });
      sent.once("error", (error: NodeJS.ErrnoException) => {
        // Nobody listens: the time until somebody does is what counts.
        if (error.code === "ECONNREFUSED") refusedAt ??= performance.now();
        else counts.failed++;
        resolve();
      });
      sent.end();
    });
  const asker = (async () => {
    while (!over.signal.aborted) {
      await one();
      await pause(1);
    }
  })();
  return {
    async stop() {
      over.abort();
      await asker;
      return counts;
    },
  };
}

/** One `serve --take-over` after another while streams run and new requests come. */
export async function takeOver(streams: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "take-over-"));
  const engine = await startMock(50, 30);
  const serving = (more: readonly string[]): Promise<Started> =>
    startService(["--engine", engine.url, "--state", folder, "--slots", String(2 * streams + 8), ...more]);
  let elder = await serving([]);
  const all: Streamed[] = [];
  const askers = asking(elder.url);
  const exits: (number | null)[] = [];
  for (let round = 0; round < rounds; round++) {
    const running = Array.from({ length: streams }, () => streamed(elder.url));
    await untilActive(elder.url, streams);
    const ended = once(elder.child, "exit");
    const heir = await serving(["--take-over"]);
    all.push(...(await Promise.all(running)));
    await ended;
    exits.push(elder.child.exitCode);
    elder = heir;
  }
  const counts = await askers.stop();
  await elder.stop();
  await engine.stop();
  await rm(folder, { recursive: true, force: true });
  const whole = all.filter(isWhole).length;
  say("takeover", { rounds, streams: all.length, whole, dropped: all.length - whole, exits, others: counts });
}

async function startRedis(): Promise<{ url: string; stop: () => void }> {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
  const redis = spawn(
    "redis-server",
    ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no", "--dir", tmpdir()],
    { stdio: "ignore" },
  );
  await pause(1000);
  return { url: `redis://127.0.0.1:${port}`, stop: () => void redis.kill("SIGKILL") };
}

const workersOf = ({ child }: Started): number[] =>
  readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker-process"))
    .map(Number);

/** Workers that are killed one after another, then all drained. */
export async function workers(count: number, streams: number, kills: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "workers-"));
  const redis = await startRedis();
  const engine = await startMock(50, 30);
  const shared = ["--engine", engine.url, "--state", folder, "--redis", redis.url];
  const service = await startService([...shared, "--workers", String(count), "--slots", String(streams)]);
  const ready = async (): Promise<number> => {
    const { workers: all } = (await (await fetch(`${service.url}/health`)).json()) as {
      workers?: { ready: number };
    };
    return all?.ready ?? 0;
  };
  const errors: number[] = [];
  const backs: number[] = [];
  let untyped = 0;
  for (let at = 0; at < kills; at++) {
    const running = Array.from({ length: Math.min(20, streams) }, () => streamed(service.url));
    await untilActive(service.url, Math.min(20, streams));
    await pause(600);
    const [victim] = workersOf(service);
    process.kill(victim as number, "SIGKILL");
    const killedAt = performance.now();
    const ends = await Promise.all(running);
    const cut = ends.filter((one) => !isWhole(one));
    errors.push(...cut.map(({ endedAt }) => endedAt - killedAt));
    untyped += cut.filter(({ text }) => !/event: error\ndata: .*worker_ended/.test(text)).length;
    while ((await ready()) < count || workersOf(service).length < count) await pause(20);
    backs.push(performance.now() - killedAt);
  }
  const running = Array.from({ length: streams }, () => streamed(service.url));
  await untilActive(service.url, streams);
  const exit = await service.stop();
  const whole = (await Promise.all(running)).filter(isWhole).length;
  await engine.stop();
  redis.stop();
  await rm(folder, { recursive: true, force: true });
  say("workers", {
    workers: count,
    kills,
    cut: errors.length,
    untyped,
    errorP50Ms: quantile(errors, 0.5),
    errorMostMs: Math.max(...errors),
    backMs: backs.map(Math.round),
    drained: streams,
    whole,
    exit,
  });
}
