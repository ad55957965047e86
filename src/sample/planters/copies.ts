import type { Stage } from "../stages.ts";
import type { World } from "../world.ts";
import { chatFormat } from "../content/chat-format.ts";

/** Copies beside those of the packages: one that stayed behind, exact ones, and some that differ in form alone. */
export function plantCopies(w: World): void {
  plantBehind(w);
  plantExact(w);
  plantForms(w);
  plantCollisions(w);
}

const versionStages: readonly Stage[] = ["pipelines", "tuning", "service", "manifests", "v5"];

/** A module in five versions, and a copy of one of them that nobody brought up to date. */
function plantBehind(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("behind");
  const last = random.integer(3, 5);
  const kept = random.integer(1, last - 1);
  const original = `${n.pipelines}/shared/chat_format.py`;
  const copy = `${random.pick([n.ovh, `${n.lightning}/scripts`, `${n.home}/scripts`])}/${random.pick(["chat_format.py", "chat_format.py", "chatml.py"])}`;
  for (let version = 1; version <= last; version++)
    w.file(original, chatFormat(version), { stage: versionStages[version - 1] as Stage });
  w.file(copy, chatFormat(kept), { stage: "data" });
  w.copy({
    a: copy,
    b: original,
    relations: ["older"],
    stages: [versionStages[kept - 1] as Stage],
    behind: last - kept,
  });
}

function plantExact(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("exact");
  const rubric = `# Rubric

| score | the answer |
|---|---|
| 1 | ignores what the client said |
| 2 | repeats it |
| 3 | takes it up and asks one open question |
`;
  const homes = [`${n.therapeutic}/docs`, `${n.lightning}/notes`, `${n.ovh}/notes`, `${n.pipelines}/shared`];
  for (const [index, folder] of random.sample(homes, random.integer(2, 4)).entries())
    w.file(`${folder}/${index === 0 ? "RUBRIC.md" : random.pick(["RUBRIC.md", "rubric-copy.md"])}`, rubric, {
      stage: "notes",
    });
  // Equal on purpose: nobody's duplicates.
  w.file(`${n.ovh}/logs/.gitkeep`, "", { stage: "ovh" });
  w.file(`${n.pipelines}/shared/.gitkeep`, "", { stage: "pipelines" });
}

function plantForms(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("forms");
  const [one, two] = random.sample(
    [`${n.pipelines}/shared`, `${n.lightning}/notes`, `${n.therapeutic}/data`],
    2,
  );
  const forms: (() => [string, string, string])[] = [
    () => {
      const text = "tone: calm\nquestions: 1\nlength: short\nlanguage: en\nadvice: none\nreview: weekly\n";
      return ["style.yaml", text, text.replaceAll("\n", "\r\n")];
    },
    () => {
      const text =
        "Ask one question at a time.\nName the feeling before the fact.\nNever promise an outcome.\nEnd with a summary of what was said.";
      return ["house-rules.txt", text, `${text}\n`];
    },
    () => {
      const values = { loss: 1.25, perplexity: 3.49, refused: 0.02, empathy: 0.81, samples: 400 };
      return ["last-evaluation.json", JSON.stringify(values), `${JSON.stringify(values, null, 2)}\n`];
    },
  ];
  for (const form of random.sample(forms, 2)) {
    const [name, first, second] = form();
    w.file(`${one}/${name}`, first, { stage: "notes" });
    w.file(`${two}/${name}`, second, { stage: "notes" });
    w.copy({ a: `${one}/${name}`, b: `${two}/${name}`, relations: ["format-only"] });
  }
}

function plantCollisions(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("collisions");
  w.collisions.push({ kind: "pypi", name: n.vanished.slice(3), paths: [n.vanished] });
  for (const name of [
    "inference_service",
    "train_moe_h100",
    "moe_architecture",
    "therapeutic_progress_tracker",
  ]) {
    const paths = [...w.files.keys()].filter(
      (path) => path.endsWith(`/${name}.py`) && !path.startsWith(`${n.vanished}/`),
    );
    w.collisions.push({ kind: "module", name, paths: paths.sort() });
  }
  // Not in the default sample: a disk that folds case could not hold both.
  if (n.isDefault || random.chance(0.4)) return;
  const folder = `${n.ovh}/notes`;
  w.file(`${folder}/Setup.md`, "# Set up\n\nAsk for an account first, it takes a day.\n", { stage: "notes" });
  w.file(`${folder}/SETUP.md`, "# Setting up the cloud\n\nRegion, quota, bucket: in this order.\n", {
    stage: "notes",
  });
  w.collisions.push({ kind: "case", name: "setup.md", paths: [`${folder}/SETUP.md`, `${folder}/Setup.md`] });
}
