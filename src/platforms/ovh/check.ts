import type { Ask, Finding } from "../action.ts";
import { knownGpu } from "../gpu.ts";
import { neededSecrets } from "./job.ts";
import { tagFinding } from "../pushed-image.ts";
import { ovhFlavours, type OvhSettings } from "./schema.ts";
import { runPrefix, stageBefore } from "./stages.ts";

type Flavour = { id?: string; max?: number };

/** `max` of a flavour in `ovhai capabilities flavor list --output json`, whatever its nesting. */
function mostOf(text: string, flavour: string): number | undefined {
  try {
    const listed = JSON.parse(text) as Flavour[] | { flavors?: Flavour[] };
    const all = Array.isArray(listed) ? listed : (listed.flavors ?? []);
    const found = all.find((one) => one.id === flavour);
    return found === undefined ? 0 : (found.max ?? undefined);
  } catch {
    return undefined;
  }
}

async function hasObjects(
  ask: Ask,
  settings: OvhSettings,
  bucket: string,
  prefix: string,
): Promise<{ names: string[] } | "denied"> {
  const said = await ask([
    "ovhai",
    "bucket",
    "object",
    "list",
    `${bucket}@${settings.region}`,
    "--prefix",
    prefix,
    "--output",
    "json",
  ]);
  if (said === undefined || said.status !== 0) return "denied";
  try {
    const listed = JSON.parse(said.stdout === "" ? "[]" : said.stdout) as { name?: string }[];
    return { names: listed.flatMap(({ name }) => (name === undefined ? [] : [name])) };
  } catch {
    return "denied";
  }
}

/** Looks at account, quota, image, data, predecessor and secrets by `ovhai`; changes nothing. */
export async function checkOvh(settings: OvhSettings, ask: Ask): Promise<Finding[]> {
  const account = await ask(["ovhai", "datastore", "list"]);
  if (account === undefined) return [{ name: "account", state: "unknown", found: "ovhai is not installed" }];
  if (account.status !== 0) {
    return [
      {
        name: "account",
        state: "wrong",
        found: "ovhai is not signed in, or its token has run out",
        code: "E_PLATFORM_CREDENTIALS",
        hint: "Sign in again: ovhai login.",
      },
    ];
  }
  const findings: Finding[] = [{ name: "account", state: "ok", found: "signed in" }];
  findings.push(await quota(settings, ask));
  findings.push(await image(settings, ask));
  findings.push(...(await data(settings, ask)));
  const before = stageBefore(settings.stage);
  if (before !== undefined) findings.push(await predecessor(settings, before, ask));
  findings.push(await secrets(settings, ask));
  return findings;
}

async function quota(settings: OvhSettings, ask: Ask): Promise<Finding> {
  const { flavour } = knownGpu(settings.gpu, ovhFlavours, "OVH AI Training");
  const said = await ask(["ovhai", "capabilities", "flavor", "list", "--output", "json"]);
  const most = said?.status === 0 ? mostOf(said.stdout, flavour) : undefined;
  if (most === undefined) return { name: "quota", state: "unknown", found: `flavours cannot be listed` };
  return most >= settings.gpus
    ? { name: "quota", state: "ok", found: `${flavour}: up to ${most}` }
    : {
        name: "quota",
        state: "wrong",
        found: `${flavour}: ${settings.gpus} asked for, the account has ${most}`,
        code: "E_PLATFORM_RESOURCE",
        hint: "Ask OVHcloud for a larger quota, or take another GPU.",
      };
}

async function image(settings: OvhSettings, ask: Ask): Promise<Finding> {
  const said = await ask(["docker", "manifest", "inspect", settings.image]);
  if (said === undefined) return { name: "image", state: "unknown", found: "docker is not installed" };
  return said.status === 0
    ? ((await tagFinding(settings.image, ask)) ?? { name: "image", state: "ok", found: settings.image })
    : {
        name: "image",
        state: "wrong",
        found: `${settings.image} is not in its registry, or this machine may not read it`,
        code: "E_PLATFORM_IMAGE",
        hint: "Push it: training-ready platform ovh image push.",
      };
}

async function data(settings: OvhSettings, ask: Ask): Promise<Finding[]> {
  const { data_container: bucket, data_prefix: prefix } = settings;
  const listed = await hasObjects(ask, settings, bucket, prefix);
  const found = `${bucket}@${settings.region}/${prefix}`;
  if (listed === "denied")
    return [{ name: "data", state: "wrong", found: `${found} cannot be listed`, code: "E_SYNC_DENIED" }];
  return [
    listed.names.some((name) => name.endsWith("manifest.json"))
      ? { name: "data", state: "ok", found: `${found}: ${listed.names.length} objects` }
      : {
          name: "data",
          state: "wrong",
          found: `${found} holds no data set (manifest.json)`,
          code: "E_PLATFORM_DATA",
          hint: "Send one: training-ready platform ovh data upload FOLDER.",
        },
  ];
}

async function predecessor(settings: OvhSettings, before: string, ask: Ask): Promise<Finding> {
  const prefix = `${runPrefix(settings, before)}hf/`;
  const listed = await hasObjects(ask, settings, settings.checkpoint_container, prefix);
  return listed !== "denied" && listed.names.some((name) => name.endsWith("config.json"))
    ? { name: "stage before", state: "ok", found: before }
    : {
        name: "stage before",
        state: "wrong",
        found: `${settings.stage} needs the weights of ${before}; ${settings.checkpoint_container}/${prefix} holds none`,
        code: "E_PLATFORM_STAGE",
      };
}

async function secrets(settings: OvhSettings, ask: Ask): Promise<Finding> {
  const needed = neededSecrets(settings);
  const listed = await hasObjects(ask, settings, settings.secrets_container, "");
  const absent = listed === "denied" ? needed : needed.filter((name) => !listed.names.includes(name));
  if (absent.length === 0) return { name: "secrets", state: "ok", found: needed.join(", ") };
  return {
    name: "secrets",
    state: "wrong",
    found: `${settings.secrets_container} lacks ${absent.join(", ")}`,
    code: "E_PLATFORM_CREDENTIALS",
    hint: `From a folder with one file of mode 0600 a secret: ovhai bucket object upload ${settings.secrets_container}@${settings.region} ${absent[0]}.`,
  };
}
