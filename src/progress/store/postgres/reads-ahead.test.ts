import { describe, expect, it } from "vitest";
import { createReadsAhead } from "./reads-ahead.ts";

const text = "SELECT id FROM records WHERE external_index = $1";
const key = Buffer.of(1, 2);
const insert = "INSERT INTO records (id, external_index, revision) VALUES ($1, $2, 1)";

describe("a read that was made ahead", () => {
  const kept = () => {
    const ahead = createReadsAhead();
    const staleAfter = { records: key, care: null };
    ahead.keep({ text, values: [key] }, { sql: "", values: [], staleAfter }, [{ id: "a" }]);
    return ahead;
  };

  it("is found by its text and values, with rows of the caller's own", () => {
    const ahead = kept();
    const [row] = ahead.find(text, [Buffer.from(key)]) ?? [];
    expect(row).toEqual({ id: "a" });
    (row as { id: string }).id = "changed";
    expect(ahead.find(text, [key])).toEqual([{ id: "a" }]);
    expect(ahead.find(text, [Buffer.of(1)])).toBeUndefined();
    expect(ahead.find(`${text} `, [key])).toBeUndefined();
  });

  it.each([
    ["an insert of its value", insert, ["b", Buffer.from(key)]],
    ["an insert of literal words", "INSERT INTO records (id, kind) VALUES ($1, 'consent')", ["b"]],
    ["an insert of several rows", "INSERT INTO records (id) VALUES ($1), ($2)", ["b", "c"]],
    ["an insert of what is selected", "INSERT INTO records (id) SELECT id FROM old", []],
    ["an insert that may change a row", `${insert} ON CONFLICT (id) DO UPDATE SET revision = 2`, ["b", "c"]],
    ["an update", "UPDATE records SET status = $1", ["x"]],
    ["a deletion", "DELETE FROM records WHERE id = $1", ["x"]],
    ["any insert into a table on which it depends whole", "INSERT INTO care (id) VALUES ($1)", ["x"]],
    ["anything that is not understood", "WITH x AS (SELECT 1) UPDATE records SET id = $1", ["x"]],
  ])("is stale after %s", (_name, sql, values) => {
    const ahead = kept();
    ahead.written(sql, values);
    expect(ahead.find(text, [key])).toBeUndefined();
  });

  it.each([
    ["an insert of other values", insert, ["b", Buffer.of(9)]],
    ["a write on another table", "UPDATE ledger SET at = $1", [1]],
  ])("stays after %s", (_name, sql, values) => {
    const ahead = kept();
    ahead.written(sql, values);
    expect(ahead.find(text, [key])).toEqual([{ id: "a" }]);
  });
});
