import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { Plan } from "../../src/consolidate/index.ts";
import { disk, git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

type PlanLine = Plan["lines"][number];
type Change = (plan: Plan) => void;

const lineOf = (plan: Plan, action: string, at = 0): PlanLine =>
  plan.lines.filter((one) => one.action === action)[at] as PlanLine;
const to =
  (path: string): Change =>
  (plan) =>
    void (lineOf(plan, "move").to = path);

function archive(plan: Plan, line: PlanLine, instead: string): void {
  Object.assign(line, {
    action: "archive",
    to: `${plan.home}/docs/archive/${line.from.replaceAll("/", "_")}`,
    instead,
  });
}

const cases: [what: string, change: Change, code: string][] = [
  ["a target outside the repository", to("../../outside.md"), "E_PLAN_PATH"],
  ["an absolute target", to("/tmp/outside.md"), "E_PLAN_PATH"],
  ["a target in git's own folder", to("ai/.git/hooks/post-commit"), "E_PLAN_PATH"],
  ["a name that some systems cannot store", to("ai/training_ready/aux.md"), "E_PLAN_PATH"],
  ["a target that is a folder", to("ai"), "E_PLAN_COLLISION"],
  ["a target below a file", to("README.md/x.md"), "E_PLAN_COLLISION"],
  [
    "two files to one place",
    (plan) => void (lineOf(plan, "move", 1).to = lineOf(plan, "move").to),
    "E_PLAN_COLLISION",
  ],
  [
    "two files to places that differ in case alone",
    (plan) => void (lineOf(plan, "move", 1).to = lineOf(plan, "move").to?.toUpperCase()),
    "E_PLAN_COLLISION",
  ],
  [
    "a rule that sends many files to one place",
    (plan) => plan.decisions.push({ from: "ai/**/*.py", action: "move", to: "ai/training_ready/all.py" }),
    "E_PLAN_COLLISION",
  ],
  [
    "a rule that leads outside",
    (plan) => plan.decisions.push({ from: "ai/**", action: "move", to: "../all/" }),
    "E_PLAN_PATH",
  ],
  [
    "a cycle of two archived files",
    (plan) => {
      const [one, two] = [lineOf(plan, "move"), lineOf(plan, "move", 1)];
      const [first, second] = [one.from, two.from];
      archive(plan, one, second);
      archive(plan, two, first);
    },
    "E_PLAN",
  ],
  [
    "a file that is used instead of itself",
    (plan) => {
      const line = lineOf(plan, "move");
      archive(plan, line, line.from);
    },
    "E_PLAN",
  ],
  [
    "a cycle of a deleted and an archived file",
    (plan) => {
      const deleted = lineOf(plan, "delete");
      const keeper = plan.lines.find((one) => one.from === deleted.keptAt) as PlanLine;
      archive(plan, keeper, deleted.from);
    },
    "E_PLAN",
  ],
  [
    "a file that does not exist used instead",
    (plan) => archive(plan, lineOf(plan, "move"), "ai/nothing.md"),
    "E_PLAN",
  ],
  [
    "bytes deleted that nothing else holds",
    (plan) => void (lineOf(plan, "move").action = "delete"),
    "E_PLAN",
  ],
  ["a pointer for a file that is here", (plan) => void (lineOf(plan, "move").action = "pointer"), "E_PLAN"],
  ["an unknown id", (plan) => void (lineOf(plan, "move").id = "deadbeef"), "E_PLAN"],
  ["a line that stands twice", (plan) => plan.lines.push({ ...lineOf(plan, "move") }), "E_PLAN"],
  [
    "an unknown action",
    (plan) => void (lineOf(plan, "move").action = "mvoe" as PlanLine["action"]),
    "E_PLAN",
  ],
  [
    "a file that is not there",
    (plan) => Object.assign(lineOf(plan, "move"), { id: "9d4e5bd7", from: "ai/nothing.md" }),
    "E_PLAN",
  ],
  ["a changed file", (plan) => void (lineOf(plan, "move").blob = `${"0".repeat(39)}a`), "E_PLAN_STALE"],
  ["an unknown data id", (plan) => Object.assign(plan.data[0] ?? {}, { id: "deadbeef" }), "E_PLAN"],
  [
    "another data set under an id",
    (plan) => Object.assign(plan.data[0] ?? {}, { name: "x.jsonl" }),
    "E_PLAN",
  ],
  [
    "a data set that stands twice",
    (plan) => plan.data.push({ ...(plan.data[0] as Plan["data"][number]) }),
    "E_PLAN",
  ],
  ["a home outside the repository", (plan) => void (plan.home = "../home"), "E_PLAN_PATH"],
  ["a home that is a file", (plan) => void (plan.home = "README.md"), "E_PLAN_COLLISION"],
  ["an anchor outside the repository", (plan) => void (plan.anchor = "../.."), "E_PLAN_PATH"],
];

describe("a plan edited into nonsense", () => {
  it("is refused with code and hint before anything is touched", async () => {
    const root = await sample(7206);
    const plan = join(root, "../plan.yaml");
    expect(await run(root, "plan", "--all", "--out", plan)).toMatchObject({ code: 0 });
    const good = readFileSync(plan, "utf8");
    const before = { disk: disk(root), refs: git(root, "for-each-ref") };
    const refused = async (text: string) => {
      writeFileSync(plan, text);
      const { code, document } = await run(root, "apply", plan, "--yes");
      return { exit: code, code: document.error?.code, hint: (document.error?.hint ?? "") !== "" };
    };
    expect(await refused("lines: [")).toEqual({ exit: 1, code: "E_PLAN", hint: true });
    for (const [what, change, code] of cases) {
      const edited = parse(good) as Plan;
      change(edited);
      expect(stringify(edited), what).not.toBe(stringify(parse(good)));
      expect({ what, ...(await refused(stringify(edited))) }).toEqual({ what, exit: 1, code, hint: true });
    }
    expect({ disk: disk(root), refs: git(root, "for-each-ref") }).toEqual(before);
  }, 180_000);
});
