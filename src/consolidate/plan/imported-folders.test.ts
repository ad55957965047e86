import { expect, it } from "vitest";
import type { ImportReference } from "../../references/index.ts";
import { importedFolders } from "./imported-folders.ts";

const file = (path: string, role: "model" | "utility" | "experimental") => ({
  path,
  role,
  package: "p",
  blob: "",
  bytes: 1,
});
const load = (module: string, target: string): ImportReference => ({
  path: "p/run.py",
  line: 1,
  start: 0,
  end: 1,
  module,
  class: "resolves",
  target,
  byEntry: [],
});

it("gives folders that are imported by their own names one role, the outermost of nested ones", () => {
  const files = [
    file("p/net/a.py", "model"),
    file("p/net/b.py", "model"),
    file("p/net/helpers.py", "utility"),
    file("p/net/inner/c.py", "experimental"),
    file("p/utils/d.py", "utility"),
  ];
  const imports = [
    load("net.a", "p/net/a.py"),
    load("net.inner.c", "p/net/inner/c.py"),
    load("inner.c", "p/net/inner/c.py"),
    load("utils.d", "p/utils/d.py"),
    load(".b", "p/net/b.py"),
    load("b", "p/net/b.py"),
  ];
  const found = importedFolders({ files, imports }, (name) => name === "utils");
  expect([...found]).toEqual([["p/net", "model"]]);
});
