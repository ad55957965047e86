import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runIn, scratch, type Outcome } from "./run-platform.ts";
import { standIns } from "./stand-ins.ts";

const [here, there] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
let folder = "";
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A docker that has built the training image and pushed it as `local`, where the registry holds `remote`. */
function docker(local: string | null, remote: string | null, buildx = true): NodeJS.ProcessEnv {
  folder = scratch();
  const environment = standIns(folder);
  mkdirSync(join(folder, "bin"), { recursive: true });
  const digests = local === null ? "[]" : JSON.stringify([`registry.example.org/x@${local}`]);
  const script = [
    "#!/bin/sh",
    `printf '%s\\n' "$*" >> "${folder}/docker.log"`,
    'case "$*" in',
    '  "info "*) echo 28.0.0;;',
    `  "image inspect "*training:*) echo '${digests}';;`,
    '  "image inspect "*) exit 1;;',
    ...(remote === null || !buildx
      ? ['  "buildx "*) exit 1;;']
      : [`  "buildx imagetools inspect "*) echo '{"digest":"${remote}","size":1}';;`]),
    ...(remote === null
      ? ['  "manifest "*) exit 1;;']
      : [`  "manifest inspect "*) echo '{"Descriptor": {"digest": "${remote}"}}';;`]),
    "esac",
    "",
  ].join("\n");
  writeFileSync(join(folder, "bin/docker"), script);
  chmodSync(join(folder, "bin/docker"), 0o755);
  return environment;
}
const push = (environment: NodeJS.ProcessEnv): Promise<Outcome> =>
  runIn(folder, ["platform", "docker", "image", "push", "--apply"], environment);
const pushed = (): boolean => /^push /m.test(readFileSync(join(folder, "docker.log"), "utf8"));

describe("an image tag that the registry has already", () => {
  it.each([
    ["with other contents", here, true],
    ["with other contents, asked without buildx", here, false],
    ["and an image built here that was never pushed", null, true],
  ])("%s: refused with a hint, nothing pushed", async (_, local, buildx) => {
    const { code, err } = await push(docker(local, there, buildx));
    expect(code).toBe(1);
    expect(err).toContain("E_PLATFORM_IMAGE: registry.example.org/training-ready/training:0.1.0");
    expect(err).toContain("other contents under this tag (sha256:bbbbbbbbbbbb…); nothing was submitted");
    expect(err).toContain("Take a new tag");
    expect(pushed()).toBe(false);
  });

  it("with the same contents, or a new tag: pushed", async () => {
    expect((await push(docker(here, here))).code).toBe(0);
    expect(pushed()).toBe(true);
    rmSync(folder, { recursive: true });
    expect((await push(docker(null, null))).code).toBe(0);
    expect(pushed()).toBe(true);
  });
});

describe("digests of the images that others make", () => {
  const digests = `image_digests: { "node:22.12.0-bookworm-slim": "${here}", "redis:7.4.1-bookworm": "${there}" }\n`;

  it("pin every place that names the image, and check says which are missing", async () => {
    const environment = docker(null, null);
    mkdirSync(join(folder, "platforms"));
    writeFileSync(join(folder, "docker.yaml"), digests);
    const words = ["--settings", "docker.yaml"];
    expect(
      (
        await runIn(
          folder,
          ["platform", "docker", "render", ...words, "--out", "out", "--apply"],
          environment,
        )
      ).code,
    ).toBe(0);
    const training = readFileSync(join(folder, "out/training.Dockerfile"), "utf8");
    expect(training.match(/^FROM .*/gm)).toEqual([
      `FROM node:22.12.0-bookworm-slim@${here} AS modules`,
      `FROM node:22.12.0-bookworm-slim@${here}`,
    ]);
    expect(readFileSync(join(folder, "out/compose.yaml"), "utf8")).toContain(
      `image: redis:7.4.1-bookworm@${there}`,
    );
    const { code, out } = await runIn(
      folder,
      ["platform", "docker", "check", ...words, "--json"],
      environment,
    );
    expect(code).toBe(0);
    const { findings } = JSON.parse(out) as {
      findings: { name: string; state: string; found: string }[];
    };
    const states = Object.fromEntries(findings.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ node_image: "ok", redis_image: "ok", postgres_image: "unknown" });
    expect(findings.find(({ name }) => name === "postgres_image")?.found).toContain("no digest stands in");
    expect(existsSync(join(folder, "out/secrets"))).toBe(false);
  });

  it("are asked of the registries, one line an image", async () => {
    const { out } = await runIn(folder || scratch(), ["platform", "docker", "image", "digests"]);
    expect(out).toContain(`'"postgres:17.2-bookworm": {{.Manifest.Digest}}' postgres:17.2-bookworm`);
  });

  it("are refused for an image that is not used, with the nearest", async () => {
    const environment = docker(null, null);
    writeFileSync(join(folder, "docker.yaml"), `image_digests: { "redis:7.4.2-bookworm": "${here}" }\n`);
    const { code, err } = await runIn(
      folder,
      ["platform", "docker", "render", "--settings", "docker.yaml"],
      environment,
    );
    expect(code).toBe(1);
    expect(err).toContain("redis:7.4.2-bookworm is none of the images. Did you mean redis:7.4.1-bookworm?");
  });
});
