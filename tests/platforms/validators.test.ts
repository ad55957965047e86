import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { platforms } from "../../src/platforms/index.ts";
import { platformTools } from "./platform-tools.ts";
import { runIn, scratch } from "./run-platform.ts";

const versions = ["1.34.0", "1.36.0", "1.37.0"];
const variants: Record<string, string[]> = {
  "training on a GPU": [
    "recipe=moe",
    "gpu=NVIDIA-H100-80GB-HBM3",
    "secrets=HF_TOKEN",
    "checkpoints=s3://bucket/run",
  ],
  "autoscaling on the CPU": ["recipe=tiny", "gpus=0", "replicas_max=4", "storage_class=fast"],
};

describe.skipIf(platformTools === undefined)("Kubernetes manifests", () => {
  for (const [name, set] of Object.entries(variants)) {
    it(`pass the official schemas of ${versions.join(", ")}: ${name}`, async () => {
      const folder = scratch();
      const words = ["platform", "kubernetes", "render", "--apply", "--out", folder];
      const { code, err } = await runIn(folder, [...words, ...set.flatMap((one) => ["--set", one])]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const files = readdirSync(join(folder, "base"))
        .filter((file) => file !== "kustomization.yaml")
        .map((file) => join(folder, "base", file));
      expect(files.length).toBeGreaterThan(7);
      for (const version of versions) {
        const said = spawnSync(
          join(platformTools as string, "kubernetes-validate"),
          ["--kubernetes-version", version, "--strict", ...files],
          { encoding: "utf8" },
        );
        expect(`${said.stdout}${said.stderr}`).not.toMatch(/ERROR|WARN/);
        expect(said.status).toBe(0);
        expect(`${said.stdout}${said.stderr}`.match(/INFO/g)?.length ?? 0).toBeGreaterThanOrEqual(
          files.length,
        );
      }
      rmSync(folder, { recursive: true });
    }, 180_000);
  }

  it("would be refused with an unknown field", () => {
    const bad = "apiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: { portz: [] }\n";
    const folder = scratch({ "bad.yaml": bad });
    const said = spawnSync(join(platformTools as string, "kubernetes-validate"), [
      "--strict",
      join(folder, "bad.yaml"),
    ]);
    expect(said.status).not.toBe(0);
    rmSync(folder, { recursive: true });
  });
});

describe("the kustomize base", () => {
  it("is built by kubectl where it is installed", async () => {
    const probe = spawnSync("kubectl", ["kustomize", "--help"], { stdio: "ignore" });
    if (probe.status !== 0) {
      process.stdout.write("kubectl is missing here: the kustomize base was not built\n");
      return;
    }
    const folder = scratch();
    await runIn(folder, [
      "platform",
      "kubernetes",
      "render",
      "--apply",
      "--out",
      folder,
      "--set",
      "replicas_max=3",
    ]);
    const said = spawnSync("kubectl", ["kustomize", join(folder, "base")], { encoding: "utf8" });
    expect(said.stderr).toBe("");
    expect(
      [...said.stdout.matchAll(/^kind: (\w+)$/gm)]
        .map((one) => one[1])
        .sort((a, b) => ((a ?? "") < (b ?? "") ? -1 : 1)),
    ).toEqual([
      "Deployment",
      "HorizontalPodAutoscaler",
      "NetworkPolicy",
      "NetworkPolicy",
      "PersistentVolumeClaim",
      "PodDisruptionBudget",
      "Service",
    ]);
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(platformTools === undefined)("Lightning's own command line", () => {
  const lightning = platforms.find(({ name }) => name === "lightning") as (typeof platforms)[number];
  const parse = (lines: readonly (readonly string[])[]): (string | null)[] => {
    const said = spawnSync(
      join(platformTools as string, "python"),
      [join(import.meta.dirname, "lightning_parse.py")],
      {
        input: JSON.stringify(lines),
        encoding: "utf8",
      },
    );
    expect(said.stderr.replaceAll(/.*(?:Warning|warn).*\n?/g, "").trim()).toBe("");
    return JSON.parse(said.stdout) as (string | null)[];
  };

  it("takes every command that is rendered", () => {
    const settings = [
      {},
      { recipe: "moe", gpu: "H100", fallback_gpu: "H200", spot: true, studio_type: "pytorch-lightning" },
      { image: "registry.example.org/x:1", replicas_max: 3, secrets: ["HF_TOKEN"], private: false, gpus: 0 },
      { image_job: "registry.example.org/x:1", hours: 0.5, stage: "voice" },
    ].map((one) => lightning.schema.parse(one));
    const lines = settings.flatMap((one) =>
      lightning.actions.flatMap((action) =>
        action
          .render({ settings: one, words: ["name-1"], product: { root: "/p", version: "" }, folder: "/f" })
          .commands.flatMap(({ argv, otherwise }) => (otherwise === undefined ? [argv] : [argv, otherwise])),
      ),
    );
    const own = lines.filter(([program]) => program === "lightning");
    expect(own.length).toBeGreaterThan(30);
    const said = parse(own);
    expect(own.flatMap((argv, at) => (said[at] === null ? [] : [[argv.join(" "), said[at]]]))).toEqual([]);
    expect(said.at(-1)).toBeNull(); // the SDK has what studio_settings.py sets
  }, 120_000);

  it("would refuse a flag, a machine and a command that it does not have", () => {
    const said = parse([
      ["lightning", "job", "run", "--machin", "L4"],
      ["lightning", "job", "run", "--machine", "L40"],
      ["lightning", "job", "runn"],
    ]);
    expect(said.slice(0, 3).filter((one) => one === null)).toEqual([]);
  }, 120_000);
});
