import { Admission, statePaths } from "../../inference/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { portOf, type Entrance } from "../inference/entrance.ts";
import type { OpenKeeping } from "../inference/keeping.ts";
import type { OwnParts } from "../inference/make-service.ts";
import { turnCancelled } from "../inference/reply-source.ts";
import type { Service } from "../inference/service.ts";
import type { InferenceOptions } from "../inference/start.ts";
import { Elder } from "./heir.ts";
import { HeirDoor } from "./elder.ts";
import type { engineIdentity } from "./engine-identity.ts";

const busyEveryMs = 50;

/** Finds the process that is to be taken over. Throws `E_SERVE_TAKE_OVER`, `E_SERVE_OPTIONS`. */
export async function meetElder({ state }: InferenceOptions): Promise<Elder> {
  if (state === undefined)
    throw new TrainingReadyError(
      "E_SERVE_OPTIONS",
      "--take-over needs the state folder of the process that serves",
      {
        hint: "Name it with --state DIR; what is kept in memory alone cannot be taken over.",
      },
    );
  return await Elder.meet(statePaths(state).takeOver);
}

/** Lets another process take over from now on; undefined where that cannot be: no state folder, or a tracker, whose clocks are one process's. */
export async function heirDoor(parts: {
  options: InferenceOptions;
  service: Service;
  entrance: Entrance;
  keep: OpenKeeping;
  identity: Awaited<ReturnType<typeof engineIdentity>>;
  parts: OwnParts;
  tracker: object | undefined;
}): Promise<HeirDoor | undefined> {
  const { options, service, entrance, keep, identity, tracker } = parts;
  const { locks, rate, replays } = parts.parts;
  if (options.state === undefined || options.entrance !== undefined || tracker !== undefined)
    return undefined;
  const { admission } = service;
  // An engine of one's own is loaded anew by the heir: its slots are not these.
  const busy = (): number =>
    options.engine !== undefined && admission instanceof Admission ? admission.busy : 0;
  let watch: NodeJS.Timeout | undefined;
  const door = new HeirDoor(statePaths(options.state).takeOver, {
    place: { host: options.host, port: portOf(entrance.url) },
    engine: identity.unchanged,
    yieldPlace() {
      entrance.shut();
      keep.yieldFolder();
    },
    async takeBack() {
      clearInterval(watch);
      keep.takeFolder();
      await entrance.reopen();
    },
    hand(say) {
      locks.onFree((lock) => say({ type: "freed", lock }));
      watch = setInterval(() => say({ type: "busy", slots: busy() }), busyEveryMs);
      watch.unref();
      return {
        locks: locks.held(),
        replays: replays.hand((key, kept) => say({ type: "replayed", key, kept })),
        rates: rate.hand(),
        tenant: service.tenancy.owner?.(),
        busy: busy(),
      };
    },
    cancel: (turn) => service.liveTurns.get(turn)?.scope.abort(turnCancelled()),
    takenOver: () => options.onTakenOver?.(),
    notice: options.notice,
  });
  try {
    await door.open();
  } catch (error) {
    options.notice(`take-over: not possible from here: ${(error as Error).message}`);
    return undefined;
  }
  return door;
}
