import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Tools from npm at exact versions; none of them is a dependency of this project. */
export const packages = {
  jscpd: "5.3.3",
  pyright: "1.1.414",
  "remark-cli": "12.0.1",
  "remark-validate-links": "13.1.0",
} as const;

/** Installs the npm tools into the cache folder unless they are there. Gives `node_modules`, or why there is none. */
export function installPackages(cache: string): { modules: string } | { reason: string } {
  const folder = join(cache, "peers", Object.values(packages).join("-"));
  const modules = join(folder, "node_modules");
  const isThere = Object.entries(packages).every(([name, version]) => {
    const file = join(modules, name, "package.json");
    return (
      existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version === version
    );
  });
  if (isThere) return { modules };
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ private: true, dependencies: packages })}\n`,
  );
  const ran = spawnSync(
    "npm",
    ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  if (ran.status === 0) return { modules };
  const line = (ran.stderr ?? "").split("\n").find((one) => /^npm err/i.test(one));
  return {
    reason: `npm install failed (is there a network?): ${line ?? ran.error?.message ?? "no reason given"}`,
  };
}

/** The version that a system's tool gives of itself; undefined if it is not installed. */
export function installedVersion(command: string): string | undefined {
  const ran = spawnSync(command, ["--version"], { encoding: "utf8" });
  if (ran.error !== undefined) return undefined;
  return /\d+\.\d+(?:\.\d+)?/.exec(`${ran.stdout}${ran.stderr}`)?.[0] ?? "of unknown version";
}
