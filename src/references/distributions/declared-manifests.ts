import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { normalName, requirementName, requirementsIn } from "./requirement-lines.ts";

/** A command that installing a project makes: `target` is `package.module:function`. */
export type ProjectScript = { name: string; target: string };

/** What a project file says about Python: distributions it asks for, and where its modules lie. */
export type Manifest = {
  /** Undefined if it declares no dependencies at all (a tool's settings only). */
  dependencies: string[] | undefined;
  /** Its own distribution and folders of modules, if it can be installed. */
  project: { name: string | undefined; sources: string[]; scripts: ProjectScript[] } | undefined;
};

const strings = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;

const scriptLine = /^\s*([\w.-]+)\s*=\s*([A-Za-z_][\w.]*:[A-Za-z_][\w.]*)(?:\s*\[.*\])?\s*$/;

function scriptsOf(lines: readonly string[]): ProjectScript[] {
  return lines.flatMap((line) => {
    const found = scriptLine.exec(line);
    return found === null ? [] : [{ name: found[1] as string, target: found[2] as string }];
  });
}

const named = (list: readonly (string | undefined)[]): string[] => list.filter((one) => one !== undefined);

function setupScript(text: string): Manifest {
  const code = text.replaceAll(/^\s*#.*$/gm, "");
  const all = [...code.matchAll(strings)].map((match) => match[1] ?? match[2] ?? "");
  const declares = /\b(?:install_requires|extras_require|setup_requires|requirements?|REQUIRED|deps)\b/.test(
    code,
  );
  const sources: string[] = [];
  for (const pattern of [
    /package_dir\s*=\s*\{\s*["']["']\s*:\s*["']([^"']+)["']/,
    /find_(?:namespace_)?packages\(\s*(?:where\s*=\s*)?["']([^"']+)["']/,
  ]) {
    const folder = pattern.exec(code)?.[1];
    if (folder !== undefined) sources.push(folder);
  }
  const name = /\bname\s*=\s*["']([\w.-]+)["']/.exec(code)?.[1];
  const isProject = /\bsetup\s*\(/.test(code);
  return {
    dependencies: declares
      ? named(all.map((one) => (one.length > 80 ? undefined : requirementName(one))))
      : undefined,
    project: isProject
      ? { name: name === undefined ? undefined : normalName(name), sources, scripts: scriptsOf(all) }
      : undefined,
  };
}

function setupConfig(text: string): Manifest {
  const dependencies: string[] = [];
  let key = "";
  let section = "";
  let declares = false;
  const sources: string[] = [];
  let name: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const head = /^\[(.+)\]\s*$/.exec(line)?.[1];
    if (head !== undefined) {
      section = head;
      continue;
    }
    const pair = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line);
    if (pair !== null) key = pair[1] as string;
    const value = (pair?.[2] ?? line).trim();
    if (section === "metadata" && key === "name" && value !== "") name ??= normalName(value);
    const asks =
      key === "install_requires" || section === "options.extras_require" || key === "setup_requires";
    if (asks) {
      declares = true;
      const one = requirementName(value);
      if (one !== undefined) dependencies.push(one);
    }
    if (section === "options" && key === "package_dir") {
      const folder = /^=?\s*=\s*(\S+)$/.exec(value)?.[1];
      if (folder !== undefined) sources.push(folder);
    }
    if (section === "options.packages.find" && key === "where" && value !== "") sources.push(value);
  }
  return {
    dependencies: declares ? dependencies : undefined,
    project: name === undefined ? undefined : { name, sources, scripts: scriptsOf(text.split(/\r?\n/)) },
  };
}

type Table = Record<string, unknown>;

const tableOf = (value: unknown, ...keys: string[]): Table => {
  let current = value;
  for (const key of keys)
    current = typeof current === "object" && current !== null ? (current as Table)[key] : undefined;
  return typeof current === "object" && current !== null && !Array.isArray(current) ? (current as Table) : {};
};

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

function pyproject(text: string): Manifest {
  let document: unknown;
  try {
    document = getStaticTOMLValue(parseTOML(text));
  } catch {
    // Reported by the reader of the format; what it declares is unknown.
    return { dependencies: undefined, project: undefined };
  }
  const project = tableOf(document, "project");
  const poetry = tableOf(document, "tool", "poetry");
  const lists = [
    project["dependencies"],
    ...Object.values(tableOf(project, "optional-dependencies")),
    ...Object.values(tableOf(document, "dependency-groups")),
    tableOf(document, "tool", "uv")["dev-dependencies"],
    ...Object.values(tableOf(document, "tool", "pdm", "dev-dependencies")),
  ].filter((one) => one !== undefined);
  const tables = [
    poetry["dependencies"],
    poetry["dev-dependencies"],
    ...Object.values(tableOf(poetry, "group")).map((group) => tableOf(group)["dependencies"]),
    tableOf(document, "tool", "pixi")["dependencies"],
    tableOf(document, "tool", "pixi")["pypi-dependencies"],
  ].filter((one) => one !== undefined);
  const dynamic = listOf(project["dynamic"]).includes("dependencies");
  const dependencies = [
    ...lists.flatMap((list) => named(listOf(list).map(requirementName))),
    ...tables.flatMap((table) => Object.keys(tableOf(table)).map(normalName)),
  ];
  const setuptools = tableOf(document, "tool", "setuptools");
  const sources = [
    ...listOf(tableOf(setuptools, "packages", "find")["where"]),
    ...[tableOf(document, "tool", "maturin")["python-source"]].filter((one) => typeof one === "string"),
    ...Object.entries(tableOf(setuptools, "package-dir"))
      .filter(([name]) => name === "")
      .map(([, folder]) => String(folder)),
    ...(Array.isArray(poetry["packages"]) ? poetry["packages"] : []).flatMap((one) => {
      const from = tableOf(one)["from"];
      return typeof from === "string" ? [from] : [];
    }),
    ...listOf(tableOf(document, "tool", "hatch", "build", "targets", "wheel")["packages"]).map((one) =>
      one.includes("/") ? one.slice(0, one.lastIndexOf("/")) : "",
    ),
  ].filter((one) => one !== "");
  const scripts = [project["scripts"], project["gui-scripts"], poetry["scripts"]].flatMap((table) =>
    Object.entries(tableOf(table)).flatMap(([name, target]) =>
      typeof target === "string" ? scriptsOf([`${name} = ${target}`]) : [],
    ),
  );
  const name = project["name"] ?? poetry["name"];
  const isProject = typeof name === "string" || "build-system" in tableOf(document);
  return {
    dependencies:
      dependencies.length > 0 || (project["dependencies"] !== undefined && !dynamic)
        ? dependencies
        : undefined,
    project: isProject
      ? { name: typeof name === "string" ? normalName(name) : undefined, sources, scripts }
      : undefined,
  };
}

function environmentFile(text: string): Manifest {
  if (!/^dependencies:/m.test(text)) return { dependencies: undefined, project: undefined };
  const names = [...text.matchAll(/^\s*-\s*["']?(?:[\w-]+::)?([^\n"'#]+)/gm)].map((match) =>
    requirementName((match[1] as string).replace(/=.*$/, "").trim()),
  );
  return { dependencies: named(names), project: undefined };
}

function pipfile(text: string): Manifest {
  const names: string[] = [];
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    section = /^\[(.+)\]/.exec(line)?.[1] ?? section;
    const name = /^["']?([\w.-]+)["']?\s*=/.exec(line)?.[1];
    if (name !== undefined && section.endsWith("packages")) names.push(normalName(name));
  }
  return { dependencies: names, project: undefined };
}

const readers: readonly [RegExp, (text: string) => Manifest][] = [
  [
    /(?:^|\/)[\w.-]*requirements?[\w.-]*\.(?:txt|in)$|(?:^|\/)requirements\/(?:[\w.-]+\/)*[\w.-]+\.(?:txt|in)$/i,
    (text) => ({ dependencies: requirementsIn(text), project: undefined }),
  ],
  [/(?:^|\/)pyproject\.toml$/, pyproject],
  [/(?:^|\/)setup\.py$/, setupScript],
  [/(?:^|\/)setup\.cfg$/, setupConfig],
  [/(?:^|\/)(?:conda[\w.-]*|environment[\w.-]*|env)\.ya?ml$/, environmentFile],
  [/(?:^|\/)Pipfile$/, pipfile],
];

/** True for a file that may declare what Python packages are needed. */
export const isManifest = (path: string): boolean => readers.some(([pattern]) => pattern.test(path));

/** What a manifest declares; undefined for other files. Unreadable ones declare nothing. */
export function readManifest(path: string, text: string): Manifest | undefined {
  return readers.find(([pattern]) => pattern.test(path))?.[1](text);
}
