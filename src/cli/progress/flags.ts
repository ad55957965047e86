import { resolve } from "node:path";
import { z } from "zod";
import type { CommandContext } from "../framework/command.ts";

/** The folder that keeps the store. */
export const homeFlag = z
  .string()
  .default(".")
  .meta({ description: "folder that keeps the store, or its keys where a server has it", value: "DIR" });

export const homeOf = (context: Pick<CommandContext, "cwd">, home: string): string =>
  resolve(context.cwd, home);

/** Whose client; the only tenant if not given. */
export const tenantFlag = z
  .string()
  .optional()
  .meta({ description: "whose client; default: the only tenant", value: "NAME" });
