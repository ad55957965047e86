import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { checkedYaml, sha256, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import {
  draftConfiguration,
  policySchema,
  resourcesSchema,
  type SafetyConfiguration,
} from "./configuration.ts";
import { signOffSchema, standingOf, type SignOff, type Standing } from "./sign-off.ts";

/** Where a home keeps its safety configuration and its sign-off. */
export const safetyPaths = (home: string) => {
  const folder = join(home, "safety");
  return {
    folder,
    policy: join(folder, "policy.yaml"),
    resources: join(folder, "resources.yaml"),
    signOff: join(folder, "sign-off.json"),
  };
};

export type HomeSafety = {
  configuration: SafetyConfiguration;
  /** False: the home has none of its own, and the drafts that ship are used. */
  isOwn: boolean;
  standing: Standing;
};

/** Whether a home has safety files of its own. Throws `E_SAFETY_CONFIG` where one of the two is missing. */
export function hasSafety(home: string): boolean {
  const { policy, resources } = safetyPaths(home);
  const [hasPolicy, hasResources] = [existsSync(policy), existsSync(resources)];
  if (hasPolicy !== hasResources)
    throw new TrainingReadyError("E_SAFETY_CONFIG", `${hasPolicy ? resources : policy} is missing`, {
      exitCode: 1,
      hint: "Restore it, or let `training-ready serve safety init` write its draft.",
    });
  return hasPolicy;
}

async function readSignOff(path: string): Promise<SignOff | undefined | { broken: string }> {
  if (!existsSync(path)) return undefined;
  try {
    const parsed = signOffSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    return { broken: `sign-off.json does not fit its schema${where === "" ? "" : ` at ${where}`}` };
  } catch {
    return { broken: "sign-off.json cannot be read" };
  }
}

/** A home's safety configuration, or the drafts, and how its sign-off stands. Throws `E_SAFETY_CONFIG`. */
export async function readSafety(home: string): Promise<HomeSafety> {
  const paths = safetyPaths(home);
  const isOwn = hasSafety(home);
  let configuration = draftConfiguration;
  if (isOwn) {
    const code = "E_SAFETY_CONFIG";
    const checked = { fileName: paths.policy, schema: policySchema, code } as const;
    const { texts, thresholds, language, languages } = checkedYaml(
      await readFile(paths.policy, "utf8"),
      checked,
    );
    const { resources } = checkedYaml(await readFile(paths.resources, "utf8"), {
      fileName: paths.resources,
      schema: resourcesSchema,
      code,
    });
    configuration = { texts, thresholds, language, languages, resources };
  }
  const signOff = await readSignOff(paths.signOff);
  const standing: Standing =
    signOff !== undefined && "broken" in signOff
      ? { state: "broken", signOff: undefined, changes: [], reasons: [signOff.broken] }
      : standingOf(signOff, configuration);
  return { configuration, isOwn, standing };
}

const heading = (schema: string, lines: readonly string[]): string =>
  [schema, ...lines].map((line) => `# ${line}\n`).join("");

/** Writes the drafts that ship into a home, where a file is missing; gives what was written. Throws `E_SAFETY_EXISTS`, `E_FILE_MISSING`. */
export async function initSafety(home: string): Promise<string[]> {
  if (!existsSync(home))
    throw new TrainingReadyError("E_FILE_MISSING", `${home} does not exist`, { exitCode: 1 });
  const { policy, resources } = safetyPaths(home);
  const { texts, thresholds, language, languages, resources: rows } = draftConfiguration;
  const files: readonly [string, string][] = [
    [
      policy,
      heading("Schema: schemas/safety-policy.schema.json of training-ready.", [
        "DRAFTS: what is said to people at risk, and when. A clinician must review every line, then sign with",
        "`training-ready serve safety sign`. {emergency} and {line} are filled in by country; `metadata.locale`",
        "chooses the language. Take out a language that nobody of yours can review.",
      ]) + stringify({ version: 1, thresholds, language, texts, languages }, { lineWidth: 100 }),
    ],
    [
      resources,
      heading("Schema: schemas/safety-resources.schema.json of training-ready.", [
        "DRAFTS from general knowledge, none verified. Call each line or read its own page, then fill in source,",
        "verified_at (a day) and verified_by (a person).",
      ]) + stringify({ version: 1, resources: rows }, { lineWidth: 100 }),
    ],
  ];
  const missing = files.filter(([path]) => !existsSync(path));
  if (missing.length === 0)
    throw new TrainingReadyError("E_SAFETY_EXISTS", `${safetyPaths(home).folder} holds its files already`);
  for (const [path, text] of missing) await writeFileAtomic(path, text);
  return missing.map(([path]) => path);
}

/** Records a sign-off in a home; an earlier one is kept in `safety/earlier`. */
export async function writeSignOff(home: string, signOff: SignOff): Promise<string> {
  const { folder, signOff: path } = safetyPaths(home);
  if (existsSync(path)) {
    const earlier = await readFile(path, "utf8");
    await writeFileAtomic(join(folder, "earlier", `sign-off-${sha256(earlier).slice(0, 16)}.json`), earlier);
  }
  await writeFileAtomic(path, `${JSON.stringify(signOff, null, 2)}\n`);
  return path;
}
