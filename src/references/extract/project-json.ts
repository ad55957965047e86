import { packageRules, typescriptRules } from "../project/json.data.ts";
import { applyRules, ownFolder, projectStart } from "../project/rules.ts";
import { startedModule } from "../entries/started-module.ts";
import type { Base, Extractor } from "../schema.ts";
import { jsonScalars } from "../structure/json-scalars.ts";
import { fits, type Scalar } from "../structure/scalar.ts";
import { SpecialReader, withHoles } from "../structure/special-reader.ts";
import { json } from "./json.ts";

/** Editors' files name what lies below the folder that holds `.vscode` or `.devcontainer`. */
const workspace: readonly Base[] = [{ kind: "root" }, { kind: "above" }];

/** package.json: workspaces, scripts, local dependencies, entry files. */
export const packageJson: Extractor = {
  format: "package-json",
  version: 2,
  matches: (path) => /(?:^|\/)package\.json$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    for (const scalar of applyRules(reader, jsonScalars(text).scalars, packageRules)) {
      if (!String(scalar.keys[0]).endsWith("ependencies")) continue;
      const lead = /^(?:file|link|portal):/.exec(scalar.value)?.[0].length;
      reader.claim(scalar);
      if (lead === undefined || !scalar.isVerbatim) continue;
      reader.path(
        { start: scalar.start + lead, end: scalar.end },
        {
          kind: "context",
          strength: "hard",
          use: "read",
          key: "dependencies",
          encoding: "json",
          bases: ownFolder,
        },
      );
    }
    return reader.done(json.extract(text, path));
  },
};

/** tsconfig.json and its likes: what is compiled, what it extends. */
export const typescriptConfig: Extractor = {
  format: "tsconfig",
  version: 2,
  matches: (path) => /(?:^|\/)(?:ts|js)config(?:[.-][\w.-]+)?\.json$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    for (const scalar of applyRules(reader, jsonScalars(text).scalars, typescriptRules)) {
      if (!fits(scalar.keys, "extends") && !fits(scalar.keys, "extends", "#")) continue;
      // Without `./` it is a package.
      if (!scalar.value.startsWith(".")) reader.claim(scalar);
      else
        reader.scalar(scalar, {
          kind: "include",
          strength: "hard",
          use: "read",
          key: "extends",
          bases: ownFolder,
        });
    }
    return reader.done(json.extract(text, path));
  },
};

const workspaceFolder =
  /^\$\{(?:workspaceFolder|workspaceRoot|localWorkspaceFolder|containerWorkspaceFolder)\}\/*/;

/** `.vscode` files: `${workspaceFolder}` is the folder that holds `.vscode`. */
export const editorSettings: Extractor = {
  format: "vscode",
  version: 2,
  matches: (path) => /(?:^|\/)\.vscode\/[^/]+\.json$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    for (const scalar of jsonScalars(text).scalars) {
      if (isExtensionName(scalar)) reader.claim(scalar);
      else if (fits(scalar.keys, "configurations", "#", "module")) enterModule(reader, scalar);
      else enterWorkspacePath(reader, scalar);
    }
    return reader.done(json.extract(text, path));
  },
};

/** The module that a launch configuration debugs, as `python -m` finds it from the workspace. */
function enterModule(reader: SpecialReader, scalar: Scalar): void {
  if (startedModule(["python", "-m", scalar.value]) === undefined || !scalar.isVerbatim) return;
  reader.scalar(scalar, {
    kind: "module",
    strength: "soft",
    use: "run",
    bases: workspace,
    encoding: "dotted",
  });
}

/** `publisher.name` of an extension. */
function isExtensionName({ keys }: Scalar): boolean {
  return /^(?:recommendations|unwantedRecommendations|extensions)$/.test(String(keys.at(-2)));
}

function enterWorkspacePath(reader: SpecialReader, scalar: Scalar): void {
  const lead = workspaceFolder.exec(scalar.value)?.[0].length;
  if (lead === undefined) return;
  reader.claim(scalar);
  const rest = withHoles(scalar.value.slice(lead)).replace(/:[^/]*$/, "");
  if (rest === "" || !scalar.isVerbatim || /[\s;]/.test(rest)) return;
  const end = scalar.start + lead + Buffer.byteLength(rest);
  const isWhole = !rest.includes("{…}");
  reader.path(
    { start: scalar.start + lead, end: isWhole ? end : scalar.end },
    {
      kind: "value",
      strength: "soft",
      use: "read",
      key: scalar.keys.filter((key) => typeof key === "string").join("."),
      encoding: "json",
      path: rest,
      bases: workspace,
    },
  );
}

/** devcontainer.json: the image it builds, what it runs and mounts. */
export const devContainer: Extractor = {
  format: "devcontainer",
  version: 2,
  matches: (path) => /(?:^|\/)\.?devcontainer(?:\/[\w.-]+)?(?:\/devcontainer)?\.json$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    const { scalars } = jsonScalars(text);
    const one = (...keys: string[]): Scalar | undefined =>
      scalars.find((scalar) => fits(scalar.keys, ...keys));
    const dockerfile = one("build", "dockerfile") ?? one("dockerFile");
    const context = one("build", "context") ?? one("context");
    const meaning = { kind: "value", strength: "hard", use: "read", bases: ownFolder } as const;
    for (const scalar of scalars) {
      if (isExtensionName(scalar)) reader.claim(scalar);
      else if (scalar === dockerfile || scalar === context)
        reader.scalar(scalar, { ...meaning, key: "build" });
      else if (fits(scalar.keys, "dockerComposeFile") || fits(scalar.keys, "dockerComposeFile", "#"))
        reader.scalar(scalar, { ...meaning, key: "dockerComposeFile" });
      else if (/^(?:\w+Command)$/.test(String(scalar.keys[0])) && scalar.keys.length === 1)
        reader.shell([scalar], { ...projectStart, bases: workspace, cwdBase: "root" });
      else if (
        fits(scalar.keys, "image") ||
        fits(scalar.keys, "features", "**") ||
        fits(scalar.keys, "mounts", "**")
      )
        reader.claim(scalar);
      else enterWorkspacePath(reader, scalar);
    }
    if (dockerfile !== undefined) {
      reader.builds.push({
        line: reader.lineOf(dockerfile.start),
        context: context === undefined ? "." : withHoles(context.value),
        dockerfile: withHoles(dockerfile.value),
        bases: [...ownFolder],
      });
    }
    return reader.done(json.extract(text, path));
  },
};
