import { redactSecrets } from "./secret-filter.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Fields of a log line: ids, sizes, times, codes. Strings are cut at 200 characters: a record's text has no place here. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

export type Log = Record<LogLevel, (message: string, fields?: LogFields) => void>;

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const longest = 200;

/** A structured log: one JSON object a line through `write`, secrets filtered, nothing below `level`. */
export function createLog(options: {
  write: (line: string) => void;
  level?: LogLevel;
  clock?: () => Date;
}): Log {
  const least = order[options.level ?? "info"];
  const clock = options.clock ?? (() => new Date());
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (order[level] < least) return;
      const safe: LogFields = {};
      for (const [key, value] of Object.entries(fields)) {
        safe[key] =
          typeof value === "string" && value.length > longest ? `${value.slice(0, longest)}…` : value;
      }
      options.write(
        `${redactSecrets(JSON.stringify({ t: clock().toISOString(), level, message, ...safe }))}\n`,
      );
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
