import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { platforms } from "../../src/platforms/index.ts";
import { runIn, scratch } from "./run-platform.ts";

const folder = scratch({ "bin/.keep": "" });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const refused: [string, string[], string, string][] = [
  [
    "an unknown GPU of OVH",
    ["ovh", "job", "run", "--set", "gpu=L40"],
    "E_PLATFORM_GPU",
    "Did you mean L40S?",
  ],
  [
    "an unknown GPU of Lightning",
    ["lightning", "job", "run", "--set", "gpu=H10"],
    "E_PLATFORM_GPU",
    "Did you mean H100?",
  ],
  [
    "an unknown fallback",
    ["lightning", "job", "run", "--set", "fallback_gpu=A1000"],
    "E_PLATFORM_GPU",
    "Did you mean A100?",
  ],
  [
    "a number of GPUs that no machine has",
    ["lightning", "app", "deploy", "--set", "gpus=3"],
    "E_PLATFORM_SETTING",
    "3 are asked for",
  ],
  [
    "more GPU memory than there is",
    ["ovh", "job", "run", "--set", "profile=quality", "--set", "need_gb=60"],
    "E_PLATFORM_GPU_MEMORY",
    "60.0 GB of GPU memory, L40S has 48",
  ],
  [
    "a profile that does not fit",
    ["lightning", "job", "run", "--set", "recipe=moe", "--set", "profile=quality"],
    "E_PLATFORM_GPU_MEMORY",
    "L40S has 48",
  ],
  [
    "the smaller A100",
    ["lightning", "job", "run", "--set", "recipe=moe", "--set", "gpu=A100"],
    "E_PLATFORM_GPU_MEMORY",
    "A100 has 40",
  ],
  [
    "a GPU of a cluster",
    ["slurm", "job", "run", "--set", "recipe=moe", "--set", "gpu=l4"],
    "E_PLATFORM_GPU_MEMORY",
    "l4 has 24",
  ],
  [
    "a GPU of a node",
    ["kubernetes", "job", "run", "--set", "recipe=moe", "--set", "gpu=NVIDIA-L4"],
    "E_PLATFORM_GPU_MEMORY",
    "NVIDIA-L4 has 24",
  ],
  [
    "more system memory than the flavour has",
    ["ovh", "job", "run", "--set", "memory_gb=128"],
    "E_PLATFORM_RESOURCE",
    "the flavour of L40S has 80",
  ],
  [
    "more cores than the flavour has",
    ["ovh", "job", "run", "--set", "cpus=20"],
    "E_PLATFORM_RESOURCE",
    "has 13",
  ],
  [
    "more copies than OVH runs",
    ["ovh", "app", "deploy", "--set", "replicas=11"],
    "E_PLATFORM_RESOURCE",
    "replicas: 11",
  ],
  [
    "more GPUs than a job gets",
    ["ovh", "job", "run", "--set", "gpus=5"],
    "E_PLATFORM_RESOURCE",
    "gpus: 5 is asked for",
  ],
  [
    "a grace that leaves no time",
    ["slurm", "job", "run", "--set", "hours=0.1"],
    "E_PLATFORM_SETTING",
    "grace_seconds",
  ],
  [
    "a window over the cap",
    ["ovh", "job", "run", "--set", "hours=200"],
    "E_PLATFORM_WINDOW",
    "after 168 h, 200 h",
  ],
  [
    "a recipe that has no stages",
    ["ovh", "job", "run", "--set", "recipe=moe"],
    "E_PLATFORM_SETTING",
    "recipe: ovh cannot honour it",
  ],
  ["an unknown stage", ["ovh", "job", "run", "--set", "stage=reasonin"], "E_PLATFORM_SETTING", "stage"],
  [
    "an unknown setting",
    ["slurm", "job", "run", "--set", "partion=x"],
    "E_PLATFORM_SETTING",
    "Did you mean partition?",
  ],
  [
    "a setting of another platform",
    ["slurm", "job", "run", "--set", "teamspace=a/b"],
    "E_PLATFORM_SETTING",
    "slurm knows no such setting",
  ],
  [
    "a logger that is not there",
    ["lightning", "job", "run", "--set", "wandb=true"],
    "E_PLATFORM_SETTING",
    "wandb",
  ],
  [
    "encryption without a bucket",
    ["lightning", "job", "run", "--set", "encrypt_checkpoints=true"],
    "E_PLATFORM_SETTING",
    "no bucket is named",
  ],
  [
    "copies on a volume of one node",
    ["kubernetes", "app", "deploy", "--set", "access=ReadWriteOnce", "--set", "replicas=2"],
    "E_PLATFORM_SETTING",
    "ReadWriteOnce",
  ],
  [
    "a path with a line break",
    ["slurm", "job", "run", "--set", 'run="a\\nb"'],
    "E_PLATFORM_SETTING",
    "control character",
  ],
  ["quotes in a directive", ["slurm", "job", "run", "--set", "logs=a'b"], "E_PLATFORM_SETTING", "logs"],
  [
    "a value where a name belongs",
    ["ovh", "job", "run", "--set", "secrets=wandb-key-value"],
    "E_PLATFORM_SETTING",
    "not a value",
  ],
  ["a job id that is a flag", ["ovh", "job", "stop", "../x"], "E_CLI_ARGUMENT", "../x"],
];

describe("bad input", () => {
  it.each(refused)("refuses %s", async (_, words, code, said) => {
    const { code: exit, out, err } = await runIn(folder, ["platform", ...words]);
    expect(out).toBe("");
    expect(err).toContain(`${code}: `);
    expect(err).toContain(said);
    expect(exit).toBe(code === "E_CLI_ARGUMENT" ? 2 : 1);
    expect(err.trim().split("\n").length).toBe(2);
  });

  it("does nothing where the platform's program is missing", async () => {
    const { code, err } = await runIn(folder, ["platform", "docker", "image", "build", "--apply"], {
      PATH: join(folder, "bin"),
    });
    expect(code).toBe(2);
    expect(err).toContain("E_PLATFORM_TOOL: docker is not installed; nothing was done");
    expect(existsSync(join(folder, "deploy"))).toBe(false);
  });

  it("stops at the first command that fails, and says what ran before it", async () => {
    const own = scratch({
      "!bin/kubectl": `#!/bin/sh\necho "$@" >> "$LOG"\ncase "$*" in *network-policies*) exit 3;; esac\n`,
    });
    const words = ["platform", "kubernetes", "app", "deploy", "--apply", "--set", "gpus=0"];
    const { code, err } = await runIn(own, words, { LOG: join(own, "log") });
    expect(code).toBe(2);
    expect(err).toMatch(
      /E_PLATFORM_COMMAND: `kubectl apply .*network-policies.yaml` ended with 3; 4 of 5 ran before it/,
    );
    rmSync(own, { recursive: true });
  });
});

describe("secrets", () => {
  // Shaped like the real ones; made for this test.
  const planted = [`hf_${"aB1x".repeat(9)}`, `AKIA${"ABCD1234".repeat(2)}`];

  it("are refused inside settings, in a flag or a file", async () => {
    for (const value of planted) {
      const flag = await runIn(folder, ["platform", "slurm", "render", "--set", `account=${value}`]);
      expect(flag.code).toBe(1);
      expect(flag.err).toContain("E_PLATFORM_SECRET");
      expect(flag.err).not.toContain(value);
      writeFileSync(join(folder, "bad.yaml"), `account: ${value}\n`);
      const file = await runIn(folder, ["platform", "slurm", "render", "--settings", "bad.yaml"]);
      expect(file.err).toContain("E_PLATFORM_SECRET");
      expect(`${file.err}${file.out}`).not.toContain(value);
    }
  });

  it("of the environment stand in no file, no argv and no output of any action", async () => {
    const own = scratch();
    const environment = {
      WANDB_API_KEY: "planted-in-the-environment-1",
      HF_TOKEN: "planted-in-the-environment-2",
      AWS_SECRET_ACCESS_KEY: "planted-in-the-environment-3",
    };
    let looked = 0;
    for (const platform of platforms) {
      for (const action of platform.actions) {
        const words = (action.arguments ?? []).map(() => "1234");
        const set = "secrets" in platform.schema.shape ? ["--set", "secrets=WANDB_API_KEY,HF_TOKEN"] : [];
        const call = ["platform", platform.name, ...action.path.split(" "), ...words, ...set];
        const { code, out, err } = await runIn(own, [...call, "--json"], environment);
        expect({ call, code, err }).toEqual({ call, code: 0, err: "" });
        expect(out).not.toContain("planted-in-the-environment");
        looked++;
      }
      const { code } = await runIn(own, ["platform", platform.name, "render", "--apply"], environment);
      expect(code).toBe(0);
    }
    expect(looked).toBeGreaterThan(40);
    for (const path of readdirSync(own, { recursive: true, encoding: "utf8" })) {
      const file = join(own, path);
      if (statSync(file).isFile())
        expect(readFileSync(file, "utf8")).not.toContain("planted-in-the-environment");
    }
    rmSync(own, { recursive: true });
  });
});
