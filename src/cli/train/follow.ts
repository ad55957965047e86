import { drain, errorDocument, jsonLine, type ExitCode } from "../../shared/index.ts";
import {
  commandExit,
  runStatus,
  runTraining,
  trainerPython,
  type RunEvent,
  type RunSummary,
} from "../../training/index.ts";
import type { CommandContext, CommandResult } from "../framework/command.ts";
import { LiveView, viewPrinter } from "./live-view.ts";
import { formatSummary } from "./run.format.ts";

/** Takes a run to its end and shows it live on stderr. */
export async function runOnce(
  context: CommandContext,
  run: string,
  options: { events: boolean },
): Promise<{ summary: RunSummary; exitCode: ExitCode }> {
  const python = await trainerPython({ environment: context.environment, notice: context.notice });
  const terminal = context.interactive && !context.json;
  const view = new LiveView(() => runStatus(run).steps);
  const printer = viewPrinter(view, { write: (text) => context.notice(text.replace(/\n$/, "")), terminal });
  const onEvent = (event: RunEvent): void => {
    if (options.events) context.print(jsonLine(event));
    printer.take(event);
  };
  const work = runTraining({
    run,
    python,
    environment: context.environment,
    signal: context.signal,
    log: context.notice,
  });
  const summary = await drain(work, onEvent);
  printer.end();
  return { summary, exitCode: commandExit(summary.exit) };
}

/** One run as a command's result. */
export async function followRun(
  context: CommandContext,
  run: string,
  options: { events: boolean },
): Promise<CommandResult | ExitCode> {
  const { summary, exitCode } = await runOnce(context, run, options);
  const { error, exit: _, ...facts } = summary;
  if (error !== undefined && !context.json) throw error;
  if (options.events) return exitCode;
  const document = { ...facts, run, ...(error === undefined ? {} : errorDocument(error)) };
  return { exitCode, document, text: formatSummary(summary, run) };
}
