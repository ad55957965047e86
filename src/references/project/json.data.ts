import { type Rule, rule } from "./rules.ts";

const hard = { strength: "hard" } as const;
const pattern = { kind: "pattern" } as const;
/** Entry files of a package are mostly built, not committed. */
const built = { strength: "weak" } as const;

/** package.json. */
export const packageRules: readonly Rule[] = [
  rule("main", "path", built),
  rule("module", "path", built),
  rule("types", "path", built),
  rule("typings", "path", built),
  rule("browser", "path", built),
  rule("bin", "path", built),
  rule("bin.*", "path", built),
  rule("exports", "path", built),
  rule("exports.**", "path", built),
  rule("files.#", "path", pattern),
  rule("workspaces.#", "path", hard),
  rule("workspaces.packages.#", "path", hard),
  rule("scripts.*", "command"),
  rule("directories.*", "path"),
  rule("repository.**", "text"),
  rule("repository", "text"),
  rule("homepage", "text"),
  rule("name", "text"),
  rule("keywords.#", "text"),
  rule("description", "text"),
  rule("devDependencies.*", "text"),
  rule("peerDependencies.*", "text"),
  rule("jest.roots.#", "path"),
  rule("lint-staged.**", "text"),
  rule("packageManager", "text"),
];

/** tsconfig.json and jsconfig.json. */
export const typescriptRules: readonly Rule[] = [
  rule("files.#", "path", hard),
  rule("include.#", "path", pattern),
  rule("exclude.#", "path", pattern),
  rule("references.#.path", "path", hard),
  rule("compilerOptions.baseUrl", "path"),
  rule("compilerOptions.rootDir", "path"),
  rule("compilerOptions.rootDirs.#", "path"),
  rule("compilerOptions.outDir", "path", { use: "write", strength: "weak" }),
  rule("compilerOptions.outFile", "path", { use: "write", strength: "weak" }),
  rule("compilerOptions.declarationDir", "path", { use: "write", strength: "weak" }),
  rule("compilerOptions.tsBuildInfoFile", "path", { use: "write", strength: "weak" }),
  rule("compilerOptions.paths.*.#", "path"),
  rule("compilerOptions.typeRoots.#", "path"),
  rule("compilerOptions.types.#", "text"),
  rule("compilerOptions.lib.#", "text"),
];
