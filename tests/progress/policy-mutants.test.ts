import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as policy from "../../src/progress/access.ts";
import type { Principal, Resource } from "../../src/progress/access.ts";
import { actions, everExpected, expectedReason, tenantExpected } from "./policy-oracle.test-data.ts";

// TRAINING_READY_POLICY_MUTANTS=all is the long form.
const each = process.env["TRAINING_READY_POLICY_MUTANTS"] === "all" ? 1 : 6;

type Policy = Pick<typeof policy, "decide" | "mayEver" | "reachesTenant" | "mayReadNote">;

const { transformSync } = createRequire(import.meta.url)("esbuild") as {
  transformSync: (text: string, options: { loader: "ts"; format: "cjs" }) => { code: string };
};
const source = readFileSync(fileURLToPath(new URL("../../src/progress/access.ts", import.meta.url)), "utf8");

/** The policy of a source text; undefined where that is no program. */
function load(text: string): Policy | undefined {
  try {
    const { code } = transformSync(text, { loader: "ts", format: "cjs" });
    const module = { exports: {} as Policy };
    // oxlint-disable-next-line no-implied-eval -- the program's own text, mutated
    new Function("module", "exports", code)(module, module.exports);
    return module.exports;
  } catch {
    return undefined;
  }
}

const states = [undefined, "given", "withdrawn"] as const;
const truths = [true, false];

/** Every principal: kind, role, tenant-wide or not. */
const everybody: Principal[] = policy.principalKinds.flatMap((kind) =>
  policy.principalRoles.flatMap((role) =>
    truths.map((tenantWide) => ({ id: "me", tenantId: "t", kind, role, tenantWide })),
  ),
);
/** Every place: tenant, relation, glass, both consents, the site's setting. */
const everywhere: Resource[] = ["t", "elsewhere"].flatMap((tenantId) =>
  truths.flatMap((related) =>
    truths.flatMap((glassBroken) =>
      states.flatMap((ai) =>
        states.flatMap((care) =>
          [undefined, "given", "not_withdrawn"].map(
            (turnConsent) =>
              ({
                tenantId,
                related,
                glassBroken,
                consents: { ...(ai && { ai }), ...(care && { care }) },
                ...(turnConsent && { turnConsent }),
              }) as Resource,
          ),
        ),
      ),
    ),
  ),
);

/** Whether a policy is the expected one, over everything there is; the first place where it is not. */
function difference(one: Policy, counted = { decisions: 0 }): string | null {
  for (const who of everybody) {
    if (one.reachesTenant(who) !== tenantExpected(who)) return `reach of ${who.kind} ${who.role}`;
    for (const what of actions) {
      if (one.mayEver(who, what) !== everExpected(who, what)) return `${who.kind} ${who.role} ${what}`;
      for (const where of everywhere) {
        counted.decisions += 1;
        const { allow, reason } = one.decide(who, what, where);
        if (reason !== expectedReason(who, what, where) || allow !== (reason === "allowed"))
          return `${who.kind} ${who.role} ${what}: ${reason}`;
      }
    }
  }
  for (const kind of ["psychotherapy", "sud"] as const)
    for (const authorId of ["me", "another"])
      for (const psychotherapy_notes of states)
        for (const sud_notes of states) {
          const consents = {
            ...(psychotherapy_notes && { psychotherapy_notes }),
            ...(sud_notes && { sud_notes }),
          };
          const mine = { kind, authorId };
          const wanted = authorId === "me" || (kind === "sud" ? sud_notes : psychotherapy_notes) === "given";
          if (one.mayReadNote(everybody[0] as Principal, mine, consents) !== wanted) return `note ${kind}`;
        }
  return null;
}

type Mutant = { what: string; text: string };

/** Every mutant: an action taken from or added to a list, an operator, a comparison or a value turned round. */
function mutants(): Mutant[] {
  const found: Mutant[] = [];
  const body = source.slice(source.indexOf("const clinical"));
  const start = source.length - body.length;
  const replaced = (from: number, length: number, by: string, what: string): void => {
    found.push({ what, text: source.slice(0, from) + by + source.slice(from + length) });
  };
  const matches = (pattern: RegExp, by: (match: RegExpExecArray) => string[]): void => {
    for (const match of body.matchAll(pattern)) {
      const at = start + match.index;
      const line = source.slice(0, at).split("\n").length;
      for (const text of by(match))
        replaced(
          at,
          match[0].length,
          text,
          `line ${line}: ${match[0].trim()} becomes ${text.trim() || "nothing"}`,
        );
    }
  };
  // every list entry goes once, and another action takes its place
  matches(/"[a-z_]+:[a-z_]+",?/g, ([entry]) => (entry.endsWith(",") ? ["", '"clients:create",'] : ["null"]));
  matches(/"(supervisor|operator|auditor)",?(?=[\s"\]])/g, () => [""]);
  // every action is added to every list once
  for (const match of body.matchAll(/\[\n?\s*(?=\.\.\.|"[a-z_]+:)/g))
    for (const action of actions) {
      const at = start + match.index + match[0].length;
      const line = source.slice(0, at).split("\n").length;
      replaced(at, 0, `"${action}", `, `line ${line}: ${action} added`);
    }
  matches(/&&/g, () => ["||"]);
  matches(/\|\|/g, () => ["&&"]);
  matches(/!==/g, () => ["==="]);
  matches(/===/g, () => ["!=="]);
  matches(/!(?=may|mayEver|mayReach)/g, () => [""]);
  matches(/\b(true|false)\b/g, ([value]) => [value === "true" ? "false" : "true"]);
  matches(
    /"(human|model|service|given|withdrawn|not_withdrawn|ai|care|allowed|hidden|consent)"/g,
    ([, word]) =>
      [
        "human",
        "model",
        "service",
        "given",
        "withdrawn",
        "not_withdrawn",
        "ai",
        "care",
        "allowed",
        "hidden",
        "consent",
      ]
        .filter((other) => other !== word)
        .map((other) => `"${other}"`),
  );
  matches(/resource\.related|reachesTenant\(principal\)/g, () => ["true", "false"]);
  matches(/endsWith\("[^"]+"\)|endsWith\(":read"\)/g, () => ['startsWith("risk")']);
  return found;
}

/** Why a mutant changes no decision; undefined: it must be killed. */
function equalBecause(what: string): string | undefined {
  const added = /^line (\d+): ([a-z_]+:[a-z_]+) added$/.exec(what);
  if (added === null) return undefined;
  const [, line, action = ""] = added;
  const list = source
    .split("\n")
    .slice(Number(line) - 1)
    .join("\n");
  const own = list.slice(0, list.indexOf("]") + 1);
  if (own.includes(`"${action}"`)) return "the list holds it already";
  if (action === "clients:create") return "who may make clients is decided before any list is read";
  const shared = source.slice(source.indexOf("const clinical"), source.indexOf("const byRole"));
  if (own.includes("...clinical") && shared.includes(`"${action}"`))
    return own.includes(".filter(") && !action.endsWith(":read")
      ? undefined
      : "it is among the clinical ones";
  return undefined;
}

describe("the access policy", () => {
  it("is the one written down a second time, over every decision that there is", () => {
    const counted = { decisions: 0 };
    expect(difference(policy, counted)).toBeNull();
    expect(counted.decisions).toBe(everybody.length * actions.length * everywhere.length);
    expect(counted.decisions).toBeGreaterThan(250_000);
  });

  it("differs from it in mutants of every rule", { timeout: 300_000 }, () => {
    const survivors: string[] = [];
    let killed = 0;
    let equal = 0;
    for (const { what, text } of mutants().filter((_, index) => index % each === 0)) {
      const mutant = load(text);
      if (mutant === undefined) continue; // no program
      let isKilled: boolean;
      try {
        isKilled = difference(mutant) !== null;
      } catch {
        isKilled = true;
      }
      if (isKilled) killed += 1;
      else if (equalBecause(what) === undefined) survivors.push(what);
      else equal += 1;
    }
    expect(survivors).toEqual([]);
    expect(killed).toBeGreaterThan(500 / each);
    expect(equal).toBeLessThan(120 / each + 10); // the rest changes nothing, each for a reason above
    if (each === 1) console.warn(`policy: ${killed} mutants killed, 0 survive, ${equal} change no decision`);
  });
});
