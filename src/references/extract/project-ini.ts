import { iniRules } from "../project/ini.data.ts";
import { enterModule } from "../project/names.ts";
import { applyRules, ownFolder, projectStart } from "../project/rules.ts";
import type { Extractor } from "../schema.ts";
import { iniScalars } from "../structure/ini-scalars.ts";
import type { Scalar } from "../structure/scalar.ts";
import { SpecialReader } from "../structure/special-reader.ts";

/** setup.cfg, tox.ini and the INI files of pytest, coverage, flake8, mypy, isort, pylint, bumpversion. */
export const projectIni: Extractor = {
  format: "project-ini",
  version: 1,
  matches: (path) =>
    /(?:^|\/)(?:setup\.cfg|tox\.ini|pytest\.ini|\.?mypy\.ini|\.coveragerc|\.flake8|\.?pylintrc|\.isort\.cfg|\.bumpversion\.cfg|\.codespellrc|\.style\.yapf|\.bandit)$/.test(
      path,
    ),
  extract(text) {
    const reader = new SpecialReader(text);
    const { scalars, names } = iniScalars(text);
    for (const scalar of applyRules(reader, scalars, iniRules)) readSpecial(reader, scalar);
    for (const { keys, start, end } of names) {
      // `[bumpversion:file:pkg/__init__.py]`
      const file = /^bumpversion:file(?:\([^)]*\))?:/.exec(String(keys[0]))?.[0];
      if (file === undefined) continue;
      const lead = text.slice(start, end).indexOf(file) + file.length;
      reader.path(
        { start: start + lead, end },
        {
          kind: "value",
          strength: "hard",
          use: "write",
          key: "bumpversion",
          encoding: "plain",
          bases: ownFolder,
        },
      );
    }
    return reader.done();
  },
};

/** Values whose form is their own. */
function readSpecial(reader: SpecialReader, scalar: Scalar): void {
  const { keys, value, start, end } = scalar;
  const [section = "", key = ""] = keys.map(String);
  const meaning = { strength: "hard", use: "read", key, encoding: "plain", bases: ownFolder } as const;
  if (section === "metadata" && /^(?:long_description|version|description|license)$/.test(key)) {
    const file = /^file:[ \t]*/.exec(value);
    const attribute = /^attr:[ \t]*/.exec(value);
    if (file !== null) {
      for (const { 0: word, index } of value.slice(file[0].length).matchAll(/[^\s,]+/g)) {
        const at = start + file[0].length + index;
        reader.path({ start: at, end: at + word.length }, { kind: "include", ...meaning });
      }
    } else if (attribute !== null) {
      const lead = attribute[0].length;
      enterModule(reader, { ...scalar, start: start + lead, value: value.slice(lead) }, key, "import");
    }
  } else if (section === "options.entry_points") {
    const equals = /=[ \t]*/.exec(value);
    if (equals === null || keys.length < 2) return;
    const lead = equals.index + equals[0].length;
    enterModule(reader, { ...scalar, start: start + lead, value: value.slice(lead) }, key, "run");
  } else if (section === "options" && key === "package_dir") {
    // `= src`, `pkg = lib/pkg`
    const lead = /^[^=]*=[ \t]*/.exec(value)?.[0].length ?? 0;
    if (start + lead < end) reader.path({ start: start + lead, end }, { kind: "value", ...meaning });
  } else if (section === "flake8" && key === "per-file-ignores") {
    for (const { 1: list = "", index } of value.matchAll(/([^\s:]+)[ \t]*:/g)) {
      for (const part of list.matchAll(/[^,]+/g)) {
        const at = start + index + part.index;
        reader.path(
          { start: at, end: at + part[0].length },
          { kind: "pattern", ...meaning, strength: "soft" },
        );
      }
    }
  } else if (/^testenv\b/.test(section) && /^(?:commands|commands_pre|commands_post)$/.test(key)) {
    reader.shell([scalar], projectStart);
  } else if (/^testenv\b/.test(section) && key === "deps") {
    const option = /^-[rc][ \t]*/.exec(value);
    if (option !== null)
      reader.path({ start: start + option[0].length, end }, { kind: "include", ...meaning });
  } else if ((section === "pytest" || section === "tool:pytest") && key === "addopts")
    reader.options(scalar, ownFolder);
}
