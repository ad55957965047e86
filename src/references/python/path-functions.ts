import type { Call } from "./evaluator.ts";
import { hole, joinValues, parentOf, unknownPath, fillHoles, type Value } from "./values.ts";

const here: Value = { text: "", base: "cwd", pieces: [], isPath: true };
const same = new Set(
  "abspath realpath normpath expanduser expandvars resolve absolute str fspath as_posix relpath normcase PurePath PosixPath AnyPath UPath to_absolute_path get_original_cwd".split(
    " ",
  ),
);

const asPath = (value: Value | undefined): Value | undefined =>
  value === undefined || value.items !== undefined || value.entries !== undefined
    ? undefined
    : { ...value, isPath: true };

/** Result of a call that only computes a path; `pass` if it is another call. */
export function pathFunction(call: Call): Value | undefined | "pass" {
  const { callee, receiver, args } = call;
  const last = callee.slice(callee.lastIndexOf(".") + 1);
  const values = args.filter((one) => one.keyword === undefined).map((one) => one.value);
  const first = values[0];
  switch (last) {
    case "join":
      // Of strings, not paths: `" ".join(words)`, `sep.join(...)`.
      if (
        !/(?:^|\.)(?:path|osp|ospath|posixpath)\.join$/.test(callee) &&
        callee !== "osp.join" &&
        callee !== "join"
      ) {
        return receiver === undefined ? "pass" : undefined;
      }
      return joinAll(values, undefined);
    case "joinpath":
      return joinAll(values, receiver ?? unknownPath);
    case "Path":
    case "PurePath":
    case "PosixPath":
      if (args.length === 0) return here;
      return values.length > 1 ? joinAll(values, undefined) : asPath(first);
    case "dirname":
      return first === undefined ? undefined : parentOf(first);
    case "getcwd":
    case "cwd":
      return args.length === 0 ? here : "pass";
    case "home":
      return args.length === 0 && callee.endsWith("Path.home")
        ? { ...here, base: "none", text: "~" }
        : "pass";
    case "getfile":
    case "getsourcefile":
      return { text: "", base: "file", self: true, pieces: [] };
    case "with_name":
      return receiver === undefined || first === undefined
        ? undefined
        : joinValues(parentOf(receiver), first);
    case "with_suffix":
      if (receiver === undefined || first === undefined || receiver.self === true) return undefined;
      return { ...receiver, text: receiver.text.replace(/\.\w+$/, "") + first.text };
    case "format":
      return receiver === undefined ? "pass" : fillHoles(receiver, /\{[\w.!:[\]]*\}/g);
    case "encode":
    case "strip":
    case "decode":
      return receiver;
    case "basename":
      return undefined;
    case "resource_filename":
    case "files":
      return "pass";
    default:
  }
  if (!same.has(last)) return "pass";
  return receiver !== undefined && args.every((one) => one.value === undefined) ? receiver : asPath(first);
}

function joinAll(values: readonly (Value | undefined)[], start: Value | undefined): Value | undefined {
  let result = start;
  let known = start !== undefined && start !== unknownPath;
  for (const value of values) {
    if (value?.items !== undefined || value?.entries !== undefined) return undefined;
    known ||= value !== undefined;
    const next: Value = value ?? { text: hole, base: "none", pieces: [] };
    result = result === undefined ? { ...next, isPath: true } : joinValues(result, next);
  }
  return known ? result : undefined;
}
