import { hasTracker } from "../../service/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";

const refused = (message: string, hint: string): TrainingReadyError =>
  new TrainingReadyError("E_SERVE_OPTIONS", message, { hint });

/** What `--workers` and `--take-over` do not go together with. Throws `E_SERVE_OPTIONS`. */
export async function checkTogether(
  home: string,
  { workers, takeOver, only }: { workers: number; takeOver: boolean; only?: string | undefined },
): Promise<void> {
  if (takeOver && workers > 1)
    throw refused(
      "--take-over is for one process; --workers has a way of its own",
      "POST /admin/restart (serve --admin) replaces workers one by one.",
    );
  if ((workers === 1 && !takeOver) || only !== undefined || !(await hasTracker(home))) return;
  if (takeOver)
    throw refused(
      "--take-over hands no tracker over: one process keeps its clocks",
      "Stop the other process first, or serve model and tracker apart (--only).",
    );
  throw refused(
    "--workers serves no tracker: one process keeps its clocks",
    "Add --only inference, and serve the tracker by `serve --only progress` on a port of its own.",
  );
}
