import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { platforms } from "../../src/platforms/index.ts";
import { runIn, scratch, type Outcome } from "./run-platform.ts";
import { standIns } from "./stand-ins.ts";

let folder = "";
let environment: NodeJS.ProcessEnv = {};
const objects = (path: string, content = "x"): void => {
  const place = join(folder, "ovh-state/objects/GRA", path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
};
beforeEach(() => {
  folder = scratch({ "data/built/manifest.json": "{}", "data/built/train/a b ü.jsonl": "{}\n" });
  environment = standIns(folder);
  objects("training-data/datasets/manifest.json");
  objects("training-secrets/AWS_ACCESS_KEY_ID");
  objects("training-secrets/AWS_SECRET_ACCESS_KEY");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ovh = (...words: string[]): Promise<Outcome> =>
  runIn(folder, ["platform", "ovh", ...words], environment);
const calls = (): string[][] =>
  readFileSync(join(folder, "ovh-state/calls"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string[]);

describe("OVH AI Training", () => {
  it("sends the job's script, then submits: volumes, flavour and limit as ovhai takes them", async () => {
    const { code, err } = await ovh(
      "job",
      "run",
      "--set",
      "stage=all",
      "--set",
      "gpu=H100",
      "--set",
      "hours=20",
      "--apply",
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const job = JSON.parse(readFileSync(join(folder, "ovh-state/job/job-1"), "utf8")) as {
      image: string;
      command: string[];
      options: Record<string, string[]>;
    };
    expect(job.command).toEqual(["bash", "/workspace/job/train.sh"]);
    expect(job.options["--flavor"]).toEqual(["h100-1-gpu"]);
    expect(job.options["--timeout"]).toEqual(["1200m"]);
    expect(job.options["--volume"]).toContain("training-data@GRA/datasets/:/workspace/data:ro:cache");
    expect(job.options["--volume"]).toContain(
      "training-checkpoints@GRA/training/all/:/workspace/checkpoints:rw",
    );
    const sent = readFileSync(
      join(folder, "ovh-state/objects/GRA/training-data/jobs/training/train.sh"),
      "utf8",
    );
    expect(sent).toBe(readFileSync(join(folder, "deploy/ovh/job/train.sh"), "utf8"));
    expect(spawnSync("bash", ["-n"], { input: sent }).status).toBe(0);
  });

  it.each([
    ["an expired token", { fault: "token" }, "E_PLATFORM_CREDENTIALS"],
    ["a quota that is used up", { fault: "quota", set: ["gpu=H100"] }, "E_PLATFORM_RESOURCE"],
    ["an image that was not pushed", { docker: "exit 1" }, "E_PLATFORM_IMAGE"],
    ["an empty data prefix", { set: ["data_prefix=other/"] }, "E_PLATFORM_DATA"],
    ["a stage without its predecessor", { set: ["stage=reasoning"] }, "E_PLATFORM_STAGE"],
    ["a secret that is not there", { set: ["secrets=HF_TOKEN"] }, "E_PLATFORM_CREDENTIALS"],
  ])("submits nothing on %s", async (_, wrong: { fault?: string; set?: string[]; docker?: string }, code) => {
    if (wrong.docker !== undefined)
      writeFileSync(join(folder, "bin/docker"), `#!/bin/sh\ncase "$1" in manifest) ${wrong.docker};; esac\n`);
    environment = { ...environment, OVHAI_FAULT: wrong.fault };
    const set = (wrong.set ?? []).flatMap((one) => ["--set", one]);
    const { code: exit, err } = await ovh("job", "run", "--apply", ...set);
    expect(exit).toBe(1);
    expect(err).toContain(`${code}: `);
    expect(err).toContain("nothing was submitted");
    expect(calls().filter(([first, second]) => second === "run" || first === "app")).toEqual([]);
    expect(existsSync(join(folder, "deploy"))).toBe(false);
  });

  it("takes a stage whose predecessor is there, and mounts its weights", async () => {
    objects("training-checkpoints/training/reasoning/hf/config.json", "{}");
    expect((await ovh("job", "run", "--set", "stage=voice", "--apply")).code).toBe(0);
    const job = readFileSync(join(folder, "ovh-state/job/job-1"), "utf8");
    expect(job).toContain(
      "training-checkpoints@GRA/training/reasoning/hf/:/workspace/previous/model:ro:cache",
    );
  });

  it("sends and fetches data, with names as they are", async () => {
    expect((await ovh("data", "upload", "data/built", "--apply")).code).toBe(0);
    expect(existsSync(join(folder, "ovh-state/objects/GRA/training-data/datasets/train/a b ü.jsonl"))).toBe(
      true,
    );
    expect((await ovh("data", "download", "fetched", "--apply")).code).toBe(0);
    expect(readFileSync(join(folder, "fetched/train/a b ü.jsonl"), "utf8")).toBe("{}\n");
  });

  it("renders no command that ovhai would refuse", async () => {
    const platform = platforms.find(({ name }) => name === "ovh") as (typeof platforms)[number];
    objects("training-checkpoints/training/all/run/x");
    let looked = 0;
    for (const [index, changes] of [{}, { replicas_max: 4 }, { replicas: 2, public: true }].entries()) {
      for (const action of platform.actions.filter(({ path }) => index === 0 || path.startsWith("app "))) {
        const { commands } = action.render({
          settings: platform.schema.parse(changes),
          words: action.path.endsWith("load") ? ["data/built"] : ["0a1b2c3d"],
          product: { root: "/p", version: "" },
          folder: join(folder, "data"),
        });
        mkdirSync(join(folder, "data/job"), { recursive: true });
        writeFileSync(join(folder, "data/job/train.sh"), "");
        for (const { argv } of commands.filter(({ argv: [program] }) => program === "ovhai")) {
          looked++;
          const said = spawnSync(join(folder, "bin/ovhai"), argv.slice(1), {
            cwd: folder,
            env: { ...process.env, ...environment },
            encoding: "utf8",
          });
          expect({ argv, stderr: said.stderr, status: said.status }).toEqual({ argv, stderr: "", status: 0 });
        }
      }
    }
    expect(looked).toBeGreaterThan(20);
  });
});
