import type { Check } from "./doctor-checks.ts";

const marks: Record<Check["state"], string> = {
  ok: "ok",
  missing: "missing",
  outdated: "outdated",
  unusable: "unusable",
};

/** The checks as lines: what is there, then what is missing with how to get it. */
export function formatDoctor(checks: readonly Check[]): string {
  const width = Math.max(...checks.map((one) => one.name.length));
  const lines = checks.map((one) => {
    const mark = one.state === "ok" || one.required ? marks[one.state] : `${marks[one.state]}, optional`;
    return `  ${one.name.padEnd(width)}  ${one.state === "ok" ? one.found : mark}`;
  });
  const hints = checks
    .filter((one) => one.hint !== undefined)
    .map((one) => `  ${one.name} (${one.neededFor}): ${one.hint}`);
  const wrong = checks.filter((one) => one.required && one.state !== "ok").length;
  const verdict =
    wrong === 0
      ? "All that is required is here."
      : `${wrong} required ${wrong === 1 ? "part is" : "parts are"} missing.`;
  return [...lines, "", ...(hints.length > 0 ? ["Not here:", ...hints, ""] : []), verdict, ""].join("\n");
}
