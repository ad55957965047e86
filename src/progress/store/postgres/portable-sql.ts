/** A statement with PostgreSQL's placeholders; `names` where its values have names. */
export type Numbered = { text: string; names: readonly string[] | null };

/** `?` and `@name` as `$1`, `$2` …; what stands in quotes is left alone. */
export function numbered(sql: string): Numbered {
  const names: string[] = [];
  let places = 0;
  const text = sql.replaceAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|\?|@([a-zA-Z]\w*)/g,
    (found: string, name?: string) => {
      if (found === "?") return `$${(places += 1)}`;
      if (name === undefined) return found;
      if (!names.includes(name)) names.push(name);
      return `$${names.indexOf(name) + 1}`;
    },
  );
  return { text, names: names.length > 0 ? names : null };
}

const types: Record<string, string> = { INTEGER: "BIGINT", BLOB: "BYTEA", TEXT: 'TEXT COLLATE "C"' };

/**
 * SQLite's tables, indexes and refusing triggers as PostgreSQL has them: 64-bit integers, bytes, texts in the order of
 * their bytes. A released translation never changes: the migrations' checksums are of its result.
 */
export function postgresSchema(sql: string): string {
  return sql
    .replaceAll(/\b(INTEGER|BLOB|TEXT)\b/g, (name) => types[name] ?? name)
    .replaceAll(/\) STRICT;/g, ");")
    .replaceAll(
      /CREATE TRIGGER (\w+) BEFORE (UPDATE|DELETE) ON (\w+) BEGIN SELECT RAISE\(ABORT, ('[^']+')\); END;/g,
      (_all, name: string, action: string, table: string, words: string) =>
        [
          `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION ${words}; END $$;`,
          `CREATE TRIGGER ${name} BEFORE ${action === "DELETE" ? "DELETE OR TRUNCATE" : action} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${name}();`,
        ].join("\n"),
    );
}
