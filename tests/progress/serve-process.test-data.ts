import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const script = `import(${JSON.stringify(join(root, "src/cli/main.ts"))}).then((m) => m.main(process.argv.slice(1)))`;
// Long proofs may run what was built, which starts faster.
const built = process.env["TRAINING_READY_BUILT"] === "1";
const words = (args: string[]): string[] =>
  built ? [join(root, "bin/training-ready"), ...args] : ["--import", "tsx", "-e", script, "--", ...args];

export type Served = { child: ChildProcess; url: string; ended: Promise<number | null> };
export type Environment = Record<string, string>;

/** Runs the program in a home and reads its one document. */
export function runProcess(home: string, environment: Environment, ...args: string[]) {
  const done = spawnSync(process.execPath, words([...args, "--home", home, "--json"]), {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return {
    status: done.status,
    document: JSON.parse(done.stdout) as Record<string, never>,
    said: `${done.stdout}${done.stderr}`,
  };
}

/** Serves a home's tracker in a process of its own. */
export async function serveProcess(home: string, environment: Environment = {}): Promise<Served> {
  const child = spawn(
    process.execPath,
    words(["serve", "--only", "progress", "--home", home, "--port", "0", "--json"]),
    { cwd: root, stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, ...environment } },
  );
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  const line = await new Promise<string>((done, fail) => {
    child.stdout.once("data", (data: Buffer) => done(data.toString("utf8")));
    child.once("exit", () => fail(new Error("serve ended before it printed its address")));
  });
  const { url } = JSON.parse(line) as { url: string };
  return { child, url, ended };
}

type Headers = Record<string, string>;

/** Three callers that write sessions of one client until nobody answers; `acknowledged` grows with each answer. */
export async function writeUntilDown(
  url: string,
  headers: Headers,
  round: number,
  acknowledged: Set<string>,
  isOver: () => boolean = () => false,
): Promise<void> {
  const write = async (worker: number): Promise<void> => {
    for (let index = 0; !isOver(); index += 1) {
      const session_id = `r${round}-w${worker}-${index}`;
      try {
        const reply = await fetch(`${url}/api/v1/sessions`, {
          method: "POST",
          headers,
          body: JSON.stringify({ client_id: "c", session_id, progress_notes: "synthetic" }),
        });
        if (reply.status === 200)
          acknowledged.add(((await reply.json()) as { session_id: string }).session_id);
        else await reply.arrayBuffer();
      } catch {
        return; // killed: not acknowledged
      }
    }
  };
  await Promise.all([0, 1, 2].map(write));
}

/** Every session of the client that is stored. */
export async function storedSessions(url: string, headers: Headers): Promise<Set<string>> {
  const found = new Set<string>();
  for (let cursor = ""; ;) {
    const reply = await fetch(`${url}/api/v1/sessions/c?limit=200${cursor}`, { headers });
    const page = (await reply.json()) as { sessions: { session_id: string }[]; next_cursor?: string };
    for (const one of page.sessions) found.add(one.session_id);
    if (page.next_cursor === undefined) return found;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

/** Waits until so many more are acknowledged: whatever is then killed is amid the writing. */
export async function untilMore(acknowledged: Set<string>, more: number, pauseMs: number): Promise<void> {
  const enough = acknowledged.size + more;
  while (acknowledged.size < enough) await new Promise((done) => setTimeout(done, pauseMs));
}
