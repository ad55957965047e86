import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commands } from "../src/cli/commands.ts";
import type { CommandNode } from "../src/cli/framework/command.ts";
import { parseCall } from "../src/cli/framework/parse.ts";
import { parseConfig } from "../src/home/index.ts";

const folder = join(import.meta.dirname, "../docs/guides");
const guides = readdirSync(folder).filter((name) => name.endsWith(".md"));

type Fence = { guide: string; language: string; text: string };

const fences: Fence[] = guides.flatMap((guide) =>
  [...readFileSync(join(folder, guide), "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    guide,
    language: match[1] as string,
    text: match[2] as string,
  })),
);

/** The words after the program's name of each line that calls it. */
function callsOf(text: string): string[][] {
  return [
    ...text.matchAll(/(?:^|\s)(?:(?:\S*\/)?training-ready|npm(?: --prefix \S+)? start --) ([a-z].*)$/gm),
  ].map((match) => (match[1] as string).trim().split(/\s+/));
}

async function check(nodes: readonly CommandNode[], words: readonly string[], path = ""): Promise<void> {
  const node = nodes.find((one) => one.name === words[0]);
  if (node === undefined) throw new Error(`no command ${path} ${words[0]}`);
  const name = `${path} ${node.name}`.trim();
  if (node.kind === "group") return check(node.children, words.slice(1), name);
  const below = node.children?.find((one) => one.name === words[1]);
  if (below !== undefined) return check([below], words.slice(1), name);
  parseCall((await node.load()).default, name, words.slice(1));
}

describe("guides", () => {
  const calls = fences.flatMap(({ guide, text }) => callsOf(text).map((words) => ({ guide, words })));

  it("hold calls to look at", () => {
    expect(calls.length).toBeGreaterThanOrEqual(5);
  });

  it.each(calls)("$guide: $words", async ({ words }) => {
    await check(commands, words);
  });

  it("would see a flag that does not exist", async () => {
    await expect(check(commands, ["audit", "--fail-onn", "error"])).rejects.toThrow("--fail-onn");
  });

  it("hold YAML that parses, and configs that fit", () => {
    const yaml = fences.filter((one) => one.language === "yaml");
    expect(yaml.length).toBeGreaterThan(0);
    for (const { guide, text } of yaml) {
      const value = parse(text) as Record<string, unknown>;
      if ("jobs" in value) expect(Object.keys(value["jobs"] as object).length).toBeGreaterThan(0);
      else if (guide === "audit-in-ci.md") {
        expect(parseConfig(text, "training-ready.yaml").ignore.length).toBeGreaterThan(0);
      }
    }
  });
});
