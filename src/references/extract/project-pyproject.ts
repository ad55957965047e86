import { pyprojectRules } from "../project/pyproject.data.ts";
import { applyRules, ownFolder, type Rule, rule } from "../project/rules.ts";
import type { Extractor } from "../schema.ts";
import { fits } from "../structure/scalar.ts";
import { SpecialReader } from "../structure/special-reader.ts";
import { tomlScalars } from "../structure/toml-scalars.ts";
import { toml } from "./toml.ts";

/** ruff.toml and .ruff.toml hold what pyproject.toml has under `tool.ruff`. */
const ruffRules: readonly Rule[] = pyprojectRules
  .filter(({ keys }) => keys[0] === "tool" && keys[1] === "ruff")
  .map((one) => ({ ...one, keys: one.keys.slice(2) }));

const pixiRules: readonly Rule[] = [
  rule("tasks.*", "command"),
  rule("tasks.*.cmd", "command"),
  rule("feature.*.tasks.*", "command"),
  rule("feature.*.tasks.*.cmd", "command"),
  rule("pypi-dependencies.*.path", "path", { strength: "hard" }),
];

function rulesOf(path: string): readonly Rule[] {
  if (/(?:^|\/)\.?ruff\.toml$/.test(path)) return ruffRules;
  return /(?:^|\/)pixi\.toml$/.test(path) ? pixiRules : pyprojectRules;
}

/** pyproject.toml and the tool files that repeat a part of it: packages, scripts, test and linter paths. */
export const pyproject: Extractor = {
  format: "pyproject",
  version: 1,
  matches: (path) => /(?:^|\/)(?:pyproject|\.?ruff|pixi)\.toml$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    const { scalars, names } = tomlScalars(text);
    applyRules(reader, scalars, rulesOf(path));
    for (const { keys, start, end } of names) {
      const at = keys.findLastIndex((key) => key === "per-file-ignores" || key === "extend-per-file-ignores");
      if (at < 0 || at !== keys.length - 2) continue;
      reader.path(
        { start, end },
        { kind: "pattern", strength: "soft", key: String(keys[at]), encoding: "toml", bases: ownFolder },
      );
    }
    // `addopts = "--ignore=tests/old -c conf/pytest.ini"`: options of pytest.
    for (const scalar of scalars) {
      if (fits(scalar.keys, "tool", "pytest", "ini_options", "addopts", "**"))
        reader.options(scalar, ownFolder);
    }
    return reader.done(toml.extract(text, path));
  },
};
