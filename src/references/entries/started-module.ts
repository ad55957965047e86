import { checkers, foreignModules } from "../shell/commands.data.ts";
import { unwrapLaunch } from "./launch.ts";

const moduleName = /^[A-Za-z_]\w*(?:\.\w+)*(?::[A-Za-z_][\w.]*(?:\(.*\))?)?$/;

/**
 * The module that a command starts, behind whatever launches it, as it is written: `a.b` after `-m`, `a.b:app` of a
 * server; undefined for a script, and for what comes with Python or a tool.
 */
export function startedModule(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { name: string; folder?: string; pythonPath: string } | undefined {
  const launch = unwrapLaunch(words, environment);
  if (launch === undefined || launch.mode === "script") return undefined;
  const { target: name, folder } = launch;
  if (!moduleName.test(name) || foreignModules.test(name) || checkers.has(name)) return undefined;
  return {
    name,
    ...(folder === undefined ? {} : { folder }),
    pythonPath: launch.environment["PYTHONPATH"] ?? "",
  };
}
