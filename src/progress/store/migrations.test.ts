import { expect, it } from "vitest";
import { sha256 } from "../../shared/index.ts";
import { migrations } from "./migrations.ts";
import { postgresSchema } from "./postgres/portable-sql.ts";

it("migrations that were released are never changed, in either form", () => {
  const marks = (form: (sql: string) => string) =>
    migrations.slice(0, 3).map((sql) => sha256(form(sql)).slice(0, 16));
  expect(marks((sql) => sql)).toEqual(["624794cd09dccc4b", "f2bf5269c8681e43", "a735f862840f4b52"]);
  expect(marks(postgresSchema)).toEqual(["2a39149406edafc9", "fd8c8f51ea3adab3", "3e1bce9f13bf0d8b"]);
});
