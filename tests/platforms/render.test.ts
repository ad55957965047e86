import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { platformNodes } from "../../src/cli/platform/nodes.ts";
import type { CommandNode } from "../../src/cli/framework/command.ts";
import { platforms, type Rendered } from "../../src/platforms/index.ts";
import { runIn, scratch } from "./run-platform.ts";

const product = { root: "/program", version: "0.1.0" };
const folder = "deploy";
const golden = join(import.meta.dirname, "golden");
const words = ["1234"];

const recipes = ["lora", "moe", "enhanced", "optimized", "staged", "tiny"];
/** What is rendered for the golden files: each preset of training, and each thing that a platform does. */
const presets: Record<string, Record<string, Record<string, unknown>>> = {
  lightning: Object.fromEntries(recipes.map((recipe) => [recipe, { recipe }])),
  ovh: Object.fromEntries(["foundation", "reasoning", "voice", "all"].map((stage) => [stage, { stage }])),
  slurm: Object.fromEntries(recipes.map((recipe) => [recipe, { recipe }])),
  kubernetes: Object.fromEntries(recipes.map((recipe) => [recipe, { recipe, replicas_max: 4 }])),
  docker: { default: {}, ollama: { preload: ["qwen2.5:0.5b", "llama3.2:1b"], secrets: ["HF_TOKEN"] } },
};

function printed({ files, commands, notes }: Rendered): string {
  return [
    ...files.map(({ path, text, mode }) => `=== ${path} ${(mode ?? 0o644).toString(8)}\n${text}`),
    ...commands.flatMap(({ argv, otherwise }) => [
      `$ ${JSON.stringify(argv)}`,
      ...(otherwise === undefined ? [] : [`  else ${JSON.stringify(otherwise)}`]),
    ]),
    ...notes.map((note) => `note: ${note}`),
    "",
  ].join("\n");
}

describe("golden files", () => {
  for (const platform of platforms) {
    for (const [preset, changes] of Object.entries(presets[platform.name] ?? {})) {
      it(`${platform.name} ${preset}: every action renders what it rendered before`, async () => {
        const settings = platform.schema.parse(changes);
        platform.refuse(settings);
        const text = platform.actions
          .map(
            (action) =>
              `##### ${action.path}\n${printed(action.render({ settings, words, product, folder }))}`,
          )
          .join("\n");
        await expect(text).toMatchFileSnapshot(join(golden, `${platform.name}-${preset}.txt`));
      });
    }
  }

  it("has a golden file for each preset and no other", () => {
    const wanted = Object.entries(presets).flatMap(([name, all]) =>
      Object.keys(all).map((one) => `${name}-${one}.txt`),
    );
    expect(readdirSync(golden).sort()).toEqual(wanted.sort());
  });
});

describe("the commands", () => {
  function leaves(nodes: readonly CommandNode[], path: string): { path: string; summary: string }[] {
    return nodes.flatMap((node) => {
      const here = `${path} ${node.name}`.trim();
      return node.kind === "group" ? leaves(node.children, here) : [{ path: here, summary: node.summary }];
    });
  }

  it("are those of the platforms, with their summaries", () => {
    const own = platforms.flatMap(({ name, actions }) => [
      `${name} check`,
      `${name} settings`,
      ...actions.map(({ path, summary }) => `${name} ${path}: ${summary}`),
    ]);
    const listed = leaves(platformNodes, "")
      .filter(({ path }) => platforms.some(({ name }) => path.startsWith(`${name} `)))
      .map(({ path, summary }) => (/ (?:check|settings)$/.test(path) ? path : `${path}: ${summary}`));
    expect(listed.sort()).toEqual(own.sort());
  });
});

describe("a dry run", () => {
  const home = scratch({ "bin/.keep": "" });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it("prints the files and argv, and writes nothing; --apply writes exactly these files", async () => {
    const call = ["platform", "kubernetes", "render", "--set", "recipe=moe"];
    const dry = await runIn(home, [...call, "--json"]);
    expect(dry).toMatchObject({ code: 0, err: "" });
    expect(existsSync(join(home, "deploy"))).toBe(false);
    const { files } = JSON.parse(dry.out) as { files: { path: string; text: string; mode: string }[] };
    const text = await runIn(home, call);
    for (const file of files) expect(text.out).toContain(file.text.trimEnd());
    expect((await runIn(home, [...call, "--apply"])).code).toBe(0);
    const base = join(home, "deploy/kubernetes");
    const written = readdirSync(base, { recursive: true, encoding: "utf8" }).filter((path) =>
      statSync(join(base, path)).isFile(),
    );
    expect(written.sort()).toEqual(files.map(({ path }) => path).sort());
    for (const file of files) {
      expect(readFileSync(join(base, file.path), "utf8")).toBe(file.text);
      expect((statSync(join(base, file.path)).mode & 0o777).toString(8)).toBe(file.mode);
    }
  });

  it("takes a list of what is installed, and says what is missing", async () => {
    const { code, out } = await runIn(home, ["platform", "list", "--json"], { PATH: join(home, "bin") });
    expect(code).toBe(0);
    const { platforms: listed } = JSON.parse(out) as {
      platforms: { name: string; tools: { program: string; found: string | null }[]; actions: unknown[] }[];
    };
    expect(listed.map((one) => one.name)).toEqual(["lightning", "ovh", "slurm", "kubernetes", "docker"]);
    expect(listed.flatMap((one) => one.tools).filter((one) => one.found !== null)).toEqual([]);
    const text = await runIn(home, ["platform", "list"], { PATH: join(home, "bin") });
    expect(text.out).toContain("missing: ovhai");
  });
});
