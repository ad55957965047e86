import {
  callRules,
  commandCalls,
  dottedCalls,
  pathMethods,
  type CallRule,
  type PathRole,
} from "./call-table.data.ts";
import type { Call, Listener } from "./evaluator.ts";
import type { MentionSink } from "./mention-sink.ts";
import { pathFunction } from "./path-functions.ts";
import { hasFileSuffix, isPathKey, shapeOf } from "./path-shapes.ts";
import { pathTextOf } from "./string-literals.ts";
import { hole, isContainer, joinValues, type Value } from "./values.ts";

/** What else an expression may tell, beside paths. */
export type Reports = {
  command(value: Value, call: Call): void;
  dotted(value: Value, kind: "module" | "attribute"): void;
  message(value: Value): void;
  searchPath(value: Value | undefined, place: "first" | "last", at: number): void;
};

/** Names of a text with what is known of them, by scope. Names in no scope are unknown. */
export type Names = {
  get(name: string): Value | undefined;
  set(name: string, value: Value | undefined): void;
};

/** Functions and context managers that put a folder on the search path, by their name (`syspath_prepend` is pytest's). */
const pathHelper =
  /^(?:syspath_prepend|(?:add|append|insert|prepend|extend|push)_?(?:to_?)?(?:sys|python)_?path\w*|(?:sys|python)_?path_?(?:insert|append|prepend|context|manager))$/i;

function ruleOf(callee: string): CallRule | undefined {
  const last = callee.lastIndexOf(".");
  return last < 0
    ? callRules.get(callee)
    : (callRules.get(lastTwo(callee)) ?? callRules.get(callee.slice(last + 1)));
}

/** The last two names of a dotted one. */
function lastTwo(callee: string): string {
  const before = callee.lastIndexOf(".", callee.lastIndexOf(".") - 1);
  return before < 0 ? callee : callee.slice(before + 1);
}

const uses: Record<PathRole, { strength: "hard" | "soft"; use?: "read" | "write" | "run" }> = {
  reads: { strength: "hard", use: "read" },
  folder: { strength: "hard", use: "read" },
  runs: { strength: "hard", use: "run" },
  asks: { strength: "soft", use: "read" },
  writes: { strength: "soft", use: "write" },
  model: { strength: "soft", use: "read" },
  globs: { strength: "soft", use: "read" },
  message: { strength: "soft" },
};

// Attributes that only look like a bare path function of a module: `re.compile`, `x.load(...)` of unknown objects.
const urlLike = /^[a-z][a-z0-9+.-]{1,20}:\/\//i;

/** Turns evaluated expressions into mentions. */
export class PathStrings implements Listener {
  readonly #sink: MentionSink;
  readonly #names: Names;
  readonly #reports: Reports;

  constructor(sink: MentionSink, names: Names, reports: Reports) {
    this.#sink = sink;
    this.#names = names;
    this.#reports = reports;
  }

  lookUp(name: string): Value | undefined {
    if (name === "__file__" || name === "sys.argv") {
      const self: Value = { text: "", base: "file", self: true, pieces: [] };
      return name === "__file__" ? self : { text: "", base: "none", pieces: [], items: [self] };
    }
    if (name === "os.curdir" || name === "os.path.curdir") return { text: ".", base: "none", pieces: [] };
    if (name === "os.pardir" || name === "os.path.pardir") return { text: "..", base: "none", pieces: [] };
    if (name === "os.sep" || name === "os.path.sep") return { text: "/", base: "none", pieces: [] };
    return this.#names.get(name);
  }

  onWalrus(name: string, value: Value | undefined): void {
    if (value !== undefined) this.onValue(value, name);
    this.#names.set(name, value);
  }

  /** A value that nothing opens: it is a mention if it looks like a path. */
  onValue(value: Value, key: string): void {
    if (isContainer(value)) {
      for (const item of value.items ?? []) if (item !== undefined) this.onValue(item, key);
      for (const entry of value.entries ?? []) {
        const name = entry.key === undefined || entry.key.text.length > 80 ? key : entry.key.text;
        if (entry.key !== undefined) this.onValue(entry.key, key);
        if (entry.value !== undefined) this.onValue(entry.value, name);
      }
      return;
    }
    if (value.pieces.length === 0 || value.mention !== undefined) return;
    if (value.isPath !== true && !value.text.includes("/") && !value.text.includes(".")) {
      if (!value.text.includes("\\")) return;
    }
    const path = pathTextOf(value);
    if (path.includes("://") && urlLike.test(path)) {
      if (/\bgit(?:hub|lab|ee)|raw\.githubusercontent|colab\.research/.test(path) && !/\s/.test(path))
        this.#sink.enter(value, { strength: "weak", kind: "url", key });
      return;
    }
    const shape = shapeOf(path, key);
    if (shape === "no") {
      if (value.isPath === true && value.base !== "none" && /^[\w./-]+$/.test(path) && /\w/.test(path))
        this.#sink.enter(value, { strength: "soft", key });
      else if (/\s/.test(path)) this.#reports.message(value);
      else if (/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?::\w+)?$/.test(path) && dottedKey.test(key))
        this.#reports.dotted(value, "attribute");
      return;
    }
    const soft = value.isPath === true || (shape === "path" && (path.includes("/") || isPathKey(key)));
    this.#sink.enter(value, { strength: soft ? "soft" : "weak", key });
  }

  onCall(call: Call): Value | undefined {
    const { callee, receiver, args } = call;
    const result = pathFunction(call);
    if (result !== "pass") {
      // What a path function does not use of its arguments still counts.
      if (result === undefined)
        for (const { value, keyword } of args) if (value !== undefined) this.onValue(value, keyword ?? "");
      return result;
    }
    const last = callee.slice(callee.lastIndexOf(".") + 1);
    if (/^(?:sys\.)?path\.(?:insert|append|extend)$|^site\.addsitedir$/.test(callee) || pathHelper.test(last))
      return this.#searchPath(call);
    const dotted = dottedCalls.get(callee) ?? dottedCalls.get(lastTwo(callee));
    if (dotted !== undefined && args[0]?.value !== undefined && !isContainer(args[0].value)) {
      this.#reports.dotted(args[0].value, dotted);
      this.#rest(args.slice(1), "");
      return undefined;
    }
    if (commandCalls.has(callee) || commandCalls.has(lastTwo(callee))) return this.#command(call);
    if (receiver !== undefined && receiver.text !== "" && pathMethods.has(last)) {
      this.#open(receiver, pathMethods.get(last) as PathRole, last);
      this.#rest(args, "");
      return undefined;
    }
    if (receiver !== undefined && last === "open") {
      this.#open(receiver, roleOfMode(args[0]?.value, "reads"), last);
      return undefined;
    }
    if ((last === "glob" || last === "rglob") && args[0]?.value !== undefined && receiver !== undefined) {
      const pattern = joinValues(receiver, args[0].value);
      this.#sink.enter(pattern, { strength: "soft", use: "read", key: last, glob: true });
      return undefined;
    }
    if (last === "add_argument" || last === "add_option" || /^click\.(?:option|argument)$/.test(callee)) {
      this.#option(call);
      return undefined;
    }
    if (/^(?:os\.environ\.get|os\.getenv|environ\.get|getenv)$/.test(callee)) {
      const name = args[0]?.value?.text ?? "";
      const value = args[1]?.value;
      if (value !== undefined) this.onValue(value, name);
      return value;
    }
    if (callee === "hydra.main" || callee === "initialize" || callee === "hydra.initialize") {
      this.#hydra(call);
      return undefined;
    }
    const rule = ruleOf(callee);
    if (rule !== undefined) this.#apply(call, rule, last);
    else {
      if (receiver !== undefined) this.onValue(receiver, "");
      this.#rest(args, "");
    }
    return undefined;
  }

  #rest(args: readonly { keyword: string | undefined; value: Value | undefined }[], key: string): void {
    for (const { keyword, value } of args) {
      if (value === undefined) continue;
      if (keyword === "help" || keyword === "description" || keyword === "epilog" || keyword === "usage")
        this.#reports.message(value);
      else this.onValue(value, keyword ?? key);
    }
  }

  #apply(call: Call, rule: CallRule, last: string): void {
    if (rule.role === "message") {
      for (const { value } of call.args) {
        if (value === undefined) continue;
        if (isContainer(value) || !/\s/.test(value.text)) this.onValue(value, last);
        else this.#reports.message(value);
      }
      return;
    }
    const mode = call.args.find(
      (one, position) => one.keyword === "mode" || (one.keyword === undefined && position === rule.mode),
    );
    for (const [position, { keyword, value }] of call.args.entries()) {
      if (value === undefined) continue;
      const isPath =
        keyword === undefined
          ? rule.positions?.includes(position) === true
          : rule.keywords?.includes(keyword) === true;
      if (!isPath) {
        this.#rest([{ keyword, value }], "");
        continue;
      }
      const role = rule.mode === undefined ? rule.role : roleOfMode(mode?.value, rule.role);
      this.#open(
        value,
        keyword !== undefined && /^data_(?:files|dir)$/.test(keyword) ? "reads" : role,
        keyword ?? last,
      );
    }
    if (call.receiver !== undefined) this.onValue(call.receiver, "");
  }

  #open(value: Value, role: PathRole, key: string): void {
    if (isContainer(value)) {
      for (const item of value.items ?? []) if (item !== undefined) this.#open(item, role, key);
      for (const entry of value.entries ?? [])
        if (entry.value !== undefined) this.#open(entry.value, role, key);
      return;
    }
    const path = pathTextOf(value);
    if (
      path === "" ||
      path.length > 400 ||
      /[\n\r\0]/.test(path) ||
      /^[-<{[]/.test(path.replaceAll(pathHole, "")) ||
      urlLike.test(path)
    ) {
      if (urlLike.test(path)) this.onValue(value, key);
      return;
    }
    if (/^\/dev\/(?:null|std\w+|tty|shm\/?$)/.test(path) || path === "." || path === "..") return;
    const { strength, use } = uses[role];
    if (
      role === "model" &&
      !/^[.~/]|\/.*\/|\.\w+$/.test(path) &&
      !path.includes(pathHole) &&
      value.base === "none"
    ) {
      // An id of a hub, unless a folder of that name is here; a lone word says nothing.
      if (path.includes("/")) this.#sink.enter(value, { strength: "weak", use: "read", key });
      return;
    }
    const glob = role === "globs" || (/[*?]/.test(path) && role !== "writes");
    this.#sink.enter(value, {
      strength,
      ...(use === undefined ? {} : { use }),
      key,
      ...(glob ? { glob } : {}),
    });
  }

  #command(call: Call): undefined {
    const words: Value[] = [];
    for (const { keyword, value } of call.args) {
      if (value === undefined) continue;
      if (keyword === "cwd") this.#open(value, "folder", "cwd");
      else if (keyword === undefined || keyword === "args" || keyword === "cmd") words.push(value);
      else this.onValue(value, keyword);
    }
    const [first] = words;
    if (first === undefined) return undefined;
    const isList = first.items !== undefined || words.length > 1;
    this.#reports.command(
      isList && first.items === undefined ? { text: "", base: "none", pieces: [], items: words } : first,
      call,
    );
    return undefined;
  }

  #searchPath(call: Call): undefined {
    const last = call.args.at(-1)?.value;
    const isFirst = /(?:insert|prepend)$/i.test(call.callee);
    this.editSearchPath(last?.items ?? [last], isFirst ? "first" : "last", call.at);
    return undefined;
  }

  /** Folders that an edit at token `at` puts on the search path; undefined ones are not known. */
  editSearchPath(folders: readonly (Value | undefined)[], place: "first" | "last", at: number): void {
    for (const one of folders) {
      this.#reports.searchPath(one, place, at);
      if (one !== undefined && one.text !== "" && /\w/.test(one.text)) this.#open(one, "folder", "sys.path");
    }
  }

  #option(call: Call): void {
    const name = call.args.find(
      (one) => one.keyword === undefined && one.value?.text.startsWith("--") === true,
    );
    const key = name?.value?.text ?? call.args[0]?.value?.text ?? "";
    for (const { keyword, value } of call.args) {
      if (value === undefined || keyword === undefined) continue;
      if (keyword === "help") this.#reports.message(value);
      else this.onValue(value, key.replace(/^-+/, ""));
    }
  }

  /** `@hydra.main(config_path="../conf", config_name="config")`: relative to this file. */
  #hydra(call: Call): void {
    const of = (name: string): Value | undefined => call.args.find((one) => one.keyword === name)?.value;
    const folder =
      of("config_path") ?? (call.args[0]?.keyword === undefined ? call.args[0]?.value : undefined);
    const name = of("config_name");
    if (folder === undefined || folder.text.includes("://")) return;
    const base: Value = { text: "", base: "file", pieces: [] };
    const path = joinValues(base, folder);
    this.#sink.enter(path, { strength: "hard", use: "read", key: "config_path" });
    if (name === undefined || name.text.includes(hole)) return;
    const file = hasFileSuffix(name.text) ? name : { ...name, text: `${name.text}.yaml` };
    this.#sink.enter(joinValues(path, file), { strength: "hard", use: "read", key: "config_name" });
  }
}

const pathHole = "{…}";
const dottedKey =
  /_target_|target|module|class|import|lazy|backend|entry|factory|handler|plugin|INSTALLED_APPS|MIDDLEWARE|auto_map/i;

function roleOfMode(mode: Value | undefined, otherwise: PathRole): PathRole {
  if (mode === undefined || mode.text === "") return otherwise;
  return /[wax]/.test(mode.text) ? "writes" : "reads";
}
