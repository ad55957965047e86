import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

type Data = { name: string; action: string; to?: string; because: string[] };
type Row = { path: string; is: string; here?: string };
type Planned = { data: Data[]; listing: Row[] };

describe("plan --listing", () => {
  it("tells what exists only elsewhere, points to missing data there, and keeps a person's decision", async () => {
    const root = await sample(7701);
    const [list, plan] = [join(root, "../list.json"), join(root, "../plan.yaml")];
    const here = "ai/training_ready/S3_EXECUTION_ORDER.md";
    const bytes = readFileSync(join(root, here));
    const bare = (await run(root, "plan", "--all", "--out", plan)).document as unknown as Planned;
    const [first, second, third] = bare.data.filter((one) => one.to === undefined).map((one) => one.name) as [
      string,
      string,
      string,
    ];
    expect(third).toBeDefined();
    writeFileSync(
      list,
      JSON.stringify({
        Contents: [
          {
            Key: "copy/of/it.md",
            Size: bytes.length,
            ETag: `"${createHash("md5").update(bytes).digest("hex")}"`,
          },
          { Key: "parts/S3_EXECUTION_ORDER.md", Size: bytes.length, ETag: `"${"0".repeat(32)}-2"` },
          { Key: `big/${first}`, Size: 2_490_000_000, ETag: `"${"1".repeat(32)}-9"` },
          { Key: `a/${second}`, Size: 10 },
          { Key: `b/${second}`, Size: 11 },
          { Key: "only/there.bin", Size: 12 },
        ],
      }),
    );
    const words = ["--listing", list, "--listing-base", "s3://bucket/x"];
    const { document } = await run(root, "plan", "--all", "--out", plan, ...words);
    const { data, listing } = document as unknown as Planned;
    expect(listing.map(({ path, is, here: file }) => [path, is, file])).toEqual(
      [
        [`a/${second}`, "only-there", undefined],
        [`b/${second}`, "only-there", undefined],
        [`big/${first}`, "only-there", undefined],
        ["copy/of/it.md", "identical", here],
        ["only/there.bin", "only-there", undefined],
        ["parts/S3_EXECUTION_ORDER.md", "same-name-and-size", here],
      ].sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
    );
    const lineOf = (name: string): Data | undefined => data.find((one) => one.name === name);
    expect(lineOf(first)).toMatchObject({ action: "pointer", to: `s3://bucket/x/big/${first}` });
    expect(lineOf(second)?.to).toBeUndefined();
    expect(lineOf(second)?.because).toEqual([`several in the listing: a/${second}, b/${second}`]);

    // A person chooses; the choice is in the next plan, and in the home's list.
    const text = readFileSync(plan, "utf8");
    expect(text).toContain("onlyThere: 4");
    const chosen = text
      .split("\n")
      .map((row) =>
        row.includes(`name: ${second}`)
          ? row.replace("action: pointer", `action: pointer, to: s3://bucket/x/b/${second}`)
          : row,
      )
      .join("\n");
    expect(chosen).not.toBe(text);
    writeFileSync(plan, chosen);
    const again = await run(root, "plan", "--all", "--update", plan, "--out", plan, ...words);
    expect((again.document as unknown as Planned).data.find((one) => one.name === second)?.to).toBe(
      `s3://bucket/x/b/${second}`,
    );
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    const manifest = JSON.parse(git(root, "show", "HEAD:ai/training_ready/home.json")) as {
      datasets: { name: string; state: string; pointer?: string }[];
    };
    const inHome = (name: string): unknown => manifest.datasets.find((one) => one.name === name);
    expect(inHome(first)).toMatchObject({ state: "remote", pointer: `s3://bucket/x/big/${first}` });
    expect(inHome(second)).toMatchObject({ state: "remote", pointer: `s3://bucket/x/b/${second}` });
    expect(inHome(third)).toMatchObject({ state: "missing" });
    const review = join(root, "../review");
    expect(await run(root, "verify", "--out", review)).toMatchObject({ code: 0, document: { ok: true } });
    const page = readFileSync(join(review, "consolidation.html"), "utf8").replaceAll(/\s+/g, " ");
    expect(page).toContain("6 files listed: 1 identical to one here, 1 of the same name and size");
    for (const cell of ["only/there.bin", `s3://bucket/x/b/${second}`, `s3://bucket/x/big/${first}`, third])
      expect(page).toContain(`<td><code>${cell}</code></td>`);
  }, 180_000);

  it("refuses what is no listing before a plan is written", async () => {
    const root = await sample(7702);
    const list = join(root, "../list.txt");
    writeFileSync(list, "not a listing\n");
    expect(await run(root, "plan", "--all", "--listing", list)).toMatchObject({
      document: { error: { code: "E_LISTING" } },
    });
    expect(git(root, "status", "--porcelain")).toBe("");
  }, 60_000);
});
