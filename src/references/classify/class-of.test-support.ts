import { expect } from "vitest";
import { judge, type Repository } from "../resolve-references.test-support.ts";

/** What the rules say of the only mention of `raw`. */
export function classOf(
  raw: string,
  text: string,
  more: Partial<Repository>,
  path: string,
): string | undefined {
  const lines = judge(text, more, path).filter((line) => line.startsWith(`${raw}: `));
  expect(lines.length).toBeGreaterThan(0);
  return lines[0]?.slice(raw.length + 2).split(" ")[0];
}
