// Installs and builds what is missing: packages keyed on the lock file, dist/ on a hash of the sources.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text) => process.stderr.write(`${text}\n`);

function fail(message, hint) {
  say(`${message}\n${hint}`);
  process.exit(2);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`E_SETUP: Node ${process.versions.node} is too old.`, "Install Node 20.19 or newer.");
  }
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex");
}

function filesBelow(folder) {
  const found = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...filesBelow(path));
    else found.push(path);
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

const marker = (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "");

function timed(label, action) {
  const started = Date.now();
  say(`${label} …`);
  action();
  say(`${label}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

export function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options }).status ?? 1;
}

/** A program of node_modules/.bin. */
export const bin = (name) => join(root, "node_modules", ".bin", name);

export function install() {
  const wanted = hashOf(["package.json", "package-lock.json"]);
  if (marker("node_modules/.training-ready-lock") === wanted) return;
  timed("Installing packages from the npm registry", () => {
    // npm 10 and 11 differ in which of these they know; both ignore the others.
    if (run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"]) !== 0) {
      fail(
        "E_SETUP: npm ci failed.",
        "Check the network connection to your npm registry, then run the command again.",
      );
    }
    writeFileSync(join(root, "node_modules/.training-ready-lock"), wanted);
  });
}

export function build() {
  const settings = ["package-lock.json", "tsconfig.json", "tsconfig.build.json", "scripts/bundle.mjs"];
  const wanted = hashOf([...settings, ...filesBelow("src")]);
  if (marker("dist/.built-from") === wanted) return;
  timed("Building dist/", () => {
    rmSync(join(root, "dist"), { recursive: true, force: true });
    const isBuilt =
      run(bin("tsc"), ["-p", "tsconfig.build.json"]) === 0 &&
      run(process.execPath, ["scripts/bundle.mjs"]) === 0;
    if (!isBuilt) {
      fail(
        "E_SETUP: the build failed.",
        "The lines above name the file; `git status` shows what was changed.",
      );
    }
    mkdirSync(join(root, "dist"), { recursive: true });
    writeFileSync(join(root, "dist/.built-from"), wanted);
  });
}

export function setUp() {
  checkNode();
  install();
  build();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
