import picomatch from "picomatch";
import { LineCounter, parseDocument, stringify } from "yaml";
import { didYouMean, TrainingReadyError } from "../../shared/index.ts";
import { planSchema, type Plan, type PlanLine } from "./schema.ts";

export const planFileName = "training-ready.plan.yaml";

const choices = (plan: Plan): string[] => {
  const risky = plan.lines
    .filter((one) => one.risk === "high")
    .map(
      (one) =>
        `#   ${one.from}: ${one.action}${one.to === undefined ? "" : ` to ${one.to}`} (${one.because[0] ?? "no reason"})`,
    );
  const waiting = plan.repairs
    .filter((one) => !one.apply)
    .map((one) => `#   ${one.at}: ${one.from} -> ${one.to} waits for you (${one.proof})`);
  return [...risky, ...waiting];
};

const flow = (value: unknown): string =>
  stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();

/** A line of the plan as YAML in block style. */
function lineText(line: PlanLine): string {
  const { because, touches, proposed, ...rest } = line;
  const head = Object.entries(rest).map(([key, value]) => `${key}: ${flow(value)}`);
  const body = [...head, `proposed: ${flow(proposed)}`, `touches: ${flow(touches)}`];
  const reasons =
    because.length === 0 ? ["because: []"] : ["because:", ...because.map((one) => `  - ${flow(one)}`)];
  return [...body, ...reasons].map((text, at) => `${at === 0 ? "  - " : "    "}${text}`).join("\n");
}

/** A plan as the file that people edit: choices on top, lines grouped as they come, repairs last. */
export function planText(plan: Plan, packageOf: (path: string) => string): string {
  const top = choices(plan);
  const parts = [
    "# Plan of a consolidation. Edit `action` and `to` only; `training-ready plan --update` keeps what you change.",
    "# A rule under `decisions` speaks for many lines: {from: <glob>, action: leave}.",
    ...(top.length === 0 ? ["# No line needs a decision."] : ["# Look at these first:", ...top]),
    "version: 1",
    `base: ${plan.base}`,
    `home: ${flow(plan.home)}`,
    ...(plan.anchor === undefined ? [] : [`anchor: ${flow(plan.anchor)}`]),
    plan.decisions.length === 0
      ? "decisions: []"
      : `decisions:\n${plan.decisions.map((one) => `  - ${flow(one)}`).join("\n")}`,
    plan.lines.length === 0 ? "lines: []" : "lines:",
  ];
  let group: string | undefined;
  for (const line of plan.lines) {
    const name = packageOf(line.from);
    if (name !== group) {
      group = name;
      parts.push(`  # ${name}`);
    }
    parts.push(lineText(line));
  }
  if (plan.repairs.length === 0) parts.push("repairs: []");
  else
    parts.push(
      "# References that were stale already. Proven ones apply; the others wait for `apply: true`.",
      "repairs:",
      ...plan.repairs.map((one) => `  - ${flow(one)}`),
    );
  if (plan.data.length > 0)
    parts.push(
      "# Data that is not in the repository: `to` is the address of a copy, without one it is listed as missing.",
      "data:",
      ...plan.data.map((one) => `  - ${flow(one)}`),
    );
  if (plan.elsewhere !== undefined) {
    const { list, ...counts } = plan.elsewhere;
    parts.push("# What the listing holds beside the repository; nothing of it is moved.", "elsewhere:");
    parts.push(...Object.entries(counts).map(([key, value]) => `  ${key}: ${flow(value)}`));
    parts.push(list.length === 0 ? "  list: []" : "  list:", ...list.map((one) => `    - ${flow(one)}`));
  }
  if (plan.untouched.length > 0) {
    parts.push("# References whose text stays: a rewrite was not proven.", "untouched:");
    parts.push(...plan.untouched.map((one) => `  - ${flow(one)}`));
  }
  return `${parts.join("\n")}\n`;
}

/** A plan's text, checked. Throws `E_PLAN` with the line and the key. */
export function parsePlan(text: string, fileName: string): Plan {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const broken = document.errors[0];
  if (broken !== undefined) {
    throw new TrainingReadyError(
      "E_PLAN",
      `${fileName}:${counter.linePos(broken.pos[0]).line}: ${broken.message.split("\n")[0]}`,
      { exitCode: 1 },
    );
  }
  const result = planSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = (issue?.path ?? []).filter((step) => typeof step !== "symbol");
  const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
  const line = node?.range === undefined ? 1 : counter.linePos(node.range[0]).line;
  const unknown = issue?.code === "unrecognized_keys" ? (issue.keys[0] ?? "") : undefined;
  const near =
    unknown === undefined
      ? ""
      : didYouMean(unknown, ["action", "to", "from", "decisions", "lines", "repairs", "home"]);
  throw new TrainingReadyError(
    "E_PLAN",
    `${fileName}:${line}: ${path.join(".")}: ${issue?.message ?? "does not fit"}${near}`,
    { exitCode: 1 },
  );
}

/** The lines as they are to be carried out: a person's rules first, each over all lines that its glob matches. */
export function decidedLines(plan: Plan): PlanLine[] {
  const rules = plan.decisions.map((one) => ({ ...one, matches: picomatch(one.from, { dot: true }) }));
  return plan.lines.map((line) => {
    const rule = rules.find((one) => one.matches(line.from));
    if (rule === undefined) return line;
    const name = line.from.slice(line.from.lastIndexOf("/") + 1);
    const to = rule.to === undefined ? {} : { to: rule.to.endsWith("/") ? `${rule.to}${name}` : rule.to };
    const { to: _, ...rest } = line;
    return { ...rest, action: rule.action, ...to };
  });
}
