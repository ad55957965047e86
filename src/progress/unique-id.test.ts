import { expect, it } from "vitest";
import { uniqueId } from "./unique-id.ts";

it("ids of one millisecond sort in the order of their making, and are of version 7", () => {
  const now = Date.UTC(2026, 0, 1);
  const ids = Array.from({ length: 20_000 }, () => uniqueId(now));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(
    ids.every((one) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(one)),
  ).toBe(true);
  expect(uniqueId(now + 1) > (ids.at(-1) as string)).toBe(true);
  expect(uniqueId(now - 1) < (ids[0] as string)).toBe(true);
  expect(Number.parseInt(uniqueId(now).replaceAll("-", "").slice(0, 12), 16)).toBe(now);
});
