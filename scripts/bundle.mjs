// Joins the 400 modules that an audit loads into one file, and keeps V8's compiled form of it beside it: finding, loading
// and compiling them costs a quarter of what the audit of an unchanged repository does. The modules stay as they are.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { setFlagsFromString } from "node:v8";
import { build } from "esbuild";
import { compiledFile, joinedFile, loadJoined } from "../bin/load-joined.mjs";
import { root } from "./setup.mjs";

/** Other commands, should one be asked for, are loaded from their modules. */
const only = (command) => ({
  name: "only-one-command",
  setup(run) {
    run.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
      const file = resolve(resolveDir, path);
      if (kind !== "dynamic-import" || file === join(root, "dist/cli", `${command}.js`)) return undefined;
      const below = relative(dirname(joinedFile), file).split(sep).join("/");
      return { path: below, external: true };
    });
  },
});

// Without comments and indents half the bytes are read at each start, and sent to each image that is built. The maps go
// on naming the sources.
await build({
  absWorkingDir: root,
  entryPoints: ["dist/**/*.js"],
  outdir: "dist",
  allowOverwrite: true,
  minifyWhitespace: true,
  sourcemap: true,
  target: "node20",
  logLevel: "warning",
});

await build({
  absWorkingDir: root,
  entryPoints: [join(root, "dist/cli/main.js")],
  outfile: joinedFile,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  mainFields: ["module", "main"],
  banner: { js: "((module, require) => {" },
  footer: { js: "})" },
  plugins: [only("audit")],
  logLevel: "warning",
});

// Functions that ran are in the compiled form too: audits of a sample run most. The flag is that of bin/training-ready.
setFlagsFromString("--interrupt-budget=500000");
const folder = mkdtempSync(join(tmpdir(), "training-ready-build-"));
const sample = join(folder, "sample");
process.env["TRAINING_READY_CACHE"] = join(folder, "cache");
const { main, script } = loadJoined();
const write = process.stdout.write;
process.stdout.write = () => true;
try {
  const program = await import("../dist/cli/main.js");
  await program.main(["sample", sample]);
  let ran = process.exitCode === 0;
  for (const form of [[], ["--json"], ["--json"]]) {
    await main(["audit", "--repo", sample, "--fail-on", "never", ...form]);
    ran &&= process.exitCode === 0;
  }
  // Without git there is no sample: the joined file is then compiled anew by every audit.
  if (ran) writeFileSync(compiledFile, script.createCachedData());
} finally {
  process.exitCode = 0;
  process.stdout.write = write;
  rmSync(folder, { recursive: true, force: true });
}
