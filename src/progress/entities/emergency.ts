import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { syncNames, TrainingReadyError } from "../../shared/index.ts";
import type { Principal } from "../access.ts";
import { act, type Call, type RiskNotice } from "../store/act.ts";
import type { Store } from "../store/open-store.ts";
import type { StorePaths } from "../store/store-paths.ts";
import { openRiskOnce } from "./risk.ts";

type Waiting = { principal: Principal; notice: RiskNotice; at: number };

const place = "emergency";
const drainingOf = (paths: Pick<StorePaths, "emergency">): string => `${paths.emergency}.draining`;

/** Keeps a notice in the sealed emergency file, flushed to the disk. */
export function keepForLater(call: Call, notice: RiskNotice): void {
  const waiting: Waiting = { principal: call.principal, notice, at: call.store.now() };
  const line = `${call.store.keys.sealWaiting(waiting, place).toString("base64")}\n`;
  const { emergency } = call.store.paths;
  const isNew = !existsSync(emergency);
  const file = openSync(emergency, "a", 0o600);
  try {
    appendFileSync(file, line);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isNew) syncNames(emergency, { folders: 1 });
}

/** Whether risk waits in a home's emergency file, told without its store. */
export const riskWaitsIn = (paths: Pick<StorePaths, "emergency">): boolean =>
  existsSync(paths.emergency) || existsSync(drainingOf(paths));

/** Whether risk waits that could not be stored. */
export const riskIsWaiting = (store: Store): boolean => riskWaitsIn(store.paths);

function storeWaiting(store: Store, line: string): "stored" | "refused" {
  const { principal, notice } = store.keys.openWaiting(Buffer.from(line, "base64"), place) as Waiting;
  const call = { store, principal };
  try {
    act(call, "risk:open", notice.client_id, (client) => openRiskOnce(call, client, notice), {
      mayCreate: true,
    });
    return "stored";
  } catch (error) {
    // Who may not open risk there is refused as ever; the refusal stands in the ledger.
    if (error instanceof TrainingReadyError && error.code === "E_NOT_FOUND") return "refused";
    throw error;
  }
}

/** Stores what waits, each notice once, however often this is interrupted. A line torn by a crash was never kept. */
export function storeWaitingRisk(store: Store): { stored: number; refused: number } {
  const done = { stored: 0, refused: 0 };
  const draining = drainingOf(store.paths);
  for (let round = 0; round < 2; round += 1) {
    if (!existsSync(draining)) {
      if (!existsSync(store.paths.emergency)) return done;
      renameSync(store.paths.emergency, draining);
    }
    for (const line of readFileSync(draining, "utf8").split("\n").slice(0, -1))
      done[storeWaiting(store, line)] += 1;
    rmSync(draining);
  }
  return done;
}
