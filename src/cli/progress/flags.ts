import { resolve } from "node:path";
import { z } from "zod";
import type { CommandContext } from "../framework/command.ts";

/** The folder that keeps the store. */
export const homeFlag = z
  .string()
  .default(".")
  .meta({ description: "folder that keeps the store", value: "DIR" });

export const homeOf = (context: Pick<CommandContext, "cwd">, home: string): string =>
  resolve(context.cwd, home);
