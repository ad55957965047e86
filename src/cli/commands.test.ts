import { describe, expect, it } from "vitest";
import { commands } from "./commands.ts";
import type { CommandNode, CommandSpec } from "./framework/command.ts";
import { flagsOf } from "./framework/flags.ts";

type Listed = { path: string; spec: CommandSpec };

async function all(nodes: readonly CommandNode[], path: string): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const node of nodes) {
    const here = `${path} ${node.name}`.trim();
    if (node.kind === "group") listed.push(...(await all(node.children, here)));
    else {
      listed.push({ path: here, spec: (await node.load()).default });
      listed.push(...(await all(node.children ?? [], here)));
    }
  }
  return listed;
}

describe("the list of commands", async () => {
  const listed = await all(commands, "");

  it("names each command once", () => {
    const paths = [...listed.map((one) => one.path), ...commands.map((one) => `top ${one.name}`)];
    expect(paths.filter((path, at) => paths.indexOf(path) !== at)).toEqual([]);
    expect(listed.length).toBeGreaterThan(20);
  });

  for (const { path, spec } of listed) {
    it(`${path} carries its own name, an example that calls it, and a sentence for every flag`, () => {
      expect(path.split(" ").at(-1)).toBe(spec.name);
      expect(spec.examples.some((one) => one.line.includes(`training-ready ${path}`))).toBe(true);
      expect(
        flagsOf(spec)
          .filter((flag) => flag.description === "")
          .map((flag) => flag.name),
      ).toEqual([]);
      const names = flagsOf(spec).map((flag) => flag.name);
      expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    });
  }
});
