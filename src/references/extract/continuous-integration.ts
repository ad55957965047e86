import type { Extractor } from "../schema.ts";
import { ShellSession } from "../shell/index.ts";
import { fits, type Scalar } from "../structure/scalar.ts";
import { SpecialReader, withHoles } from "../structure/special-reader.ts";
import { yamlScalars } from "../structure/yaml-scalars.ts";
import { yaml } from "./yaml.ts";
import { checkout, checkoutStart, workingFolder } from "./workflow.ts";

const scriptKey =
  /^(?:script|before_script|after_script|install|before_install|after_success|run|command|bash|commands|prepare|test)$/;
const folderKey = /^(?:working_directory|working-directory|workingDirectory|working_dir)$/;

/** GitLab CI, CircleCI, Azure Pipelines, Travis, Bitbucket, Drone: scripts that start at the root, includes, filters. */
export const continuousIntegration: Extractor = {
  format: "ci",
  version: 4,
  matches: (path) =>
    /(?:^|\/)(?:[\w.-]*\.)?gitlab-ci(?:[.-][\w.-]+)?\.ya?ml$|(?:^|\/)\.circleci\/[^/]+\.ya?ml$|(?:^|\/)(?:\.?azure-pipelines|\.azuredevops|\.azure-pipelines)[\w./-]*\.ya?ml$|(?:^|\/)(?:\.travis|bitbucket-pipelines|\.drone|\.woodpecker|\.cirrus|appveyor|\.readthedocs)\.ya?ml$/.test(
      path,
    ),
  extract(text, path) {
    const reader = new SpecialReader(text);
    const scalars = yamlScalars(text);
    const variables: Record<string, string> = {};
    for (const { keys, value } of scalars)
      if (fits(keys, "variables", "*") && !/[$]/.test(value)) variables[String(keys[1])] = value;
    if (path.includes("readthedocs")) readDocumentationBuild(reader, scalars);
    for (const scalar of scalars) readPlace(reader, scalar);
    for (const [key, list] of scriptsOf(scalars)) {
      const folder = folderBeside(scalars, key);
      const cwd = workingFolder(withHoles(folder?.value ?? ""));
      reader.shell(list, checkoutStart, { variables, session: new ShellSession(), cwd });
    }
    return reader.done(yaml.extract(text, path));
  },
};

/** Scripts by the keys that hold them: one text, or a list that one shell runs in turn. */
function scriptsOf(scalars: readonly Scalar[]): Map<string, Scalar[]> {
  const scripts = new Map<string, Scalar[]>();
  for (const scalar of scalars) {
    const keys = typeof scalar.keys.at(-1) === "number" ? scalar.keys.slice(0, -1) : scalar.keys;
    const name = keys.at(-1);
    if (typeof name !== "string" || !scriptKey.test(name)) continue;
    if (!scalar.isBlock && !/[ /]/.test(scalar.value)) continue;
    const id = keys.join("\n");
    const list = scripts.get(id);
    if (list === undefined) scripts.set(id, [scalar]);
    else list.push(scalar);
  }
  return scripts;
}

function folderBeside(scalars: readonly Scalar[], id: string): Scalar | undefined {
  const parent = id.split("\n").slice(0, -1).join("\n");
  return scalars.find(
    ({ keys }) => folderKey.test(String(keys.at(-1))) && keys.slice(0, -1).join("\n") === parent,
  );
}

function readPlace(reader: SpecialReader, scalar: Scalar): void {
  const { keys, value } = scalar;
  const last = keys.at(-1);
  if (folderKey.test(String(last))) {
    // CircleCI's `~/project` is the checkout.
    if (/^[~/]/.test(value) || value === ".") reader.claim(scalar);
    else
      reader.scalar(scalar, {
        kind: "context",
        strength: "hard",
        use: "read",
        key: String(last),
        bases: checkout,
      });
  } else if (
    fits(keys, "include", "local") ||
    fits(keys, "include", "#", "local") ||
    fits(keys, "include", "local", "#")
  ) {
    enterRooted(reader, scalar, "hard", "include");
  } else if (keys.includes("changes") && typeof last === "number")
    enterRooted(reader, scalar, "soft", "pattern");
  else if (keys.includes("artifacts") || keys.includes("cache") || last === "image" || keys.includes("image"))
    reader.claim(scalar);
  else if (last === "template" && /\.ya?ml$/.test(value) && !value.includes("@"))
    reader.scalar(scalar, {
      kind: "include",
      strength: "hard",
      use: "read",
      key: "template",
      bases: [{ kind: "file" }, { kind: "root" }],
    });
  else if ((keys.at(-2) === "include" || keys.at(-2) === "exclude") && keys.at(-3) === "paths")
    enterRooted(reader, scalar, "soft", "pattern");
}

/** `/templates/x.yml` starts at the root. */
function enterRooted(
  reader: SpecialReader,
  scalar: Scalar,
  strength: "hard" | "soft",
  kind: "include" | "pattern",
): void {
  const lead = scalar.isVerbatim ? (/^!?\/*/.exec(scalar.value)?.[0].length ?? 0) : 0;
  reader.path(
    { start: scalar.start + lead, end: scalar.end },
    {
      kind,
      strength,
      use: "read",
      key: String(scalar.keys.findLast((key) => typeof key === "string")),
      encoding: "yaml",
      bases: checkout,
    },
  );
}

function readDocumentationBuild(reader: SpecialReader, scalars: readonly Scalar[]): void {
  for (const scalar of scalars) {
    const name = String(scalar.keys.at(-1));
    if (!/^(?:configuration|requirements|path|environment)$/.test(name) || /^\s*$/.test(scalar.value))
      continue;
    if (name === "path" && scalar.value === ".") continue;
    reader.scalar(scalar, { kind: "include", strength: "hard", use: "read", key: name, bases: checkout });
  }
}
