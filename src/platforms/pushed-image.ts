import type { Ask, Finding } from "./action.ts";

/** The digest that a registry has under an image's tag: of its index where it has one. Undefined where it has none. */
export async function remoteDigest(image: string, ask: Ask): Promise<string | undefined> {
  const asked = [
    ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", image],
    ["docker", "manifest", "inspect", "--verbose", image],
  ];
  for (const argv of asked) {
    const said = await ask(argv);
    const digest =
      said?.status === 0 ? /"digest":\s*"(sha256:[0-9a-f]{64})"/.exec(said.stdout)?.[1] : undefined;
    if (digest !== undefined) return digest;
  }
  return undefined;
}

/**
 * Whether the registry holds other contents under the tag of an image that was built here: undefined where it was not
 * built here, or the registry has no such tag yet.
 */
export async function tagFinding(image: string, ask: Ask): Promise<Finding | undefined> {
  const local = await ask(["docker", "image", "inspect", "--format", "{{json .RepoDigests}}", image]);
  if (local === undefined || local.status !== 0) return undefined;
  const digest = await remoteDigest(image, ask);
  if (digest === undefined) return undefined;
  return local.stdout.includes(digest)
    ? { name: image, state: "ok", found: digest }
    : {
        name: image,
        state: "wrong",
        found: `the registry holds other contents under this tag (${digest.slice(0, 19)}…)`,
        code: "E_PLATFORM_IMAGE",
        hint: "Take a new tag: a job that names this one would get either.",
      };
}
