import type { Store } from "../store/open-store.ts";

/** The names of a tenant's principals by id; who has none goes by the id. */
export function namesOf(store: Store, tenantId: string): (id: string | null) => string {
  const rows = store.database
    .prepare("SELECT id, name FROM principals WHERE tenant_id = ?")
    .all(tenantId) as {
    id: string;
    name: string | null;
  }[];
  const names = new Map(rows.map((one) => [one.id, one.name]));
  return (id) => (id === null ? "" : (names.get(id) ?? id));
}
