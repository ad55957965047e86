import type { Store } from "./open-store.ts";

/** A store as it was at one moment, to read from for a while; its keys are the live ones. */
type Snapshot = { store: Store; close: () => void };

/** Opens a snapshot. Whoever erases ends all of them, since what they hold cannot leave the log. */
export function openSnapshot(store: Store): Snapshot {
  const database = store.backend.snapshot();
  store.snapshots.add(database);
  return {
    store: Object.create(store, { database: { value: database } }) as Store,
    close() {
      store.snapshots.delete(database);
      database.close();
    },
  };
}

/** Closes every snapshot; who reads from one gets an error. */
export function endSnapshots(store: Store): void {
  for (const database of store.snapshots) database.close();
  store.snapshots.clear();
}
