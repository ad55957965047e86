import { describe, expect, it } from "vitest";
import { TreeIndex } from "../../repository/index.ts";
import type { Inventory, InventoryPackage } from "../inventory.ts";
import { demote, type Failure } from "./failures.ts";
import { keepTogether } from "./keep-together.ts";
import { anchorOf, type ListedMove } from "./listed-moves.ts";
import { packagePlacements, proposePlaces, type Treatment } from "./layout.ts";
import type { Proposal } from "./settle-places.ts";

function inventoryOf(packages: InventoryPackage[], files: [path: string, owner: string][]): Inventory {
  const entries = files.map(([path]) => ({
    path,
    blob: "0".repeat(40),
    size: 1,
    mode: "file" as const,
    state: "tracked" as const,
  }));
  return {
    root: "/nowhere",
    commit: "0".repeat(40),
    index: new TreeIndex(entries),
    packages,
    files: files.map(([path, owner]) => ({
      path,
      package: owner,
      role: "script",
      blob: "0".repeat(40),
      bytes: 1,
    })),
    groups: [],
    copies: [],
    references: [],
    imports: [],
    entries: [],
  };
}

const one = (name: string, path = name): InventoryPackage => ({ name, path, vendored: false });
const untreated: Treatment = { together: new Set(), stay: new Map() };
const moving = (paths: readonly string[]): Map<string, Proposal> =>
  new Map(paths.map((path) => [path, { action: "move", to: `home/${path}`, because: [] }]));
const failure = (paths: string[], folders: string[] = []): Failure => ({ paths, folders, why: "it broke" });

describe("keepTogether", () => {
  const files = ["a", "b", "c", "d", "e", "f", "g", "h"].map((name): [string, string] => [
    `p/${name}.py`,
    "p",
  ]);
  const inventory = inventoryOf([one("p")], files);
  const proposed = moving(files.map(([path]) => path));
  const unproven = (count: number): Map<string, Proposal> =>
    new Map([...proposed].slice(0, count).map(([path]) => [path, { action: "keep", because: ["why"] }]));

  it("takes a package apart while nearly all of it is proven, else moves it as it is, else leaves it", () => {
    expect([...keepTogether(inventory, proposed, unproven(1), untreated).changed]).toEqual([]);
    const whole = keepTogether(inventory, proposed, unproven(2), untreated);
    expect([...whole.treatment.together]).toEqual(["p"]);
    expect([...keepTogether(inventory, proposed, unproven(4), whole.treatment).changed]).toEqual([]);
    const left = keepTogether(inventory, proposed, unproven(5), whole.treatment);
    expect(left.treatment.stay.get("p")).toBe("stays with its package: 5 of 8 files were why");
  });

  it("never moves the whole repository into a folder of itself", () => {
    const root = inventoryOf(
      [one(".", "")],
      files.map(([path]) => [path, "."]),
    );
    const judged = keepTogether(root, proposed, unproven(5), untreated);
    expect([...judged.treatment.together]).toEqual([]);
    expect(judged.treatment.stay.has(".")).toBe(true);
  });
});

describe("placements of packages as they are", () => {
  it("gives two packages of one name folders of their own, and leaves an inner one inside its outer one", () => {
    const packages = [one("a/x"), one("b/x"), one("outer"), one("outer/deep/inner")];
    const inventory = inventoryOf(
      packages,
      packages.map(({ path, name }) => [`${path}/train.py`, name]),
    );
    const names = new Set(packages.map(({ name }) => name));
    const placed = packagePlacements(inventory, "home", names, { together: names, stay: new Map() });
    expect(Object.fromEntries(placed)).toEqual({
      "a/x": { whole: "home/experimental/a-x" },
      "b/x": { whole: "home/experimental/b-x" },
      outer: { whole: "home/experimental/outer" },
      "outer/deep/inner": { whole: "home/experimental/outer/deep/inner" },
    });
  });

  it("leaves what speaks for the whole repository at its root", () => {
    const inventory = inventoryOf(
      [one(".", "")],
      [
        ["README.md", "."],
        ["LICENSE", "."],
        [".github/workflows/ci.yml", "."],
        ["pyproject.toml", "."],
        ["train.py", "."],
      ],
    );
    const places = proposePlaces(inventory, "home", new Set(["."]), untreated);
    expect([...places].filter(([from, to]) => from !== to)).toEqual([["train.py", "home/scripts/train.py"]]);
  });
});

describe("demote", () => {
  const paths = ["a/x.py", "a/y.py", "b/z.py", "c/w.py"];
  const packageOf = new Map(paths.map((path) => [path, path[0] as string]));
  const kept = (failures: Failure[], widely = false): string[] => [
    ...demote(moving(paths), failures, { packageOf, widely }),
  ];

  it("keeps what names before what is named, then what lies in the folders concerned", () => {
    expect(kept([failure(["a/x.py", "b/z.py"])])).toEqual(["a/x.py"]);
    expect(kept([failure(["elsewhere.md", "b/z.py"])])).toEqual(["b/z.py"]);
    expect(kept([failure(["elsewhere.md", "a"], ["a"])])).toEqual(["a/x.py", "a/y.py"]);
  });

  it("asks for more only where told to, and then always keeps something", () => {
    expect(kept([failure(["elsewhere.md"])])).toEqual([]);
    expect(kept([failure(["c/gone.py"])], true)).toEqual(["c/w.py"]);
    expect(kept([failure(["elsewhere.md"])], true)).toEqual(paths);
  });
});

describe("anchorOf", () => {
  it("is the lowest folder around a list of moves, unless all go into the home", () => {
    const move = (from: string, to: string): ListedMove => ({ from, to, line: 1 });
    expect(anchorOf([move("a/p/x/m.py", "a/p/y/m.py")], "home")).toBe("a/p");
    expect(anchorOf([move("a/p/x/m.py", "a/q/m.py"), move("a/p/n.py", "a/p/z/n.py")], "home")).toBe("a");
    expect(anchorOf([move("a/m.py", "b/m.py")], "home")).toBeUndefined();
    expect(anchorOf([move("a/m.py", "home/m.py")], "home")).toBeUndefined();
  });
});
