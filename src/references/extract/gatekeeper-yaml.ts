import { enterRegex } from "../project/names.ts";
import { applyRules, type Rule, rule } from "../project/rules.ts";
import type { Base, Extractor } from "../schema.ts";
import { fits, type Scalar } from "../structure/scalar.ts";
import { SpecialReader } from "../structure/special-reader.ts";
import { yamlScalars } from "../structure/yaml-scalars.ts";
import { checkout, checkoutStart } from "./workflow.ts";
import { yaml } from "./yaml.ts";

/** .pre-commit-config.yaml: which files hooks see (regular expressions), local hooks, files in arguments. */
export const preCommit: Extractor = {
  format: "pre-commit",
  version: 1,
  matches: (path) => /(?:^|\/)\.pre-commit-(?:config|hooks)\.ya?ml$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    for (const scalar of yamlScalars(text)) {
      const last = String(scalar.keys.at(-1));
      if (/^(?:files|exclude)$/.test(last)) enterRegex(reader, scalar, last);
      else if (last === "entry") reader.shell([scalar], checkoutStart);
      else if (fits(scalar.keys.slice(-2), "args", "#")) reader.options(scalar, checkout);
      else if (/^(?:repo|rev|id|name|language|minimum_pre_commit_version)$/.test(last)) reader.claim(scalar);
    }
    return reader.done(yaml.extract(text, path));
  },
};

/** Labels by changed files, of actions/labeler. */
export const labeler: Extractor = {
  format: "labeler",
  version: 1,
  matches: (path) =>
    /(?:^|\/)\.github\/[\w-]*labele?r?s?[\w-]*\.ya?ml$/.test(path) && !/workflows\//.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (const scalar of yamlScalars(text)) {
      if (typeof scalar.keys.at(-1) !== "number" && !/glob|files/.test(String(scalar.keys.at(-1)))) continue;
      if (/^(?:all|any|branch|head|base)/.test(String(scalar.keys.at(-2)))) {
        if (/branch/.test(String(scalar.keys.at(-2)))) continue;
      }
      if (/^\*+$|[\s^$()]/.test(scalar.value) || !scalar.isVerbatim) continue;
      const not = scalar.value.startsWith("!") ? 1 : 0;
      reader.path(
        { start: scalar.start + not, end: scalar.end },
        { kind: "pattern", strength: "soft", key: String(scalar.keys[0]), encoding: "yaml", bases: checkout },
      );
    }
    return reader.done();
  },
};

/** dependabot.yml: the folders whose manifests it watches, from the root. */
export const dependabot: Extractor = {
  format: "dependabot",
  version: 1,
  matches: (path) => /(?:^|\/)\.github\/dependabot\.ya?ml$/.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (const scalar of yamlScalars(text)) {
      if (
        !fits(scalar.keys, "updates", "#", "directory") &&
        !fits(scalar.keys, "updates", "#", "directories", "#")
      )
        continue;
      const lead = /^\/*/.exec(scalar.value)?.[0].length ?? 0;
      const path = scalar.value.slice(lead);
      if (path === "" || !scalar.isVerbatim) continue;
      const mention = reader.scalar(scalar, {
        kind: "value",
        strength: "hard",
        use: "read",
        key: "directory",
        path,
        bases: checkout,
      });
      if (mention !== undefined && lead > 0) mention.keep = lead;
    }
    return reader.done();
  },
};

const siteRules: readonly Rule[] = [
  rule("docs_dir", "path", { strength: "hard" }),
  rule("site_dir", "path", { use: "write", strength: "weak" }),
  rule("theme.custom_dir", "path", { strength: "hard" }),
  rule("hooks.#", "path", { strength: "hard" }),
  rule("watch.#", "path"),
  rule("INHERIT", "path", { strength: "hard" }),
  rule("repo_url", "text"),
  rule("edit_uri", "text"),
  rule("site_url", "text"),
  rule("repo_name", "text"),
];

/** mkdocs.yml: navigation and assets start at the documents' folder, the rest at the file's. */
export const documentationSite: Extractor = {
  format: "mkdocs",
  version: 1,
  matches: (path) => /(?:^|\/)mkdocs(?:[.-][\w.-]+)?\.ya?ml$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    const scalars = yamlScalars(text);
    const folder = scalars.find(({ keys }) => fits(keys, "docs_dir"))?.value ?? "docs";
    for (const scalar of applyRules(reader, scalars, siteRules)) {
      const top = String(scalar.keys[0]);
      if (/^(?:markdown_extensions|plugins|theme|extra)$/.test(top)) continue;
      if (!/^(?:nav|extra_css|extra_javascript|not_in_nav|exclude_docs)$/.test(top)) continue;
      if (/^[a-z]+:|^\/|^#/.test(scalar.value) || !/[./]/.test(scalar.value) || scalar.isBlock)
        reader.claim(scalar);
      else enterBelow(reader, scalar, folder, top);
    }
    return reader.done(yaml.extract(text, path));
  },
};

function enterBelow(reader: SpecialReader, scalar: Scalar, folder: string, key: string): void {
  const clean = folder.replace(/^\.\/|\/+$/g, "");
  const bases: readonly Base[] = [{ kind: "file" }];
  reader.scalar(scalar, {
    kind: "link",
    strength: "hard",
    use: "read",
    key,
    path: `${clean}/${scalar.value}`,
    prefix: clean,
    bases,
  });
}

/** environment.yml of conda: what pip takes from files and folders here. */
export const condaEnvironment: Extractor = {
  format: "conda-environment",
  version: 1,
  matches: (path) =>
    /(?:^|\/)(?:[\w.-]*[._-])?(?:conda|environment|env)(?:[._-][\w.-]*)?\.ya?ml$/i.test(path) &&
    !/workflows\//.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    for (const scalar of yamlScalars(text)) {
      if (!fits(scalar.keys, "dependencies", "**")) continue;
      reader.claim(scalar);
      const found = /^(?:-r|--requirement|-c|--constraint|-e|--editable)[ =]+(?=[^\s])|^(?=\.{1,2}\/)/.exec(
        scalar.value,
      );
      const target = found === null ? "" : scalar.value.slice(found[0].length);
      if (found === null || !scalar.isVerbatim || target === "." || /^(?:git|hg)\+|:\/\//.test(target))
        continue;
      reader.path(
        { start: scalar.start + found[0].length, end: scalar.end },
        {
          kind: found[0].startsWith("-r") ? "include" : "context",
          strength: "hard",
          use: "read",
          key: "pip",
          encoding: "yaml",
          bases: [{ kind: "file" }],
        },
      );
    }
    return reader.done(yaml.extract(text, path));
  },
};
