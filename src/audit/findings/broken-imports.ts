import type { Collision, EntryPoint, ImportReference } from "../../references/index.ts";
import type { Evidence } from "../report.ts";
import { deadPrefix, packageOf } from "./cause-paths.ts";
import type { RuleName } from "./rules.data.ts";
import type { Draft, FindingContext } from "./schema.ts";
import { code, count, listed, quoted } from "./words.ts";

type Broken = "internal-missing" | "relative-without-parent" | "name-missing" | "undeclared";
type Row = ImportReference & { class: Broken };
type Context = Pick<FindingContext, "packages" | "has"> & { entries: ReadonlyMap<string, EntryPoint> };

const ruleOfClass: Record<Broken, RuleName> = {
  "internal-missing": "import-missing",
  "relative-without-parent": "import-relative",
  "name-missing": "import-name",
  undeclared: "import-undeclared",
};

const isBroken = (row: ImportReference): row is Row => Object.hasOwn(ruleOfClass, row.class);

/**
 * The file or folder of a module's first name: what would have to be on the search path.
 * @example
 * topOfModule("kit.data.io", "lib/kit/data/io.py") // "lib/kit"
 */
export function topOfModule(module: string, target: string): string {
  const names = module.split(".").filter((name) => name !== "");
  const parts = target.replace(/\/__init__\.py$/, "").split("/");
  const wanted = names.join("/");
  for (let at = parts.length - names.length; at >= 0; at--) {
    if (
      parts
        .slice(at, at + names.length)
        .join("/")
        .replace(/\.pyi?$/, "") === wanted
    ) {
      return parts.slice(0, at + 1).join("/");
    }
  }
  return target;
}

/**
 * Where a command that loads a file as a module starts, so that its relative import leaves the package: the folder of
 * `python -m`, else the script. Undefined for a file that is the script itself.
 */
function startOf(row: Row, entries: ReadonlyMap<string, EntryPoint>): string | undefined {
  const failing = row.byEntry.find((one) => one.class === row.class);
  const entry = failing === undefined ? undefined : entries.get(failing.entry);
  if (entry === undefined || entry.path === row.path) return undefined;
  return entry.mode === "script" ? entry.path : entry.cwd;
}

/** What the rows of one cause have in common; `exists`: the module is here, but no way of starting finds it. */
function causeOf(row: Row, context: Context): { subject: string; exists: boolean } {
  const target = row.target ?? row.module;
  switch (row.class) {
    case "undeclared":
      return { subject: row.target ?? row.module.split(".")[0] ?? row.module, exists: true };
    case "relative-without-parent": {
      const start = startOf(row, context.entries);
      return start === undefined ? { subject: row.path, exists: false } : { subject: start, exists: true };
    }
    case "name-missing":
      return { subject: target, exists: true };
    default: {
      if (row.target === undefined) return { subject: row.module, exists: false };
      if (context.has(row.target)) return { subject: topOfModule(row.module, row.target), exists: true };
      return { subject: deadPrefix(row.target, (path) => context.has(path)), exists: false };
    }
  }
}

const codes = (names: Iterable<string>): string => listed([...new Set(names)].sort().map(code));

function sentence(rows: readonly Row[], subject: string, exists: boolean, context: Context): string {
  const first = rows[0] as Row;
  const files = new Set(rows.map((row) => row.path));
  const who = files.size === 1 ? `${quoted(first.path)} (line ${first.line})` : count(files.size, "file");
  const verb = files.size === 1 ? "imports" : "import";
  const modules = codes(rows.map((row) => row.module));
  switch (first.class) {
    case "relative-without-parent":
      if (exists) {
        return `${who} ${verb} ${modules} relatively, above the package that ${files.size === 1 ? "it has" : "they have"} when ${quoted(subject)} is where it starts.`;
      }
      return `${who} imports ${modules} relatively, but is started as a script, where it has no parent package.`;
    case "name-missing": {
      const names = rows.flatMap((row) => row.name ?? []);
      const taken = names.length === 0 ? "a name" : codes(names);
      return `${who} ${verb} ${taken} from ${modules}, which ${names.length === 0 ? "does not define it" : `${quoted(subject)} does not define`}.`;
    }
    case "undeclared": {
      const owners = new Set(rows.map((row) => packageOf(row.path, context.packages)?.path ?? ""));
      const where =
        owners.size === 1
          ? `no requirements file of ${quoted([...owners][0] as string)} declares`
          : `the requirements of ${count(owners.size, "package")} do not declare`;
      return `${who} ${verb} ${code(subject)}, which ${where}.`;
    }
    default:
      if (exists) {
        return `${who} ${verb} ${modules}: ${quoted(subject)} is here, but not on the search path of how ${files.size === 1 ? "it is" : "they are"} started.`;
      }
      return `${who} ${verb} ${modules}, but there is no ${quoted(subject)}.`;
  }
}

function verdicts(rows: readonly Row[], entries: ReadonlyMap<string, EntryPoint>): Evidence[] {
  const evidence: Evidence[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    for (const one of row.byEntry) {
      if (one.class !== row.class || seen.has(one.entry) || evidence.length >= 6) continue;
      seen.add(one.entry);
      const entry = entries.get(one.entry);
      evidence.push(
        entry === undefined
          ? { kind: "entry", text: `fails when started as ${one.entry}`, path: row.path, line: row.line }
          : { kind: "entry", text: `fails when started by ${code(entry.command)}`, path: entry.path },
      );
    }
  }
  return evidence;
}

/** Imports that fail: `import-missing`, `import-relative`, `import-name`, `import-undeclared`; one a cause. */
export function brokenImports(
  imports: readonly ImportReference[],
  entries: readonly EntryPoint[],
  given: Pick<FindingContext, "packages" | "has">,
): Draft[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const context: Context = { packages: given.packages, has: (path) => given.has(path), entries: byId };
  const causes = new Map<string, { subject: string; exists: boolean; rows: Row[] }>();
  for (const row of imports) {
    if (!isBroken(row)) continue;
    const { subject, exists } = causeOf(row, context);
    const key = `${row.class}\0${exists}\0${subject}`;
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { subject, exists, rows: [row] });
    else cause.rows.push(row);
  }
  return [...causes.values()].map(({ subject, exists, rows }): Draft => {
    const first = rows[0] as Row;
    const alone = first.class === "relative-without-parent" && !exists;
    return {
      rule: ruleOfClass[first.class],
      path: alone ? first.path : "",
      subject: alone ? first.module : subject,
      places: rows.map(({ path, line, start, end }) => ({ path, line, start, end })),
      message: sentence(rows, subject, exists, context),
      evidence: verdicts(rows, byId),
    };
  });
}

function severityOf(one: Collision): "error" | "warning" | "note" {
  if (one.kind === "shadows-standard") return one.entries.length > 0 ? "error" : "warning";
  return one.kind === "shadows-installed" ? "warning" : "note";
}

/**
 * `import-shadowed`: names that load something else than they seem to. Two own modules of one name are a note: they
 * get in each other's way once the folders become one.
 */
export function shadowedModules(collisions: readonly Collision[], entries: readonly EntryPoint[]): Draft[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return collisions.map((one) => ({
    rule: "import-shadowed",
    severity: severityOf(one),
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

/**
 * `entry-broken`: commands that cannot start, one for each thing that is missing, unless the finding of an import or of
 * a missing path (`gone`) says it already.
 */
export function brokenEntries(
  entries: readonly EntryPoint[],
  imports: readonly ImportReference[],
  gone: ReadonlySet<string>,
): Draft[] {
  const explained = new Set<string>();
  for (const row of imports) {
    if (!isBroken(row) || row.class === "undeclared") continue;
    for (const one of row.byEntry) if (one.class === row.class) explained.add(one.entry);
  }
  const causes = new Map<string, EntryPoint[]>();
  for (const entry of entries) {
    if (entry.loads || explained.has(entry.id) || gone.has(entry.path)) continue;
    const key =
      entry.missing.length === 0 ? `path\0${entry.path}` : `module\0${entry.missing.toSorted().join("\0")}`;
    const same = causes.get(key);
    if (same === undefined) causes.set(key, [entry]);
    else same.push(entry);
  }
  return [...causes.values()].map((same): Draft => {
    const first = same[0] as EntryPoint;
    const missing = codes(first.missing);
    const why = missing === "" ? "what it names is not here" : `${missing} cannot be loaded`;
    const where = first.cwd === "" ? "" : ` in ${quoted(first.cwd)}`;
    return {
      rule: "entry-broken",
      path: missing === "" ? first.path : "",
      subject: first.missing.toSorted().join(","),
      places: same.map((one) => ({ path: one.path, line: 1 })),
      message:
        same.length === 1
          ? `${code(first.command)}${where} does not start: ${why}.`
          : `${count(same.length, "command")}, such as ${code(first.command)}${where}, do not start: ${why}.`,
      evidence: same.slice(0, 6).map((one) => ({
        kind: "command",
        text: `${code(one.command)}, run in ${quoted(one.cwd)} as ${one.mode}`,
        path: one.path,
      })),
    };
  });
}
