// Renews the keys of the clients of the home that is named, then the root key, over and over until it is killed; says when
// it begins. tsx tests/progress/rotation-runner.test-data.ts HOME once|forever
import { writeSync } from "node:fs";
import { finishRotation, openStore, rotateClients, rotationStart } from "../../src/progress/index.ts";

const [home = "", times = "once"] = process.argv.slice(2);
const store = await openStore(home, { mustExist: true });
writeSync(1, "begun\n");
for (let isOver = false; !isOver; isOver = times !== "forever") {
  rotateClients(store, rotationStart(store));
  finishRotation(store);
  writeSync(1, "done\n");
  if (times === "forever") await store.rotateRoot();
}
store.close();
