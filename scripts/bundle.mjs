// Joins the 400 modules that an audit loads into a few files: finding and loading them one by one costs more than half
// of what an unchanged repository's audit computes. The modules stay; `bin/training-ready` prefers these files.
import { join, relative, resolve, sep } from "node:path";
import { build } from "esbuild";
import { root } from "./setup.mjs";

const folder = join(root, "dist/cli/bundled");

/** Other commands, should one be asked for, are loaded from their modules. */
const only = (command) => ({
  name: "only-one-command",
  setup(run) {
    run.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
      const file = resolve(resolveDir, path);
      if (kind !== "dynamic-import" || file === join(root, "dist/cli", `${command}.js`)) return undefined;
      return { path: relative(folder, file).split(sep).join("/"), external: true };
    });
  },
});

await build({
  absWorkingDir: root,
  entryPoints: [join(root, "dist/cli/main.js")],
  outdir: folder,
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // What packages have as ES modules; those in CommonJS ask for Node's own modules by `require`.
  mainFields: ["module", "main"],
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  plugins: [only("audit")],
  logLevel: "warning",
});
