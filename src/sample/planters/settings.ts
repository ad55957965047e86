import type { World } from "../world.ts";
import { spell, Subjects } from "./subjects.ts";

/** YAML, TOML, JSON and requirements with a mention of every class; which package holds which file varies. */
export function plantSettings(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("settings");
  const subjects = new Subjects(w, random.fork("subjects"));
  const folders = random.shuffle([n.therapeutic, n.lightning, n.home, n.ovh]);
  const quote = random.pick(['"', "'", ""]);
  const wrap = (text: string): string => `${quote}${text}${quote}`;

  const yaml = `${folders[0]}/${random.pick(["evaluation.yaml", "sweep.yml", "curriculum.yaml"])}`;
  const toml = `${folders[1]}/${random.pick(["profile.toml", "run.toml", "launcher.toml"])}`;
  const json = `${folders[2]}/${random.pick(["bundle.json", "inventory.json", "release.json"])}`;
  const spellings = [0, 1, 2].map(() => random.pick(["documented", "documented", "relative"] as const));
  const from = (kind: string, file: string): string =>
    spell(w, subjects.take(kind), file, spellings[[yaml, toml, json].indexOf(file)] ?? "documented");
  w.file(
    yaml,
    `# Values for the evaluation.
seed: ${random.integer(1, 99)}
script: ${wrap(from("script", yaml))}
config: ${wrap(from("settings", yaml))}
loader: ${wrap(from("oldScript", yaml))}
train_file: ${wrap(from("data", yaml))}
base_model: ${wrap(w.reference("mistralai/Mistral-Nemo-Base-2407", "external"))}
output_dir: ${wrap(w.reference(`runs/evaluation-${random.integer(1, 9)}`, "generated", undefined, { accept: ["unknown", "placeholder"] }))}
local_copy: ${wrap(from("machine", yaml))}
remote:
  - ${wrap(from("external", yaml))}
documents:
  - ${wrap(from("document", yaml))}
  - ${wrap(from("oldDocument", yaml))}
`,
    { stage: "notes" },
  );

  const tomlQuote = random.pick(['"', "'"]);
  const inToml = (kind: string): string => `${tomlQuote}${from(kind, toml)}${tomlQuote}`;
  w.file(
    toml,
    `title = "One run, start to end"
entry = ${inToml("script")}

[inputs]
config = ${inToml("settings")}
data = ${inToml("data")}
guide = ${inToml("oldDocument")}

[elsewhere]
checkpoint = ${inToml("machine")}
mirror = ${inToml("external")}
example = ${inToml("placeholder")}
`,
    { stage: "notes" },
  );

  const inJson = (kind: string): string => `"${from(kind, json)}"`;
  const provenance = spell(
    w,
    { ...subjects.take("oldScript"), class: "provenance", more: {} },
    json,
    "documented",
  );
  const declared = spell(w, { ...subjects.take("data"), class: "declared-missing" }, json, "documented");
  w.file(
    json,
    `{
  "synthetic": true,
  "documents": [${inJson("document")}, ${inJson("document")}, ${inJson("oldDocument")}],
  "launch": {"script": ${inJson("script")}, "config": ${inJson("settings")}},
  "${random.pick(["copied_from", "original_path", "original_location"])}": "${provenance}",
  "${random.pick(["missing", "missing_files", "not_in_repository"])}": ["${declared}"],
  "mirror": ${inJson("external")}
}
`,
    { stage: "notes" },
  );
}
