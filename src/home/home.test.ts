import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "./config-file.ts";
import { configSchema } from "./config.ts";
import { newConfigText } from "./config-text.ts";
import { findConfig } from "./find-config.ts";
import { findHome, readManifest } from "./find-home.ts";
import { planHome, writeHome } from "./init.ts";

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), "home-"));

describe("training-ready.yaml", () => {
  const wrong: [string, string, RegExp][] = [
    ["an unknown key", "version: 1\nmout: /x\n", /file:2: mout: unknown key\. Did you mean mount\?/],
    [
      "an unknown key inside a list",
      "packages:\n  - path: a\n    nmae: b\n",
      /packages\.0\.nmae: unknown key\. Did you mean name\?/,
    ],
    ["a wrong type", "exclude: 3\n", /file:1: exclude: .*array/],
    ["a wrong choice", "packages:\n  - path: a\n    as: hom\n", /file:3: packages\.0\.as:/],
    ["broken YAML", "a: [1\nb: 2\n", /file:\d+: /],
    ["a key given twice", "exclude: []\nexclude: []\n", /`exclude` stands twice/],
    ["another version", "version: 2\n", /version/],
  ];
  for (const [what, text, message] of wrong) {
    it(`refuses ${what} with its line`, () => {
      expect(() => parseConfig(text, "file")).toThrow(
        expect.objectContaining({ code: "E_CONFIG", exitCode: 1 }),
      );
      expect(() => parseConfig(text, "file")).toThrow(message);
    });
  }

  it("is whole when empty", () => {
    expect(parseConfig("", "file")).toEqual(configSchema.parse({}));
  });

  it("that init writes parses to the defaults", () => {
    const text = newConfigText({ name: "home", schemaPath: "x.json" });
    expect(parseConfig(text, "file")).toEqual(configSchema.parse({ name: "home" }));
    for (const key of Object.keys(configSchema.shape))
      expect(text).toMatch(new RegExp(`^(?:# )?${key}:`, "m"));
  });
});

describe("finding the config", () => {
  it("prefers the one named, then the root's, then the home's, and refuses two", async () => {
    const root = await temporary();
    await mkdir(join(root, "training_ready"));
    const at = (folders: string[], explicit?: string) =>
      findConfig({ root, folders, ...(explicit === undefined ? {} : { explicit }) });
    expect(await at(["training_ready"])).toEqual({ config: configSchema.parse({}), path: null });
    await writeFile(join(root, "training_ready/training-ready.yaml"), "name: inner\n");
    expect(await at(["training_ready"])).toMatchObject({
      config: { name: "inner" },
      path: "training_ready/training-ready.yaml",
    });
    await writeFile(join(root, "training-ready.yaml"), "name: outer\n");
    expect(await at([])).toMatchObject({ config: { name: "outer" } });
    await expect(at(["training_ready"])).rejects.toMatchObject({ code: "E_CONFIG_TWICE" });
    expect(await at(["training_ready"], join(root, "training-ready.yaml"))).toMatchObject({
      config: { name: "outer" },
    });
  });
});

describe("a home", () => {
  it("is written whole, found from below, and never overwritten", async () => {
    const folder = await temporary();
    await writeHome(folder, planHome(folder));
    await mkdir(join(folder, "data/deep"), { recursive: true });
    expect(findHome({ cwd: join(folder, "data/deep") })).toBe(folder);
    expect(await readManifest(folder)).toMatchObject({ version: 1, artifacts: [], datasets: [] });
    expect(() => planHome(folder)).toThrow(expect.objectContaining({ code: "E_HOME_EXISTS" }));
  });

  it("that is missing is an error with a hint", async () => {
    const folder = await temporary();
    expect(() => findHome({ cwd: folder, named: "." })).toThrow(
      expect.objectContaining({ code: "E_HOME_MISSING" }),
    );
  });

  it("with a damaged manifest says which key", async () => {
    const folder = await temporary();
    await writeHome(folder, planHome(folder));
    const path = join(folder, "home.json");
    await writeFile(
      path,
      (await readFile(path, "utf8")).replace(
        '"datasets": []',
        '"datasets": [{"name": "x", "state": "lost"}]',
      ),
    );
    await expect(readManifest(folder)).rejects.toMatchObject({
      code: "E_MANIFEST",
      message: expect.stringMatching(/datasets\.0\.state/),
    });
    await writeFile(path, "{");
    await expect(readManifest(folder)).rejects.toMatchObject({ code: "E_MANIFEST" });
  });
});
