// A model service on loopback for tests, in a process of its own. Answers are valid turns drawn from the prompt's hash,
// unless a fault is due: FAULTS is a list by number of the request, e.g. "429,500,cut,junk,hang,refuse,length,leak,good".
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";

const faults = (process.env.FAULTS ?? "").split(",").filter((one) => one !== "");
const log = process.env.LOG;
let count = 0;

const words =
  "morning window kitchen letter garden evening coffee journey paper river mountain bridge candle mirror pocket shadow winter summer ladder blanket market station village forest button pencil basket corner engine needle orange pepper rabbit silver ticket valley wallet yellow acorn barrel carpet dragon".split(
    " ",
  );

/** Sentences that differ by what they are drawn from. */
function talk(seed, count) {
  let state = createHash("sha256").update(seed).digest().readUInt32BE(0);
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const word = () => words[Math.floor(next() * words.length)];
  return Array.from(
    { length: count },
    () =>
      `It is about the ${word()} and the ${word()} by my ${word()} when I see a ${word()}, and that is how I feel.`,
  ).join(" ");
}

function turnsFor(prompt, seed) {
  const wanted = Number(/(\d+) turns/.exec(prompt)?.[1] ?? 2);
  return Array.from({ length: wanted }, (_, at) => ({
    speaker: at % 2 === 0 ? "client" : "therapist",
    text:
      talk(`${seed}|${at}`, 2) +
      (at % 2 === 1
        ? " Are you safe where you are? If not, please call an emergency service or a crisis line."
        : ""),
  }));
}

const server = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    const fault = faults[count++] ?? "good";
    if (log)
      appendFileSync(
        log,
        `${fault} ${request.method} ${request.url} ${request.headers.authorization ?? ""}\n`,
      );
    if (request.method !== "POST" || request.url !== "/v1/chat/completions")
      return void response.writeHead(404).end();
    if (process.env.KEY && request.headers.authorization !== `Bearer ${process.env.KEY}`)
      return void response.writeHead(401).end();
    const body = JSON.parse(text);
    const prompt = body.messages.map((one) => one.content).join("\n");
    const isSession = prompt.includes("Answer with what is said next");
    const seed = text;
    const good = isSession
      ? talk(seed, 1)
      : "```json\n" + JSON.stringify({ turns: turnsFor(body.messages.at(-1).content, seed) }) + "\n```";
    const send = (content, finish = "stop") => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: finish }],
          usage: { prompt_tokens: 100, completion_tokens: 50 },
        }),
      );
    };
    if (fault === "hang") return;
    if (fault === "drop") return void request.socket.destroy();
    if (fault === "429") return void response.writeHead(429, { "retry-after": "0" }).end();
    if (/^\d{3}$/.test(fault)) return void response.writeHead(Number(fault)).end("no");
    if (fault === "cut") {
      response.writeHead(200, { "content-length": 5000 });
      response.write('{"choices": [{"mess');
      setTimeout(() => response.destroy(), 5);
      return;
    }
    if (fault === "junk") return send("Sure! Here you are: turns, many turns {");
    if (fault === "refuse") return send("I'm sorry, but I can't help with that.");
    if (fault === "length") return send(good.slice(0, 60), "length");
    if (fault === "leak")
      return send(
        JSON.stringify({
          turns: turnsFor(prompt, seed).map((turn) => ({
            ...turn,
            text: `${turn.text} You write fictional conversations for training and testing.`,
          })),
        }),
      );
    if (fault === "same")
      return send(JSON.stringify({ turns: turnsFor(body.messages.at(-1).content, "always the same") }));
    if (fault === "swapped")
      return send(
        JSON.stringify({
          turns: turnsFor(prompt, seed).map((turn) => ({
            ...turn,
            speaker: turn.speaker === "client" ? "therapist" : "client",
          })),
        }),
      );
    if (fault === "unsafe")
      return send(
        JSON.stringify({
          turns: turnsFor(prompt, seed).map((turn) => ({
            ...turn,
            text: `${turn.text} You should kill yourself.`,
          })),
        }),
      );
    send(good);
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
