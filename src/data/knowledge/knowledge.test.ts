import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { foldConcepts, type NamedConcept } from "./concept.ts";
import { readConcepts } from "./read-concepts.ts";
import { starterConcepts } from "./starter-concepts.data.ts";

const concept = (id: string, more: Partial<NamedConcept> = {}): NamedConcept => ({
  id,
  title: id,
  content: `What ${id} is.`,
  category: null,
  subcategory: null,
  related: [],
  approaches: [],
  source: null,
  aliases: [],
  ...more,
});

const written = (name: string, content: unknown): [string, string] => {
  const folder = mkdtempSync(join(tmpdir(), "training-ready-concepts-"));
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return [name, folder];
};

describe("reading concepts", () => {
  const row = {
    concept_id: "a1",
    name: "Alpha",
    definition: "First.",
    type: "x",
    related: ["Beta"],
    approaches: "cbt; act",
  };
  it.each([
    ["list.json", [row]],
    ["concepts.json", { version: 2, concepts: [row] }],
    ["knowledge.json", { knowledge: [row] }],
    ["lines.jsonl", `${JSON.stringify(row)}\n`],
  ])("of %s", async (name, content) => {
    const { concepts, refused } = await readConcepts(...written(name, content));
    expect(refused).toEqual({});
    expect(concepts).toMatchObject([
      {
        id: "a1",
        title: "Alpha",
        content: "First.",
        category: "x",
        related: ["Beta"],
        approaches: ["cbt", "act"],
      },
    ]);
  });

  it("counts what is no concept, and fails where nothing is one", async () => {
    const mixed = [row, { concept: "Broken", definition: " " }, 7];
    const { concepts, refused } = await readConcepts(...written("mixed.json", mixed));
    expect(concepts).toHaveLength(1);
    expect(Object.values(refused).reduce((sum, one) => sum + one, 0)).toBe(2);
    await expect(readConcepts(...written("none.json", []))).rejects.toMatchObject({
      code: "E_DATA_SOURCE_EMPTY",
    });
    await expect(readConcepts("absent.json", "/")).rejects.toMatchObject({ code: "E_DATA_SOURCE_MISSING" });
  });
});

describe("folding concepts", () => {
  it("joins the same thing under other names and turns links into ids", () => {
    const { concepts, merged, conflicts, dangling } = foldConcepts([
      concept("a", { title: "Alpha", related: ["second thing", "ghost", "a"] }),
      concept("b", { title: "Beta", aliases: ["Second Thing"], content: "B." }),
      concept("x", { title: "alpha", content: "What A IS", related: ["b"] }),
      concept("b", { content: "Something else." }),
    ]);
    expect(concepts.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(concepts[0]?.related).toEqual(["b"]);
    expect({ merged, conflicts, dangling }).toEqual({
      merged: 1,
      conflicts: [{ id: "b", title: "b" }],
      dangling: [{ from: "a", to: "ghost" }],
    });
  });
});

describe("the starter set", () => {
  it("is whole: every concept has a source, links lead somewhere, nothing stands twice", () => {
    const { concepts, merged, conflicts, dangling } = foldConcepts(starterConcepts);
    expect({ merged, conflicts, dangling }).toEqual({ merged: 0, conflicts: [], dangling: [] });
    expect(concepts.length).toBeGreaterThanOrEqual(70);
    for (const one of concepts) {
      expect(one.source, one.id).toMatch(/\(\d{4}\)/);
      expect(one.content.length, one.id).toBeGreaterThan(60);
    }
  });
});
