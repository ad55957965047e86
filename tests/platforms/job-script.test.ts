import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { platforms } from "../../src/platforms/index.ts";
import { runIn, scratch } from "./run-platform.ts";

// Stands in for the program: writes its words, behaves as MODE says, and ends a run as the worker does.
const fake = `#!/bin/bash
echo "$@" >> "$LOG"
run=$RUN_FOLDER
mkdir -p "$run"; touch "$run/recipe.yaml"
case "$MODE" in
  done) echo '{"type":"run-end","status":"done","reason":"finished"}' >> "$run/events.jsonl"; exit 0;;
  wait) trap 'echo told >> "$LOG"; sleep 0.2; echo "{\\"type\\":\\"run-end\\",\\"status\\":\\"stopped\\",\\"exit\\":75}" >> "$run/events.jsonl"; exit 2' TERM
    touch "$LOG.up"; while :; do sleep 0.05; done;;
  end*) echo "{\\"type\\":\\"run-end\\",\\"status\\":\\"failed\\",\\"exit\\":\${MODE#end}}" >> "$run/events.jsonl"; exit $STATUS;;
  refuse) exit 1;;
  break) exit 2;;
esac
`;

let folder = "";
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function written(set: readonly string[] = []): Promise<string> {
  folder = scratch({ "!bin/training-ready": fake });
  const words = ["platform", "kubernetes", "render", "--apply", "--json", "--set", "recipe=tiny"];
  const { out, code, err } = await runIn(folder, [
    ...words,
    "--set",
    `run=${join(folder, "run folder/ünï")}`,
    ...set.flatMap((one) => ["--set", one]),
  ]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { files } = JSON.parse(out) as { files: { path: string; text: string }[] };
  expect(files.some((one) => one.path === "base/training-job.yaml")).toBe(true);
  const job = platforms.find(({ name }) => name === "slurm") as (typeof platforms)[number];
  const settings = job.schema.parse({
    recipe: "tiny",
    run: join(folder, "run folder/ünï"),
    gpus: 0,
    secrets_folder: join(folder, "secrets"),
    ...Object.fromEntries(set.map((one) => one.split("=") as [string, string])),
    secrets: set.includes("secrets=WANDB_API_KEY") ? ["WANDB_API_KEY"] : [],
  });
  const rendered = job.actions[0]?.render({
    settings,
    words: [],
    product: { root: "", version: "" },
    folder: "",
  });
  const script = rendered?.files[0]?.text.replaceAll("squeue --noheader", "true") as string;
  const path = join(folder, "train.sh");
  writeFileSync(path, script);
  return path;
}

const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
  LOG: join(folder, "log"),
  RUN_FOLDER: join(folder, "run folder/ünï"),
  STATUS: "2",
  ...more,
});
const log = (): string[] => readFileSync(join(folder, "log"), "utf8").trim().split("\n");
const run = (path: string, more: NodeJS.ProcessEnv) =>
  spawnSync("bash", [path], { env: environment(more), encoding: "utf8", timeout: 30_000 });

describe("the script of a training job", () => {
  it("is shell that parses, on every platform", () => {
    let looked = 0;
    for (const platform of platforms) {
      for (const stage of platform.name === "ovh" ? ["foundation", "voice"] : [undefined]) {
        const settings = platform.schema.parse(stage === undefined ? {} : { stage });
        const files =
          platform.actions[0]?.render({
            settings,
            words: [],
            product: { root: "/p", version: "" },
            folder: "f",
          }).files ?? [];
        for (const file of files.filter(({ path }) => /\.(?:sh|sbatch)$/.test(path))) {
          looked++;
          const { status, stderr } = spawnSync("bash", ["-n"], { input: file.text, encoding: "utf8" });
          expect({ path: file.path, status, stderr }).toEqual({ path: file.path, status: 0, stderr: "" });
        }
      }
    }
    expect(looked).toBeGreaterThan(6);
  });

  it("takes as many processes as GPUs", () => {
    const slurm = platforms.find(({ name }) => name === "slurm") as (typeof platforms)[number];
    const { files } = slurm.actions[0]?.render({
      settings: slurm.schema.parse({ gpus: 4, gpu: "h100" }),
      words: [],
      product: { root: "", version: "" },
      folder: "",
    }) ?? { files: [] };
    expect(files[0]?.text).toContain("#SBATCH --gres=gpu:h100:4\n");
    expect(files[0]?.text).toContain("--set processes=4");
  });

  it("sends checkpoints while the run goes on and at its end, encrypted where that is asked for", () => {
    const lightning = platforms.find(({ name }) => name === "lightning") as (typeof platforms)[number];
    const script = (changes: Record<string, unknown>): string =>
      lightning.actions[0]
        ?.render({
          settings: lightning.schema.parse({ checkpoints: "s3://bucket/run", run: "/run", ...changes }),
          words: [],
          product: { root: "", version: "" },
          folder: "",
        })
        .files.find(({ path }) => path === "train.sh")?.text ?? "";
    const push = "platform s3 push /run s3://bucket/run --apply";
    expect(script({}).split(`${push} >&2`)).toHaveLength(3);
    expect(script({ encrypt_checkpoints: true }).split(`${push} --encrypt-stored >&2`)).toHaveLength(3);
    expect(script({})).toContain("while sleep 600");
  });

  it("starts a run, and goes on with one that is there", async () => {
    const path = await written();
    expect(run(path, { MODE: "done" }).status).toBe(0);
    expect(run(path, { MODE: "done" }).status).toBe(0);
    expect(log()[0]).toBe(
      `train run --recipe tiny --data /workspace/data --run ${folder}/run folder/ünï --yes`,
    );
    expect(log()[1]).toBe(`train resume --run ${folder}/run folder/ünï --yes`);
  });

  it.each([
    [75, "2"],
    [64, "1"],
    [66, "1"],
    [72, "1"],
    [70, "2"],
    [71, "2"],
  ])("ends with the worker's own status %i", async (status, program) => {
    const path = await written();
    expect(run(path, { MODE: `end${status}`, STATUS: program }).status).toBe(status);
  });

  it("tells a refusal (64) from a failure (70) where the worker said nothing, whatever an earlier attempt said", async () => {
    const path = await written();
    expect(run(path, { MODE: "end75" }).status).toBe(75);
    expect(run(path, { MODE: "refuse" }).status).toBe(64);
    expect(run(path, { MODE: "break" }).status).toBe(70);
  });

  it.each(["SIGTERM", "SIGUSR1", "SIGINT"] as const)(
    "forwards %s as TERM and waits for the save",
    async (signal) => {
      const path = await written();
      const child = spawn("bash", [path], { env: environment({ MODE: "wait" }), stdio: "ignore" });
      const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
      for (let waited = 0; !existsSync(join(folder, "log.up")) && waited < 400; waited++) await sleep(25);
      child.kill(signal);
      expect(await ended).toBe(75);
      expect(log()).toContain("told");
    },
  );

  it("counts a worker that was told before it could listen as stopped", async () => {
    const path = await written();
    const early = fake.replace(
      '\\"status\\":\\"stopped\\",\\"exit\\":75',
      '\\"status\\":\\"failed\\",\\"exit\\":70',
    );
    expect(early).not.toBe(fake);
    writeFileSync(join(folder, "bin/training-ready"), early);
    const child = spawn("bash", [path], { env: environment({ MODE: "wait" }), stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    for (let waited = 0; !existsSync(join(folder, "log.up")) && waited < 400; waited++) await sleep(25);
    child.kill("SIGTERM");
    expect(await ended).toBe(75);
  });

  it("takes a secret from a file of mode 0600, never from its own text, and ends without it", async () => {
    const path = await written(["secrets=WANDB_API_KEY"]);
    const without = run(path, { MODE: "done" });
    expect(without.status).toBe(64);
    expect(without.stderr).toContain("E_PLATFORM_CREDENTIALS: the secret WANDB_API_KEY is missing");
    mkdirSync(join(folder, "secrets"));
    writeFileSync(join(folder, "secrets/WANDB_API_KEY"), "planted-value\n", { mode: 0o600 });
    chmodSync(join(folder, "secrets/WANDB_API_KEY"), 0o600);
    writeFileSync(
      join(folder, "bin/training-ready"),
      `#!/bin/bash\nprintenv WANDB_API_KEY > "${folder}/seen"\n`,
    );
    const withIt = run(path, {});
    expect(withIt.status).toBe(0);
    expect(readFileSync(join(folder, "seen"), "utf8")).toBe("planted-value\n");
    expect(`${withIt.stdout}${withIt.stderr}${readFileSync(path, "utf8")}`).not.toContain("planted-value");
  });
});
