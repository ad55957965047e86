import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { deploymentLines, platforms, writeDeployments } from "../../src/platforms/index.ts";
import { root, runIn, scratch } from "./run-platform.ts";

const home = scratch({ "training-ready.yaml": "version: 1\n", "exported/tiny.gguf": "GGUF" });
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("the deployments of a trained model", () => {
  it("are written for every platform, each with a script that starts it by the commands of the program", async () => {
    const input = { home, gguf: join(home, "exported/tiny.gguf"), name: "tiny", isSmall: true };
    const written = await writeDeployments({ ...input, product: { root, version: "0.1.0" } });
    expect(written.map((one) => one.platform)).toEqual(platforms.map(({ name }) => name));
    const log = join(home, "log");
    for (const program of ["docker", "kubectl", "ovhai", "lightning", "sbatch"]) {
      const path = join(home, "bin", program);
      spawnSync("mkdir", ["-p", join(home, "bin")]);
      writeFileSync(
        path,
        `#!/bin/sh\nfor word in "${program}" "$@"; do printf '%s\\0' "$word"; done >> "${log}"\nprintf '\\n' >> "${log}"\n`,
        { mode: 0o755 },
      );
    }
    for (const { platform, command, files } of written) {
      expect(files).toContain("start.sh");
      writeFileSync(log, "");
      const [program = "", ...words] = command.split(" ");
      const said = spawnSync(program, words, {
        cwd: home,
        env: { PATH: `${join(home, "bin")}:${process.env["PATH"]}` },
        encoding: "utf8",
      });
      expect({ platform, status: said.status, stderr: said.stderr }).toEqual({
        platform,
        status: 0,
        stderr: "",
      });
      const ran = readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split("\0").slice(0, -1));
      // The same argv as the program's own command with the settings that were written.
      const own = await runIn(home, [
        "platform",
        platform,
        "app",
        "deploy",
        "--out",
        `deploy/${platform}`,
        "--json",
      ]);
      expect(own).toMatchObject({ code: 0, err: "" });
      const { commands } = JSON.parse(own.out) as { commands: string[][] };
      const relative = commands.map((argv) => argv.map((word) => word.replaceAll(`${home}/`, "")));
      expect(ran.slice(-relative.length)).toEqual(relative);
    }
    const lines = deploymentLines(home, home, written).trim().split("\n");
    expect(lines).toHaveLength(platforms.length);
    expect(lines.at(-1)).toBe("Docker           cd . && bash deploy/docker/start.sh");
    expect(readFileSync(join(home, "deploy/docker/models/model.gguf"), "utf8")).toBe("GGUF");
    expect(readFileSync(join(home, "platforms/kubernetes.yaml"), "utf8")).toContain(
      "model: /models/model.gguf",
    );
  });
});
