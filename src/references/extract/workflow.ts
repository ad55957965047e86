import type { Base, Extractor } from "../schema.ts";
import { joinValue, ShellSession, type ShellStart, startFolder } from "../shell/index.ts";
import { fits, type Scalar } from "../structure/scalar.ts";
import { SpecialReader, withHoles } from "../structure/special-reader.ts";
import { yamlScalars } from "../structure/yaml-scalars.ts";
import { yaml } from "./yaml.ts";

/** The checkout: the root, or the project that holds the folder `.github` where one was copied in. */
export const checkout: readonly Base[] = [{ kind: "root" }, { kind: "above" }];

/** Runs start in the checkout's root. */
export const checkoutStart: ShellStart = { bases: checkout, cwdBase: "root", cwd: "" };

/** A working directory below the checkout; `null` where an expression or the machine names it. */
export function workingFolder(folder: string): string | null {
  const clean = folder.replace(/\/+$/, "");
  return clean.includes("{…}") || /^[/~]/.test(clean) ? null : clean;
}

/** Steps that belong together: a job's, a composite action's. */
type Job = { steps: Map<number, Scalar[]>; own: Scalar[]; at: number };

/** GitHub workflows and actions: runs in their folders, local actions, path filters. */
export const workflow: Extractor = {
  format: "workflow",
  version: 4,
  matches: (path) =>
    /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/.test(path) ||
    /(?:^|\/)action\.ya?ml$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    const scalars = yamlScalars(text);
    const jobs = new Map<string, Job>();
    const top: Scalar[] = [];
    for (const scalar of scalars) {
      const isJob = fits(scalar.keys, "jobs", "*", "**");
      const isComposite = fits(scalar.keys, "runs", "**");
      if (!isJob && !isComposite) {
        top.push(scalar);
        continue;
      }
      const name = isJob ? `job ${String(scalar.keys[1])}` : "runs";
      const depth = isJob ? 2 : 1;
      let job = jobs.get(name);
      if (job === undefined) jobs.set(name, (job = { steps: new Map(), own: [], at: depth }));
      const [steps, index] = scalar.keys.slice(depth);
      if (steps !== "steps" || typeof index !== "number") job.own.push(scalar);
      else {
        const step = job.steps.get(index);
        if (step === undefined) job.steps.set(index, [scalar]);
        else step.push(scalar);
      }
    }
    for (const scalar of top) readFilter(reader, scalar);
    const variables = environmentOf(top, 0);
    const folder = top.find(({ keys }) => fits(keys, "defaults", "run", "working-directory"));
    if (folder !== undefined) enterFolder(reader, folder);
    for (const job of jobs.values()) readJob(reader, job, variables, folder?.value ?? "");
    return reader.done(yaml.extract(text, path));
  },
};

function readFilter(reader: SpecialReader, scalar: Scalar): void {
  if (!fits(scalar.keys, "on", "*", "paths", "#") && !fits(scalar.keys, "on", "*", "paths-ignore", "#"))
    return;
  const negated = scalar.value.startsWith("!") && scalar.isVerbatim ? 1 : 0;
  reader.path(
    { start: scalar.start + negated, end: scalar.end },
    { kind: "pattern", strength: "soft", key: String(scalar.keys[2]), encoding: "yaml", bases: checkout },
  );
}

/** A value with the expressions that are known put in, the others as holes. */
function evaluated(value: string, variables: Readonly<Record<string, string>>): string {
  const known = value
    .replace(/\$\{\{ *github\.workspace *\}\}\/*/g, "")
    .replace(/\$\{\{ *env\.(\w+) *\}\}/g, (whole, name: string) => variables[name] ?? whole);
  return withHoles(known);
}

/** Values of an `env:` block at a depth, where they are constant. */
function environmentOf(scalars: readonly Scalar[], depth: number): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { keys, value } of scalars) {
    if (keys.length === depth + 2 && keys[depth] === "env" && !value.includes("${{"))
      found[String(keys[depth + 1])] = value;
  }
  return found;
}

/** The path below the root of a folder in a checkout of this repository; `null` in another one's, undefined in none. */
function throughCheckout(folder: string, session: ShellSession): string | null | undefined {
  const whole = joinValue(startFolder, folder);
  const found = session.clones.find(
    (clone) => whole === clone.folder || whole.startsWith(`${clone.folder}/`),
  );
  if (found === undefined) return undefined;
  return found.url === "" ? whole.slice(found.folder.length + 1) : null;
}

function enterFolder(reader: SpecialReader, scalar: Scalar, session?: ShellSession): void {
  if (scalar.value === "." || scalar.value.includes("${{")) return reader.claim(scalar);
  const own = session === undefined ? undefined : throughCheckout(scalar.value, session);
  if (own === null) return reader.claim(scalar);
  if (own !== undefined) {
    const meaning = { kind: "context", strength: "hard", use: "read", key: "working-directory" } as const;
    const lead = scalar.value.length - own.length;
    if (own === "" || !scalar.isVerbatim) return reader.claim(scalar);
    const mention = reader.scalar(scalar, { ...meaning, path: own, bases: checkout });
    if (mention !== undefined) mention.keep = lead;
    return undefined;
  }
  const isMade =
    session !== undefined &&
    (session.hasUnpacked || session.hasMade(scalar.value.replace(/^\.\/|\/+$/g, "")));
  reader.scalar(scalar, {
    kind: "context",
    strength: isMade ? "soft" : "hard",
    use: "read",
    key: "working-directory",
    bases: checkout,
  });
}

function readJob(reader: SpecialReader, job: Job, outer: Record<string, string>, outerFolder: string): void {
  const variables = { ...outer, ...environmentOf(job.own, job.at) };
  const session = new ShellSession();
  let folder = outerFolder;
  for (const scalar of job.own) {
    const keys = scalar.keys.slice(job.at);
    if (fits(keys, "defaults", "run", "working-directory")) {
      folder = scalar.value;
      enterFolder(reader, scalar);
    } else if (fits(keys, "uses")) readUses(reader, scalar);
    else if (fits(keys, "runs-on", "**") || fits(keys, "container", "**") || fits(keys, "needs", "**"))
      reader.claim(scalar);
    else if (fits(keys, "image") || fits(keys, "main") || fits(keys, "pre") || fits(keys, "post")) {
      // An action of its own: `runs: { using: docker, image: Dockerfile }`, `{ using: node20, main: dist/index.js }`.
      if (!scalar.value.startsWith("docker:") && /[./]|^Dockerfile/.test(scalar.value))
        reader.scalar(scalar, { kind: "command", strength: "hard", use: "run", bases: [{ kind: "file" }] });
    }
  }
  for (const step of job.steps.values()) readStep(reader, step, job.at + 2, variables, folder, session);
}

function readStep(
  reader: SpecialReader,
  step: readonly Scalar[],
  depth: number,
  outer: Record<string, string>,
  outerFolder: string,
  session: ShellSession,
): void {
  const one = (...keys: string[]): Scalar | undefined =>
    step.find((scalar) => fits(scalar.keys.slice(depth), ...keys));
  const uses = one("uses");
  if (uses !== undefined) {
    readUses(reader, uses);
    readInputs(reader, step, depth, uses.value, session);
  }
  const run = one("run");
  const own = one("working-directory");
  if (own !== undefined) enterFolder(reader, own, session);
  if (run === undefined) return;
  const shell = one("shell")?.value ?? "bash";
  if (!/\b(?:bash|sh|zsh)\b/.test(shell)) return reader.claim(run);
  const variables = { ...outer, ...environmentOf(step, depth) };
  const cwd = workingFolder(evaluated(own?.value ?? outerFolder, outer));
  reader.shell([run], checkoutStart, { variables, session, cwd });
}

/** `uses:` a path of this repository; another repository's action is no path. */
function readUses(reader: SpecialReader, scalar: Scalar): void {
  if (/^\.\.?\//.test(scalar.value))
    reader.scalar(scalar, { kind: "include", strength: "hard", use: "run", key: "uses", bases: checkout });
  else reader.claim(scalar);
}

const readInput =
  /^(?:context|file|cache-dependency-path|[\w-]+-version-file|configuration-path|config-file|config|requirements?|environment-file)$/;

function readInputs(
  reader: SpecialReader,
  step: readonly Scalar[],
  depth: number,
  action: string,
  session: ShellSession,
): void {
  const input = (name: string): Scalar | undefined =>
    step.find(({ keys }) => fits(keys.slice(depth), "with", name));
  if (/^actions\/checkout\b/.test(action)) {
    const path = input("path");
    const repository = input("repository");
    if (path !== undefined) {
      reader.claim(path);
      const url = repository === undefined ? "" : `https://github.com/${withHoles(repository.value)}`;
      session.clones.push({ folder: joinValue(startFolder, path.value), url });
    }
    if (repository !== undefined) reader.claim(repository);
    return;
  }
  const isBuild = /build-push-action/.test(action);
  const context = input("context");
  const file = input("file");
  if (isBuild && !/^(?:https?|git|\{)/.test(context?.value ?? "")) {
    const folder = withHoles(context?.value ?? ".");
    reader.builds.push({
      line: reader.lineOf((context ?? file ?? step[0] ?? { start: 0 }).start),
      context: folder,
      ...(file === undefined ? {} : { dockerfile: withHoles(file.value) }),
      bases: [...checkout],
    });
  }
  for (const scalar of step) {
    const keys = scalar.keys.slice(depth);
    const name = String(keys[1] ?? "");
    if (!fits(keys, "with", "*") || scalar.isBlock) continue;
    if (readInput.test(name) && (isBuild || /[./]/.test(scalar.value)) && !/^[a-z]+:|\s/.test(scalar.value)) {
      const isMade = session.hasUnpacked || session.hasMade(scalar.value.replace(/^\.\//, ""));
      const isSure = !isMade && (isBuild || !/^(?:config|context|file)$/.test(name));
      reader.scalar(scalar, {
        kind: name === "context" ? "context" : "value",
        strength: isSure && !scalar.value.includes("${{") ? "hard" : "soft",
        use: "read",
        key: name,
        bases: checkout,
      });
    } else if (/upload-artifact|download-artifact|cache@|\/cache\b/.test(action)) reader.claim(scalar);
  }
}
