import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DockerfileParser, type Copy, type Dockerfile, type Healthcheck } from "dockerfile-ast";
import picomatch from "picomatch";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseCall } from "../../src/cli/framework/parse.ts";
import serve from "../../src/cli/serve.ts";
import { databaseSetting } from "../../src/progress/store/database-setting.ts";
import { platforms, type Rendered, type RenderedFile } from "../../src/platforms/index.ts";
import { root, runIn, scratch } from "./run-platform.ts";

const docker = platforms.find(({ name }) => name === "docker") as (typeof platforms)[number];
const rendered = (changes: Record<string, unknown> = {}): Rendered =>
  (docker.actions[0] as (typeof docker.actions)[number]).render({
    settings: docker.schema.parse(changes),
    words: [],
    product: { root, version: "0" },
    folder: "deploy",
  });
const fileOf = ({ files }: Rendered, path: string): RenderedFile =>
  files.find((one) => one.path === path) as RenderedFile;

const names = ["training.Dockerfile", "inference.Dockerfile", "ollama/Dockerfile"];

/** Files of the program's folder that a `.dockerignore` lets into the context: the last pattern that fits decides. */
function contextOf(ignore: string): { path: string; bytes: number }[] {
  const rules = ignore
    .split("\n")
    .filter(Boolean)
    .map((line) => ({
      keeps: line.startsWith("!"),
      fits: picomatch([line.replace("!", ""), `${line.replace("!", "")}/**`], { dot: true }),
    }));
  const paths = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(root, path)));
  const built = readdirSync(join(root, "dist"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return [...paths, ...built]
    .filter((path) => rules.reduce((kept, { keeps, fits }) => (fits(path) ? keeps : kept), true))
    .map((path) => ({ path, bytes: statSync(join(root, path)).size }));
}

const copies = (parsed: Dockerfile): { from: string | null; sources: string[] }[] =>
  parsed.getCOPYs().map((copy: Copy) => ({
    from: copy.getFromFlag()?.getValue() ?? null,
    sources: copy
      .getArguments()
      .slice(0, -1)
      .map((one) => one.getValue()),
  }));

describe("Dockerfiles", () => {
  const all = rendered();

  for (const name of names) {
    const text = fileOf(all, name).text;
    const parsed = DockerfileParser.parse(text);

    it(`${name} parses, and knows only real instructions`, () => {
      const known = [
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "USER",
        "ENTRYPOINT",
        "CMD",
        "EXPOSE",
        "HEALTHCHECK",
        "STOPSIGNAL",
        "VOLUME",
      ];
      const used = parsed.getInstructions().map((one) => one.getKeyword());
      expect(used.length).toBeGreaterThan(6);
      expect(used.filter((one) => !known.includes(one))).toEqual([]);
      expect(parsed.getInstructions().filter((one) => one.getArguments().length === 0)).toEqual([]);
    });

    it(`${name} runs as a user that is not root, with pinned bases`, () => {
      const users = parsed.getInstructions().filter((one) => one.getKeyword() === "USER");
      expect(
        users
          .at(-1)
          ?.getArguments()
          .map((one) => one.getValue()),
      ).toEqual(["42420:42420"]);
      for (const from of parsed.getFROMs()) {
        expect(from.getImageTag() ?? from.getImageDigest()).not.toBeNull();
        expect(from.getImageTag()).not.toBe("latest");
      }
    });

    it(`${name} copies only what its context holds, in less than 5 MB`, () => {
      const ignoreOf = name === "ollama/Dockerfile" ? "ollama/.dockerignore" : `${name}.dockerignore`;
      const stages = new Set(parsed.getFROMs().map((from) => from.getBuildStage()));
      const context =
        name === "ollama/Dockerfile"
          ? [{ path: "ollama-entry.sh", bytes: fileOf(all, "ollama/ollama-entry.sh").text.length }]
          : contextOf(fileOf(all, ignoreOf).text);
      let looked = 0;
      for (const { from, sources } of copies(parsed)) {
        if (from !== null) {
          expect([...stages]).toContain(from);
          continue;
        }
        for (const source of sources) {
          looked++;
          expect(
            context.filter(({ path }) => path === source || path.startsWith(`${source}/`)),
            source,
          ).not.toEqual([]);
        }
      }
      expect(looked).toBeGreaterThan(0);
      expect(context.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(5_000_000);
      expect(
        context.filter(({ path }) =>
          /\.test\.|\.d\.ts$|\.map$|\.env|^src\/|^tests\/|^docs\/|\.git\//.test(path),
        ),
      ).toEqual([]);
    });
  }

  it("ask the inference server and Ollama for their health", () => {
    const check = (name: string): string =>
      (
        DockerfileParser.parse(fileOf(all, name).text).getHEALTHCHECKs()[0] as Healthcheck
      ).getArgumentsContent() ?? "";
    expect(check("inference.Dockerfile")).toContain("127.0.0.1:8080/health");
    expect(check("ollama/Dockerfile")).toContain("ollama-ready");
  });

  it("are built where an engine runs", () => {
    const engine = spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0;
    if (!engine) {
      process.stdout.write("not built: no Docker engine answers here\n");
      return;
    }
    const folder = scratch();
    for (const path of ["Dockerfile", ".dockerignore", "ollama-entry.sh"]) {
      execFileSync("cp", ["/dev/stdin", join(folder, path)], { input: fileOf(all, `ollama/${path}`).text });
    }
    expect(spawnSync("docker", ["build", folder], { stdio: "inherit" }).status).toBe(0);
    rmSync(folder, { recursive: true });
  });
});

describe("the composition", () => {
  const compose = parse(fileOf(rendered({ secrets: ["HF_TOKEN"] }), "compose.yaml").text) as {
    services: Record<
      string,
      {
        image: string;
        healthcheck?: unknown;
        ports?: string[];
        secrets?: string[];
        depends_on?: object;
        environment?: Record<string, string>;
        command?: string[];
      }
    >;
    secrets: Record<string, { file: string }>;
  };

  it("holds service, PostgreSQL, Redis and engine, each with a health check, reached from this machine only", () => {
    expect(Object.keys(compose.services)).toEqual(["service", "engine", "postgres", "redis"]);
    for (const service of Object.values(compose.services)) {
      expect(service.healthcheck).toBeDefined();
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(Object.keys(compose.services["service"]?.depends_on ?? {})).toEqual([
      "engine",
      "postgres",
      "redis",
    ]);
  });

  it("takes secrets from files", () => {
    expect(compose.secrets).toEqual({
      POSTGRES_PASSWORD: { file: "./secrets/POSTGRES_PASSWORD" },
      PROGRESS_DATABASE_URL: { file: "./secrets/PROGRESS_DATABASE_URL" },
      HF_TOKEN: { file: "./secrets/HF_TOKEN" },
    });
    expect(compose.services["service"]?.secrets).toEqual(["PROGRESS_DATABASE_URL", "HF_TOKEN"]);
  });

  it("starts the service with words that it takes, its state and Redis among them", async () => {
    const words = compose.services["service"]?.command ?? [];
    const { options } = parseCall(serve, "serve", words);
    expect(options).toMatchObject({
      home: "/workspace/home",
      state: "/workspace/state",
      redis: "redis://127.0.0.1:6379",
      engineKind: "llama-server",
    });
    expect(fileOf(rendered(), "inference.Dockerfile").text).toContain("ioredis@");
  });

  it("gives the tracker PostgreSQL by the setting that it reads, without a password in the file", async () => {
    const environment = compose.services["service"]?.environment ?? {};
    const folder = scratch({ PROGRESS_DATABASE_URL: "postgres://ready:planted@127.0.0.1:5432/ready\n" });
    const value = environment["TRAINING_READY_PROGRESS_DATABASE"] as string;
    expect(value).toBe("file:/run/secrets/PROGRESS_DATABASE_URL");
    const local = value.replace("/run/secrets", folder);
    expect(await databaseSetting(folder, { TRAINING_READY_PROGRESS_DATABASE: local })).toMatchObject({
      kind: "postgres",
      place: "postgres://127.0.0.1:5432/ready",
    });
    rmSync(folder, { recursive: true });
  });

  it("is accepted by docker compose where it is installed", async () => {
    const folder = scratch();
    await runIn(folder, ["platform", "docker", "render", "--out", folder, "--apply"]);
    const probe = spawnSync("docker", ["compose", "version"], { stdio: "ignore" });
    if (probe.status !== 0) process.stdout.write("docker compose is missing here: not asked\n");
    else {
      const said = spawnSync(
        "docker",
        ["compose", "--file", join(folder, "compose.yaml"), "config", "--quiet"],
        { encoding: "utf8" },
      );
      expect(said.stderr).toBe("");
      expect(said.status).toBe(0);
    }
    rmSync(folder, { recursive: true });
  });
});

describe("the Ollama server's entry", () => {
  const fake = `#!/bin/bash
echo "$@" >> "$LOG"
case "$1" in
  serve) sleep 1; touch "$LOG.up"; trap 'echo ended >> "$LOG"; exit 0' TERM; while :; do sleep 0.1; done;;
  list) test -e "$LOG.up";;
  show) test "$2" = there;;
  pull) test "$2" != broken;;
esac
`;
  const folder = scratch({
    "!bin/ollama": fake,
    "!entry.sh": fileOf(rendered(), "ollama/ollama-entry.sh").text,
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGTERM");
  });
  const start = (preload: string, log: string): ChildProcess => {
    const child = spawn("/bin/bash", [join(folder, "entry.sh")], {
      env: {
        PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
        LOG: join(folder, log),
        OLLAMA_PRELOAD: preload,
        OLLAMA_READY_FILE: join(folder, `${log}.ready`),
      },
      stdio: "ignore",
    });
    children.push(child);
    return child;
  };
  const logOf = (log: string): string[] =>
    existsSync(join(folder, log)) ? readFileSync(join(folder, log), "utf8").trim().split("\n") : [];

  it("loads the named models once the server answers, is then ready, and ends on TERM", async () => {
    const child = start("there, qwen2.5:0.5b", "a");
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    for (let waited = 0; !existsSync(join(folder, "a.ready")) && waited < 200; waited++) await sleep(50);
    const log = logOf("a");
    expect(log).toContain("serve");
    expect(log.slice(log.indexOf("show there"))).toEqual([
      "show there",
      "show qwen2.5:0.5b",
      "pull qwen2.5:0.5b",
    ]);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(logOf("a").at(-1)).toBe("ended");
  });

  it("ends with an error where a model cannot be loaded", async () => {
    const child = start("broken", "b");
    expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(1);
    expect(existsSync(join(folder, "b.ready"))).toBe(false);
  });
});
