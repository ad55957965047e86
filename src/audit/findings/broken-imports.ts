import type { Collision, EntryPoint, ImportReference } from "../../references/index.ts";
import type { Evidence } from "../report.ts";
import { packageOf } from "./cause-paths.ts";
import type { Draft, FindingContext } from "./schema.ts";
import type { RuleName } from "./rules.data.ts";
import { code, count, listed, quoted } from "./words.ts";

type Broken = "internal-missing" | "relative-without-parent" | "name-missing" | "undeclared";

const ruleOfClass: Record<Broken, RuleName> = {
  "internal-missing": "import-missing",
  "relative-without-parent": "import-relative",
  "name-missing": "import-name",
  undeclared: "import-undeclared",
};

const isBroken = (row: ImportReference): row is ImportReference & { class: Broken } =>
  Object.hasOwn(ruleOfClass, row.class);

/** What the rows of one cause have in common: the missing module, the distribution, or for a relative import its file. */
function subjectOf(
  row: ImportReference & { class: Broken },
  context: Pick<FindingContext, "packages">,
): string {
  switch (row.class) {
    case "undeclared":
      return `${packageOf(row.path, context.packages)?.path ?? ""}\0${row.target ?? row.module.split(".")[0]}`;
    case "relative-without-parent":
      return row.path;
    default:
      return row.target ?? row.module;
  }
}

function sentence(
  rows: readonly (ImportReference & { class: Broken })[],
  context: Pick<FindingContext, "packages">,
): string {
  const first = rows[0] as ImportReference & { class: Broken };
  const files = new Set(rows.map((row) => row.path));
  const who = files.size === 1 ? `${quoted(first.path)} (line ${first.line})` : count(files.size, "file");
  const imports = files.size === 1 ? "imports" : "import";
  switch (first.class) {
    case "relative-without-parent":
      return `${who} imports ${code(first.module)} relatively, and is started as a script, where it has no parent package.`;
    case "name-missing":
      return `${who} ${imports} a name from ${code(first.module)} that it does not define.`;
    case "undeclared": {
      const owner = packageOf(first.path, context.packages);
      const distribution = first.target ?? first.module.split(".")[0];
      return `${who} ${imports} ${code(distribution ?? first.module)}, which no requirements file of ${owner === undefined ? "the repository" : quoted(owner.path)} declares.`;
    }
    default: {
      const modules = [...new Set(rows.map((row) => row.module))];
      const sought = first.target === undefined ? "" : ` (${quoted(first.target)})`;
      return `${who} ${imports} ${listed(modules.map(code))}${sought}, which is not here.`;
    }
  }
}

function verdicts(rows: readonly ImportReference[], entries: ReadonlyMap<string, EntryPoint>): Evidence[] {
  const evidence: Evidence[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    for (const one of row.byEntry) {
      if (one.class === "resolves" || seen.has(one.entry) || evidence.length >= 6) continue;
      seen.add(one.entry);
      const entry = entries.get(one.entry);
      evidence.push(
        entry === undefined
          ? {
              kind: "entry",
              text: `fails when started as ${one.entry}: ${one.class}`,
              path: row.path,
              line: row.line,
            }
          : {
              kind: "entry",
              text: `fails when started by ${code(entry.command)}: ${one.class}`,
              path: entry.path,
            },
      );
    }
  }
  return evidence;
}

/** Imports that fail: `import-missing`, `import-relative`, `import-name`, `import-undeclared`; one a cause. */
export function brokenImports(
  imports: readonly ImportReference[],
  entries: readonly EntryPoint[],
  context: Pick<FindingContext, "packages">,
): Draft[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const causes = new Map<string, (ImportReference & { class: Broken })[]>();
  for (const row of imports) {
    if (!isBroken(row)) continue;
    const key = `${row.class}\0${subjectOf(row, context)}`;
    const same = causes.get(key);
    if (same === undefined) causes.set(key, [row]);
    else same.push(row);
  }
  return [...causes.values()].map((rows): Draft => {
    const first = rows[0] as ImportReference & { class: Broken };
    return {
      rule: ruleOfClass[first.class],
      path: first.class === "relative-without-parent" ? first.path : "",
      subject:
        first.class === "relative-without-parent"
          ? first.module
          : subjectOf(first, context).replace("\0", ":"),
      places: rows.map(({ path, line, start, end }) => ({ path, line, start, end })),
      message: sentence(rows, context),
      evidence: verdicts(rows, byId),
    };
  });
}

/**
 * `import-shadowed`: names that load something else than they seem to. What no known command runs into is a warning;
 * two own modules of one name are a note: they get in each other's way once the folders become one.
 */
export function shadowedModules(collisions: readonly Collision[], entries: readonly EntryPoint[]): Draft[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return collisions.map((one) => ({
    rule: "import-shadowed",
    severity: one.kind === "same-name" ? "note" : one.entries.length > 0 ? "error" : "warning",
    path: "",
    subject: `${one.kind}:${one.name}`,
    places: one.paths.map((path) => ({ path, line: 1 })),
    message: one.message,
    evidence: one.entries.slice(0, 6).flatMap((id) => {
      const entry = byId.get(id);
      return entry === undefined
        ? []
        : [{ kind: "entry", text: `loaded by ${code(entry.command)}`, path: entry.path }];
    }),
  }));
}

/** `entry-broken`: commands that cannot start, unless a finding about an import already says why. */
export function brokenEntries(entries: readonly EntryPoint[], imports: readonly Draft[]): Draft[] {
  const explained = new Set(
    imports
      .filter((one) => one.rule !== "import-undeclared")
      .flatMap((one) => one.places.map(({ path }) => path)),
  );
  const byTarget = new Map<string, EntryPoint[]>();
  for (const entry of entries) {
    if (entry.loads || explained.has(entry.path)) continue;
    const key = `${entry.path}\0${[...entry.missing].sort().join("\0")}`;
    byTarget.set(key, [...(byTarget.get(key) ?? []), entry]);
  }
  return [...byTarget.values()].map((same): Draft => {
    const first = same[0] as EntryPoint;
    const missing = listed(first.missing.map(code));
    return {
      rule: "entry-broken",
      path: first.path,
      subject: first.missing.join(","),
      places: [{ path: first.path, line: 1 }],
      message: `${code(first.command)}${first.cwd === "" ? "" : ` in ${quoted(first.cwd)}`} does not start: ${missing === "" ? "what it names is not here" : `${missing} cannot be loaded`}.`,
      evidence: same.slice(0, 6).map((one) => ({
        kind: "command",
        text: `${code(one.command)}, run in ${quoted(one.cwd)} as ${one.mode}`,
        path: one.path,
      })),
    };
  });
}
