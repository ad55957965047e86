import { TrainingReadyError } from "../shared/index.ts";

const refused = (key: string, said: string, hint?: string): TrainingReadyError =>
  new TrainingReadyError("E_PLATFORM_SETTING", `${key}: ${said}`, {
    exitCode: 1,
    ...(hint === undefined ? {} : { hint }),
  });

/** A setting that a platform has no place for. */
export function notHonoured(platform: string, key: string, why: string, hint: string): TrainingReadyError {
  return refused(key, `${platform} cannot honour it: ${why}`, hint);
}

/** Refuses hours over a platform's cap. Throws `E_PLATFORM_WINDOW`. */
export function withinCap(platform: string, hours: number, capHours: number): void {
  if (hours <= capHours) return;
  throw new TrainingReadyError(
    "E_PLATFORM_WINDOW",
    `hours: ${platform} ends a job after ${capHours} h, ${hours} h are asked for`,
    {
      exitCode: 1,
      hint: `Set hours=${capHours} or less; the run goes on in a further job.`,
    },
  );
}
