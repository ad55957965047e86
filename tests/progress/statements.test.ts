import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../../src/progress");
const tables =
  /\b(clients|client_keys|care|records|record_revisions|idempotency|outbox|break_glass|form_links|legal_holds|certificates|notes|note_keys|expected_courses|model_versions)\b/;

/** What works on the whole store by its nature, or finds the tenant by a secret that only its holder has. */
const acrossTenants = [
  /^SELECT id, tenant_id FROM clients ORDER BY id$/, // a restore is proved
  /^SELECT client_id, tenant_id FROM client_keys WHERE made_at </, // keys rotate
  /^DELETE FROM idempotency WHERE created_at </, // replies expire
  /^SELECT \* FROM form_links WHERE id = \?$/, // a one-time link's token
  /^SELECT id, tenant_id, client_id, status FROM records WHERE kind = 'risk_event'/, // the risk clock
  /^SELECT id, tenant_id, client_id, kind, object_id, attempts FROM outbox WHERE delivered_at IS NULL/, // notices
  /\$\{(deletable|staleNotes|where)\}|^SELECT id, tenant_id FROM clients WHERE created_at </, // the site's retention
  /information_schema/,
];

it("every statement about clients names the tenant", () => {
  const found = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.endsWith("migrations.ts"))
    .flatMap((path) =>
      [
        ...readFileSync(join(root, path), "utf8").matchAll(
          /["`]((?:SELECT|INSERT|UPDATE|DELETE)\s[^"`]*)["`]/g,
        ),
      ].map((one) => ({ path, sql: (one[1] ?? "").replaceAll(/\s+/g, " ") })),
    );
  const about = found.filter(({ sql }) => tables.test(sql));
  expect(about.length).toBeGreaterThan(40);
  const without = about.filter(({ sql }) => !/\btenant_id\b/.test(sql.replace(/^SELECT .*? FROM/, "FROM")));
  expect(without.filter(({ sql }) => !acrossTenants.some((one) => one.test(sql)))).toEqual([]);
});
