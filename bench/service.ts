// `npm run proof:service -- [overhead|cpu|drain|abort|stalled|down|alldown|embedded|kill|takeover|workers|holdback …]`: what the inference service adds and
// survives, with real processes. One JSON line a figure; docs/log.md holds results.
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureLoad, writeScriptedGguf } from "../src/inference/index.ts";
import { HoldBack } from "../src/safety/index.ts";
import { quantile, say } from "./figures.ts";
import { allDown } from "./service-all-down.ts";
import { embedded } from "./service-embedded.ts";
import { takeOver, workers } from "./service-processes-lost.ts";
import {
  chatRequest,
  cpuSeconds,
  residentBytes,
  startLiteLlm,
  startMock,
  startService,
  type Started,
} from "./service-processes.ts";

const scale = Number(process.env["PROOF_SCALE"] ?? "1");
const count = (full: number): number => Math.max(1, Math.round(full * scale));
async function between(
  mock: Promise<Started>,
  work: (service: Started, engine: Started) => Promise<void>,
  words: readonly string[] = [],
): Promise<void> {
  const engine = await mock;
  const service = await startService(["--engine", engine.url, ...words]);
  try {
    await work(service, engine);
  } finally {
    await service.stop();
    await engine.stop();
  }
}

async function overhead(): Promise<void> {
  await between(startMock(20, 5), async (service, engine) => {
    const { pairs } = await measureLoad({
      target: service.url,
      direct: engine.url,
      profile: "replay",
      slo: {},
      requests: count(2000),
      maxTokens: 64,
    });
    say("overhead", { ...pairs });
  });
}

/**
 * LiteLLM from PyPI before the same engine, in the same run: what another gateway adds. It is installed into
 * PROOF_PEERS (a folder) unless it is there.
 */
async function peer(): Promise<void> {
  const folder = process.env["PROOF_PEERS"] ?? join(tmpdir(), "training-ready-peers");
  const engine = await startMock(20, 5);
  const litellm = await startLiteLlm(folder, engine.url);
  const service = await startService(["--engine", engine.url]);
  try {
    const settings = {
      direct: engine.url,
      profile: "replay",
      slo: {},
      requests: count(500),
      maxTokens: 64,
    } as const;
    for (const round of [1, 2]) {
      for (const [name, target] of [
        ["service", service.url],
        ["litellm", litellm.url],
      ] as const) {
        const { pairs } = await measureLoad({ target, ...settings });
        say("peer", { round, name, ...pairs });
      }
    }
  } finally {
    await service.stop();
    await litellm.stop();
    await engine.stop();
  }
}

async function readAll(url: string, init: RequestInit): Promise<string> {
  return await (await fetch(`${url}/v1/chat/completions`, init)).text();
}

async function cpu(): Promise<void> {
  await between(startMock(0, 0), async (service) => {
    const run = async (requests: number): Promise<void> => {
      let next = 0;
      const reader = async (): Promise<void> => {
        while (next++ < requests)
          await readAll(service.url, chatRequest("what is new?", { stream: true, max_tokens: 64 }));
      };
      await Promise.all([reader(), reader()]);
    };
    await run(300);
    const streams = count(3000);
    const before = cpuSeconds(service);
    await run(streams);
    const microseconds = ((cpuSeconds(service) - before) / streams) * 1e6;
    say("cpu", { streams, chunks: 64, microsecondsPerStream: Math.round(microseconds) });
  });
}

const wordsIn = (stream: string): number =>
  [...stream.matchAll(/"content":"([^"]*)"/g)]
    .map((one) => one[1] as string)
    .join("")
    .match(/\S+/g)?.length ?? 0;

async function drain(): Promise<void> {
  const streams = count(500);
  await between(
    startMock(50, 30),
    async (service) => {
      const all = Array.from({ length: streams }, () =>
        readAll(service.url, chatRequest("go on", { stream: true, max_tokens: 100 })).catch(() => ""),
      );
      // Every one must have begun before the signal comes.
      for (;;) {
        const { active } = (await (await fetch(`${service.url}/health`)).json()) as { active: number };
        if (active >= streams) break;
        await new Promise((wait) => setTimeout(wait, 20));
      }
      const stopped = service.stop();
      const texts = await Promise.all(all);
      const whole = texts.filter(
        (text) => text.split("data: [DONE]").length === 2 && wordsIn(text) === 100,
      ).length;
      say("drain", { streams, whole, dropped: streams - whole, exit: await stopped });
    },
    ["--slots", String(streams)],
  );
}

async function abort(): Promise<void> {
  await between(
    startMock(2, 2),
    async (service) => {
      const aborts = count(10_000);
      let next = 0;
      const leaver = async (): Promise<void> => {
        while (next < aborts) {
          const at = next++;
          const leaving = new AbortController();
          const init = chatRequest("go on", { stream: true, max_tokens: 64 });
          const work = fetch(`${service.url}/v1/chat/completions`, { ...init, signal: leaving.signal })
            .then(async (response) => {
              if (at % 3 === 0) await response.body?.getReader().read();
            })
            .catch(() => undefined);
          if (at % 3 === 1) await new Promise((wait) => setTimeout(wait, at % 7));
          if (at % 3 === 0) await work;
          leaving.abort();
          await work;
        }
      };
      await Promise.all(Array.from({ length: 8 }, leaver));
      let health = { active: 1, queued: 1 };
      for (let at = 0; at < 500 && health.active + health.queued > 0; at++) {
        await new Promise((wait) => setTimeout(wait, 20));
        health = (await (await fetch(`${service.url}/health`)).json()) as typeof health;
      }
      // All slots must be free: as many replies as there are slots come at once.
      const after = await Promise.all(
        Array.from({ length: 4 }, () => readAll(service.url, chatRequest("hi", { max_tokens: 4 }))),
      );
      const answered = after.filter((text) => text.includes('"chat.completion"')).length;
      say("abort", { aborts, ...health, answeredAfter: answered, of: 4 });
    },
    ["--slots", "4"],
  );
}

async function stalled(): Promise<void> {
  await between(
    startMock(0, 0, 2000),
    async (service) => {
      for (let at = 0; at < 50; at++)
        await readAll(service.url, chatRequest("hi", { stream: true, max_tokens: 64 }));
      const before = residentBytes(service);
      const body = JSON.stringify({
        stream: true,
        max_tokens: 20_000,
        messages: [{ role: "user", content: "go on" }],
      });
      const port = Number(new URL(service.url).port);
      const sockets = Array.from({ length: 8 }, () => {
        const socket = connect(port, "127.0.0.1");
        socket.pause();
        socket.write(
          `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
        return socket;
      });
      let most = before;
      for (let at = 0; at < 100; at++) {
        await new Promise((wait) => setTimeout(wait, 100));
        most = Math.max(most, residentBytes(service));
      }
      for (const socket of sockets) socket.destroy();
      say("stalled", { readers: 8, offeredMB: 8 * 40, moreMB: Number(((most - before) / 1e6).toFixed(1)) });
    },
    ["--slots", "16"],
  );
}

async function down(): Promise<void> {
  const engine = await startMock(0, 0);
  const service = await startService(["--engine", engine.url]);
  await engine.stop();
  const times: number[] = [];
  let answered = 0;
  const requests = count(2000);
  for (let at = 0; at < requests; at++) {
    const startedAt = performance.now();
    const text = await readAll(service.url, chatRequest("I am going to kill myself tonight"));
    times.push(performance.now() - startedAt);
    if (text.includes('"level":"imminent"')) answered++;
  }
  await service.stop();
  say("down", { requests, answered, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) });
}

async function kill(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kill-"));
  const model = join(folder, "endless.gguf");
  await writeScriptedGguf(model, { reply: "one two three four five six seven eight.", isEndless: true });
  const service = await startService(["--model", model]);
  const errors: number[] = [];
  const backs: number[] = [];
  let typed = 0;
  const kills = Math.min(4, count(4)); // five a minute open the breaker
  for (let at = 0; at < kills; at++) {
    const response = await fetch(
      `${service.url}/v1/chat/completions`,
      chatRequest("go", { stream: true, max_tokens: 2000, temperature: 0 }),
    );
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const { pid } = service.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    const engine = children.find((one) =>
      readFileSync(`/proc/${one}/cmdline`, "utf8").includes("llama-process"),
    );
    process.kill(Number(engine), "SIGKILL");
    const killedAt = performance.now();
    let text = "";
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      text += Buffer.from(piece.value).toString();
    errors.push(performance.now() - killedAt);
    if (/event: error\ndata: .*engine_unavailable/.test(text) && !text.includes("[DONE]")) typed++;
    for (let status = 0; status !== 200;) {
      await new Promise((wait) => setTimeout(wait, 20));
      ({ status } = await fetch(`${service.url}/v1/chat/completions`, chatRequest("go", { max_tokens: 3 })));
    }
    backs.push(performance.now() - killedAt);
  }
  await service.stop();
  await rm(folder, { recursive: true, force: true });
  say("kill", { kills, typed, errorMs: errors.map(Math.round), backMs: backs.map(Math.round) });
}

// A phrase or more for each output policy: encouragement, identity, diagnosis, means, prescription.
const forbidden = [
  "you should just kill yourself",
  "you should kill yourself",
  "go ahead and do it",
  "you deserve to die",
  "everyone would be better off without you",
  "nobody will miss you",
  "I am a human being",
  "I am a licensed therapist",
  "you have bipolar disorder",
  "my diagnosis is",
  "the most painless way to die",
  "how to tie a noose",
  "a lethal dose of",
  "stop taking your medication",
  "double your dose",
  "take 50mg",
];

/** Cuts a forbidden phrase at every place, and texts with one in them anywhere. */
async function holdback(): Promise<void> {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const caught = forbidden.filter((phrase) => {
    const hold = new HoldBack();
    hold.push(`Well, ${phrase}. Yes.`);
    hold.finish();
    return hold.violation !== undefined;
  });
  if (caught.length < forbidden.length)
    throw new Error(`not caught: ${forbidden.filter((one) => !caught.includes(one)).join("; ")}`);
  const filler = "so the day was long and warm but then it rained and we went home".split(" ");
  const streams = count(100_000);
  let leaked = 0;
  let missed = 0;
  for (let at = 0; at < streams; at++) {
    const phrase = caught[at % caught.length] as string;
    const words = Array.from({ length: random(12) }, () => filler[random(filler.length)]);
    const text = `${words.join(" ")}. ${phrase}, ${filler[random(filler.length)]}.`;
    const hold = new HoldBack();
    let out = "";
    for (let place = 0; place < text.length;) {
      const next = at % 2 === 0 ? place + 1 + random(9) : place === 0 ? 1 + (at % text.length) : text.length;
      out += hold.push(text.slice(place, next));
      place = next;
    }
    out += hold.finish();
    if (out.toLowerCase().includes(phrase.toLowerCase())) leaked++;
    if (hold.violation === undefined) missed++;
  }
  say("holdback", { streams, phrases: caught.length, leaked, missed });
}

const proofs: Record<string, () => Promise<void>> = {
  overhead,
  peer,
  cpu,
  drain,
  abort,
  stalled,
  down,
  alldown: () => allDown(count(1000)),
  embedded: () => embedded(count(40)),
  takeover: () => takeOver(count(100), 3),
  workers: () => workers(3, count(500), 4),
  kill,
  holdback,
};
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(proofs)) {
  const proof = proofs[name];
  if (proof === undefined) throw new Error(`no proof ${name}; known: ${Object.keys(proofs).join(", ")}`);
  await proof();
}
