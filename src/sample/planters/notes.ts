import { posix } from "node:path";
import type { Random } from "../random.ts";
import type { World } from "../world.ts";
import { spell, Subjects, type Spelling } from "./subjects.ts";

const openings = [
  "Kept for whoever takes over the next run.",
  "Written down after the review in autumn; figures are estimates.",
  "What the team agreed on, in the order in which it came up.",
  "A short list so that nobody has to ask twice.",
  "Collected while the packages were still in several places.",
  "All dialogues that are mentioned here are synthetic.",
];

type Section = (w: World, file: string, subjects: Subjects, random: Random) => string;

const links: Section = (w, file, subjects, random) => {
  const lead = random.pick(["See also", "Read first", "Background", "Further reading"]);
  const bullet = random.pick(["-", "*"]);
  const entries = [
    ["What is valid today", subjects.take("document")],
    ["Older procedures", subjects.take("oldDocument")],
    [random.pick(["How it is deployed", "Operations", "The plan"]), subjects.take("document")],
  ] as const;
  const lines = random
    .shuffle(entries)
    .map(([title, subject]) => `${bullet} [${title}](${spell(w, subject, file, "relative")})`);
  return `## ${lead}\n\n${lines.join("\n")}\n`;
};

const inlineCode: Section = (w, file, subjects, random) => {
  const spelling: Spelling = random.pick(["documented", "documented", "relative"]);
  const one = spell(w, subjects.take("script"), file, spelling);
  const two = spell(w, subjects.take("oldScript"), file, spelling);
  const three = spell(w, subjects.take("settings"), file, spelling);
  return random.pick([
    `## Who calls whom\n\nThe job starts \`${one}\`, which took over from \`${two}\`. Its values come from \`${three}\`.\n`,
    `## Parts\n\nToday \`${one}\` reads \`${three}\`; the evaluation still expects \`${two}\` beside it.\n`,
    `## Ownership\n\nMara keeps \`${one}\` and \`${three}\`, Jonas keeps \`${two}\`.\n`,
  ]);
};

const commands: Section = (w, file, subjects, random) => {
  const python = random.pick(["python", "python3"]);
  const data = random.pick([
    ` --data ${spell(w, subjects.take("data"), file, "documented")}`,
    ` --input ${spell(w, subjects.take("external"), file, "documented")}`,
    ` --config ${spell(w, subjects.take("placeholder"), file, "documented")}`,
  ]);
  return `## Commands

\`\`\`${random.pick(["bash", "sh", "shell"])}
${python} ${spell(w, subjects.take("script"), file, "documented")}${data}
${python} ${spell(w, subjects.take("oldScript"), file, "documented")} --check
\`\`\`
`;
};

const tree: Section = (w, _file, _subjects, random) => {
  const { names: n } = w;
  const folder = `${n.therapeutic}/training_scripts`;
  const there = (name: string): string => w.resolves(name, `${folder}/${name}`);
  const gone = random.pick(["evaluate_runs.py", "merge_adapters.py", "export_gguf.py"]);
  const [middle, last] = random.pick([
    ["├── ", "└── "],
    ["|-- ", "`-- "],
  ] as const);
  const names = [
    ...random
      .sample(
        ["train_optimized.py", "moe_architecture.py", "inference_service.py", "training_optimizer.py"],
        3,
      )
      .map(there),
    w.reference(gone, "stale", `${folder}/${gone}`),
  ];
  const lines = random.shuffle(names).map((name, index) => `${index === 3 ? last : middle}${name}`);
  return `## What lies where\n\n\`\`\`text\n${w.resolves(`${folder}/`, folder)}\n${lines.join("\n")}\n\`\`\`\n`;
};

const copied: Section = (w, file, subjects, random) => {
  const lines = [subjects.take("oldScript"), subjects.take("oldScript")].map((subject) => {
    const path = spell(w, { ...subject, class: "provenance", more: {} }, file, "documented");
    return `- \`${path}\``;
  });
  return `## ${random.pick(["Copied from", "Copied from (historical)", "Original locations", "Where the files came from", "Provenance"])}\n\n${lines.join("\n")}\n`;
};

const missing: Section = (w, file, subjects, random) => {
  const lines = [subjects.take("data"), subjects.take("data")].map((subject) => {
    const path = spell(w, { ...subject, class: "declared-missing" }, file, "documented");
    return `- \`${path}\``;
  });
  return `## ${random.pick(["Missing files", "Missing data", "Not in the repository", "Known to be missing"])}\n\n${lines.join("\n")}\n`;
};

const machines: Section = (w, file, subjects, random) => {
  const one = spell(w, subjects.take("machine"), file, "documented");
  const two = spell(w, subjects.take("placeholder"), file, "documented");
  return random.pick([
    `## Elsewhere\n\nOn the big machine the file is \`${one}\`; put your own in its place, for example \`${two}\`.\n`,
    `## Local copies\n\nJonas keeps a copy at \`${one}\`. A call looks like \`--file ${two}\`.\n`,
  ]);
};

const images: Section = (w, file, _subjects, random) => {
  const name = random.pick(["loss_curve.png", "window.svg", "load.png"]);
  const folder = posix.dirname(file);
  return `## Pictures\n\n![${name.split(".")[0]}](${w.reference(`figures/${name}`, "stale", `${folder}/figures/${name}`)})\n`;
};

const sections: readonly Section[] = [links, inlineCode, commands, tree, copied, missing, machines, images];
const titles = ["Handover", "Review notes", "Run diary", "Open points", "Team agreement"];
const fileNames = [
  "HANDOVER.md",
  "Review notes (autumn).md",
  "run-diary.md",
  "Offene Punkte – Überblick.md",
  "agreement.md",
];

/** Notes in several packages: every kind of mention in Markdown, true and false, in changing words and order. */
export function plantNotes(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("notes");
  const subjects = new Subjects(w, random.fork("subjects"));
  const folders = random.shuffle([
    `${n.therapeutic}/docs`,
    `${n.ovh}/notes`,
    `${n.home}/docs`,
    `${n.lightning}/notes`,
    `${n.pipelines}/notes`,
  ]);
  const which = random.sample([0, 1, 2, 3, 4], random.integer(3, 4));
  const lead = random.shuffle(openings);
  const written: string[] = [];
  // Each note has its own sections, so that no two are alike.
  const piles = random.shuffle(sections);
  for (const [index, number] of which.entries()) {
    const file = `${folders[index]}/${fileNames[number]}`;
    const own = piles.filter((_, place) => place % which.length === index);
    const extra = index === 0 ? [links] : [];
    const body = [...own, ...extra.filter((one) => !own.includes(one))].map((section) =>
      section(w, file, subjects, random),
    );
    w.file(file, `# ${titles[number]}\n\n${lead[index]}\n\n${body.join("\n")}`, { stage: "notes" });
    written.push(file);
  }
  const index = `${n.home}/docs/INDEX.md`;
  const lines = written.map((file) => {
    const path = posix.relative(`${n.home}/docs`, file);
    const link = /[^\w./-]/.test(path)
      ? random.chance(0.5)
        ? `<${w.resolves(path, file)}>`
        : w.resolves(encodeURI(path).replace("(", "%28").replace(")", "%29"), file)
      : w.resolves(path, file);
    return `1. [${titles[fileNames.indexOf(posix.basename(file))]}](${link})`;
  });
  w.file(index, `# Notes of all packages\n\n${lines.join("\n")}\n`, { stage: "notes" });
}
