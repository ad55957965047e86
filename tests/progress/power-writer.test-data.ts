// Writes sessions of synthetic clients into the store of the home that is named, and says on stdout what is on the disk.
// tsx tests/progress/power-writer.test-data.ts HOME [sessions]
import { writeSync } from "node:fs";
import {
  createGroupCommit,
  inferencePrincipal,
  openStore,
  sessions,
  type Call,
} from "../../src/progress/index.ts";

const [home = "", count = "60"] = process.argv.slice(2);
const say = (word: string): void => void writeSync(1, `stored ${word}\n`);
const store = await openStore(home, { database: { kind: "sqlite" } });
const call: Call = { store, principal: inferencePrincipal(store, "clinic") };
const record = (id: string): void => {
  const progress_notes = `Synthetic words of ${id}. `.repeat(20);
  sessions.recordSession(
    call,
    sessions.sessionSchema.parse({ client_id: `c${id.length % 3}`, session_id: id, progress_notes }),
  );
};

// One a commit, then in batches, with a new root key and checkpoints of the ledger in between.
const third = Math.ceil(Number(count) / 3);
for (let index = 0; index < third; index += 1) {
  record(`single-${index}`);
  say(`single-${index}`);
}
store.checkpoint();
await store.rotateRoot();
const commits = createGroupCommit(store, () => store.checkpointIfDue());
await Promise.all(
  Array.from({ length: third }, async (_, index) => {
    await new Promise((done) => setTimeout(done, index % 7));
    await commits.run(() => record(`batch-${index}`));
    say(`batch-${index}`);
  }),
);
store.checkpoint();
for (let index = 0; index < third; index += 1) {
  record(`last-${index}`);
  say(`last-${index}`);
}
store.close();
