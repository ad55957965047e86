import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

const folder = "/usr/lib/postgresql";

/** Debian's newest PostgreSQL of this machine, or undefined. */
export const postgresPrograms: string | undefined = (existsSync(folder) ? readdirSync(folder) : [])
  .toSorted((a, b) => Number(b) - Number(a))
  .map((version) => join(folder, version, "bin"))
  .find((one) => existsSync(join(one, "initdb")));

export type Postgres = {
  /** Makes an empty database and gives its URL; with a folder, its tables lie there. */
  create: (folder?: string) => Promise<string>;
  urlOf: (database: string) => string;
  /** Runs one statement in a database as its owner. */
  query: (url: string, text: string) => Promise<Record<string, unknown>[]>;
  /** Ends the server as a crash does, or stops and continues all of its processes. */
  crash: () => void;
  start: () => void;
  freeze: () => void;
  thaw: () => void;
  close: () => void;
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** The server refuses to run as root, so that it runs as nobody there. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync("/etc/passwd", "utf8"))?.[0].split(":") ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

/** A PostgreSQL of its own in a temporary folder, on a free port of this machine. */
export async function startPostgres(settings: readonly string[] = []): Promise<Postgres> {
  const programs = postgresPrograms;
  if (programs === undefined) throw new Error("no PostgreSQL is installed");
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), "postgres-"));
  const who = unprivileged();
  if (who.uid !== undefined && who.gid !== undefined) chownSync(home, who.uid, who.gid);
  const data = join(home, "data");
  const run = (program: string, ...words: string[]): void => {
    execFileSync(join(programs, program), words, {
      ...who,
      cwd: home,
      stdio: ["ignore", "ignore", "inherit"],
    });
  };
  run("initdb", "-D", data, "-U", "tracker", "-A", "trust", "--no-locale", "-E", "UTF8");
  const start = (): void => {
    const words = [
      "-p",
      String(port),
      "-k",
      home,
      "-h",
      "127.0.0.1",
      ...settings.flatMap((one) => ["-c", one]),
    ];
    run("pg_ctl", "-D", data, "-o", words.join(" "), "-l", join(home, "log"), "-w", "start");
  };
  const url = (database: string): string => `postgres://tracker@127.0.0.1:${port}/${database}`;
  const query = async (where: string, text: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: where });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const processes = (): number[] => {
    const first = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    const children = readFileSync(`/proc/${first}/task/${first}/children`, "utf8").trim();
    return [first, ...children.split(" ").filter(Boolean).map(Number)];
  };
  const signal = (name: NodeJS.Signals): void => {
    for (const one of processes()) process.kill(one, name);
  };
  let made = 0;
  start();
  return {
    async create(folder) {
      made += 1;
      const name = `t${process.pid}_${made}`;
      if (folder !== undefined) {
        if (who.uid !== undefined && who.gid !== undefined) chownSync(folder, who.uid, who.gid);
        await query(url("postgres"), `CREATE TABLESPACE ${name} LOCATION '${folder}'`);
      }
      await query(
        url("postgres"),
        `CREATE DATABASE ${name}${folder === undefined ? "" : ` TABLESPACE ${name}`}`,
      );
      return url(name);
    },
    urlOf: url,
    query,
    crash: () => run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"),
    start,
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    close() {
      try {
        if (existsSync(join(data, "postmaster.pid")))
          run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  };
}
