import type { Random } from "../random.ts";
import type { World } from "../world.ts";

const nouns =
  "session turn client answer question topic feeling goal note plan scene voice step window batch token shard record split score label review".split(
    " ",
  );
const verbs = "count merge sort cut score read group drop keep weigh trim rank pair fold align bin".split(
  " ",
);
const words =
  "calm slow open short clear late early quiet steady small large warm plain first last next other same whole half".split(
    " ",
  );

const identifier = (random: Random): string =>
  `${random.pick(verbs)}_${random.pick(words)}_${random.pick(nouns)}_${random.integer(10, 99)}`;

function sentence(random: Random): string {
  const middle = Array.from({ length: random.integer(4, 12) }, () =>
    random.pick(random.chance(0.5) ? nouns : words),
  );
  return `A ${middle.join(" ")} ${random.integer(1, 999)}.`;
}

function codeOf(random: Random, names: readonly string[]): string {
  const functions = names.map((name) => {
    const field = random.pick(nouns);
    const limit = random.integer(2, 900);
    const body = random.pick([
      `    chosen = [one for one in items if one.get("${field}", 0) > ${limit}]\n    return chosen[: ${random.integer(2, 60)}]`,
      `    totals = {}\n    for one in items:\n        key = one.get("${field}")\n        totals[key] = totals.get(key, ${random.integer(0, 9)}) + ${limit}\n    return totals`,
      `    ordered = sorted(items, key=lambda one: one.get("${field}", ${limit}))\n    return ordered[${random.integer(1, 9)} :]`,
      `    if not items:\n        return ${limit}\n    return sum(one.get("${field}", 0) for one in items) / (len(items) + ${random.integer(1, 40)})`,
    ]);
    return `\n\ndef ${name}(items):\n    """${sentence(random)}"""\n${body}\n`;
  });
  return functions.join("");
}

function dialogues(random: Random, bytes: number): string {
  const lines: string[] = [];
  for (let size = 0, number = 0; size < bytes; number++) {
    const messages = ["user", "assistant"].map((role) => ({
      role,
      content: Array.from({ length: random.integer(2, 6) }, () => sentence(random)).join(" "),
    }));
    const line = JSON.stringify({ id: `synthetic-${number}`, messages });
    lines.push(line);
    size += line.length + 1;
  }
  return `${lines.join("\n")}\n`;
}

// 150 files and about 3.9 MB a unit: 36 units are a collection of 5,400 files and 140 MB.
const packagesPerUnit = 6;
const modules = 10;
const documents = 6;
const settings = 5;
const dataFiles = 4;
const dataBytes = 155_000;

/** One more team's packages, for benchmarks: own contents, links and imports that hold, a dead link in each guide. */
export function plantBulk(w: World, unit: number): void {
  for (let number = 1; number <= packagesPerUnit; number++) {
    const random = w.random.fork(`bulk ${unit} ${number}`);
    plantBulkPackage(
      w,
      `ai/teams/team_${String(unit).padStart(3, "0")}/${random.pick(words)}_${random.pick(nouns)}_${number}`,
      random,
    );
  }
}

function plantBulkPackage(w: World, home: string, random: Random): void {
  const stage = random.pick(["pipelines", "service", "packages"] as const);
  const names = Array.from(
    { length: modules },
    (_, index) => `${random.pick(nouns)}_${random.pick(verbs)}_${index}`,
  );
  const functions = names.map(() => Array.from({ length: random.integer(4, 9) }, () => identifier(random)));
  for (const [index, name] of names.entries()) {
    const own = functions[index] as string[];
    const other = index === 0 ? undefined : random.integer(0, index - 1);
    const taken = other === undefined ? undefined : (functions[other] as string[])[0];
    const importLine =
      other === undefined
        ? "import json\n"
        : `import json\n\nfrom ${w.import(names[other] as string, "resolves", `${home}/scripts/${names[other]}.py`)} import ${taken}\n`;
    const isEntry = index === modules - 1;
    const guard = isEntry
      ? `\n\nif __name__ == "__main__":\n    print(json.dumps(${own[0]}([])), ${taken}([]))\n`
      : "";
    w.file(
      `${home}/scripts/${name}.py`,
      `"""${sentence(random)}"""\n\n${importLine}${codeOf(random, own)}${guard}`,
      { stage },
    );
    if (isEntry) w.entry(`${home}/scripts/${name}.py`, { cwd: home });
  }
  for (let index = 0; index < settings; index++) {
    const values = Object.fromEntries(
      Array.from({ length: 12 }, () => [identifier(random), random.integer(1, 9999)]),
    );
    w.file(`${home}/configs/values_${index}.json`, `${JSON.stringify(values, null, 2)}\n`, { stage });
  }
  for (let index = 0; index < documents; index++) {
    const path = index === 0 ? `${home}/README.md` : `${home}/docs/part_${index}.md`;
    const up = index === 0 ? "" : "../";
    const paragraphs = Array.from({ length: 8 }, () =>
      Array.from({ length: 6 }, () => sentence(random)).join(" "),
    );
    const module = random.pick(names);
    const dead = `${random.pick(words)}-${random.pick(nouns)}-${random.integer(1, 99)}.md`;
    const links = [
      `[code](${w.resolves(`${up}scripts/${module}.py`, `${home}/scripts/${module}.py`)})`,
      `[values](${w.resolves(`${up}configs/values_${index % settings}.json`, `${home}/configs/values_${index % settings}.json`)})`,
      ...(index === 0 ? [`[more](${w.reference(`docs/${dead}`, "stale", `${home}/docs/${dead}`)})`] : []),
    ];
    w.file(path, `# ${sentence(random)}\n\n${paragraphs.join("\n\n")}\n\nSee ${links.join(", ")}.\n`, {
      stage,
    });
  }
  for (let index = 0; index < dataFiles; index++)
    w.file(`${home}/data/turns_${index}.jsonl`, dialogues(random, dataBytes), { stage });
}
