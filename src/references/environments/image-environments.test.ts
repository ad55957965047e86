import { describe, expect, it } from "vitest";
import { TreeIndex } from "../../repository/index.ts";
import { extractFile } from "../extract/index.ts";
import type { Extraction } from "../schema.ts";
import { containerIgnore } from "./container-ignore.ts";
import { contextsInUse, imageEnvironments } from "./index.ts";

/** Sources from texts by path. */
function sourcesOf(files: Record<string, string>) {
  const index = new TreeIndex(
    Object.entries(files).map(([path, text]) => ({
      path,
      blob: path,
      size: text.length,
      mode: "file" as const,
      state: "tracked" as const,
    })),
  );
  const extractions = new Map<string, Extraction>();
  for (const [path, text] of Object.entries(files)) {
    const found = extractFile(path, Buffer.from(text, "utf8"));
    if (found !== undefined) extractions.set(path, found.extraction);
  }
  return { index, extractions };
}

describe("contextsInUse", () => {
  it("takes the contexts that scripts build with, else the folder that fits the sources", () => {
    const sources = sourcesOf({
      "a/Dockerfile": "FROM x\nCOPY src/ /app/\n",
      "a/src/m.py": "",
      "b/docker/Dockerfile": "FROM x\nCOPY b/lib /lib\n",
      "b/lib/n.py": "",
      "scripts/build.sh":
        'cd "$(dirname "$0")/.."\ndocker build -t a -f a/Dockerfile a\ndocker build -f a/Dockerfile .\n',
    });
    expect(
      contextsInUse(sources).map(({ dockerfile, context, isAssumed, evidence }) => [
        dockerfile,
        context,
        isAssumed,
        evidence.map(({ path, line }) => `${path}:${line}`).join(),
      ]),
    ).toEqual([
      ["a/Dockerfile", "", false, "scripts/build.sh:3"],
      ["a/Dockerfile", "a", false, "scripts/build.sh:2"],
      ["b/docker/Dockerfile", "", true, "undefined:undefined"],
    ]);
  });
});

describe("imageEnvironments", () => {
  it("puts copied files where COPY does, through stages, and says what runs", () => {
    const sources = sourcesOf({
      Dockerfile: `FROM python AS build
WORKDIR /src
COPY lib lib
COPY requirements*.txt ./
FROM python
ENV PYTHONPATH=/app/extra:/app
WORKDIR /app
COPY --from=build /src/lib ./lib
COPY --from=other/image /bin/tool /bin/tool
COPY train.py run.sh /app/
COPY one.py two.py
COPY conf /app/conf
RUN git clone https://host.example/o/l /opt/l
ENTRYPOINT ["python"]
CMD ["train.py"]
`,
      "lib/__init__.py": "",
      "lib/deep/m.py": "",
      "requirements-dev.txt": "",
      "train.py": "",
      "run.sh": "",
      "one.py": "",
      "conf/a.yaml": "",
      "conf/secret.yaml": "",
      ".dockerignore": "",
    });
    const [image] = imageEnvironments(sources);
    expect(image).toMatchObject({
      id: "image:Dockerfile",
      context: "",
      isAssumed: true,
      workdir: "/app",
      pythonPath: ["/app/extra", "/app"],
      entrypoint: ["python"],
      command: ["train.py"],
    });
    expect(image?.tree.files()).toEqual([
      ["/app/conf/a.yaml", "conf/a.yaml"],
      ["/app/conf/secret.yaml", "conf/secret.yaml"],
      ["/app/lib/__init__.py", "lib/__init__.py"],
      ["/app/lib/deep/m.py", "lib/deep/m.py"],
      ["/app/run.sh", "run.sh"],
      ["/app/train.py", "train.py"],
      ["/app/two.py", "one.py"],
    ]);
    const { tree } = image as NonNullable<typeof image>;
    expect(tree.toRepository("/app/lib/deep/m.py")).toBe("lib/deep/m.py");
    expect(tree.toRepository("/app/lib/none.py")).toBeUndefined();
    expect(tree.toImage("one.py")).toEqual(["/app/two.py"]);
    expect([
      tree.has("/app"),
      tree.has("/app/lib"),
      tree.has("/bin/tool"),
      tree.has("/opt/l/x.py"),
      tree.has("/x"),
    ]).toEqual([true, true, true, true, false]);
  });

  it("lets a later COPY hide an earlier one", () => {
    const sources = sourcesOf({
      Dockerfile: "FROM x\nCOPY a /d/\nCOPY b.py /d/m.py\n",
      "a/m.py": "",
      "b.py": "",
    });
    const [image] = imageEnvironments(sources);
    expect(image?.tree.toRepository("/d/m.py")).toBe("b.py");
    expect(image?.tree.toImage("a/m.py")).toEqual([]);
  });

  it("says that it cannot know a place that a variable names", () => {
    const sources = sourcesOf({ Dockerfile: "FROM x\nARG D\nCOPY a.py $D/\n", "a.py": "" });
    expect(imageEnvironments(sources)[0]?.tree.hasUnknown).toBe(true);
  });
});

describe("containerIgnore", () => {
  it.each([
    [["data"], "data/x/y.bin", true],
    [["*.pyc"], "a/b.pyc", false],
    [["**/*.pyc"], "a/b.pyc", true],
    [["*", "!src"], "src/a.py", false],
    [["*", "!src"], "docs/a.md", true],
    [["/out/"], "out/a", true],
    [["a?c/[xy].txt"], "abc/x.txt", true],
    [["["], "a", false],
  ])("%j on %s: %s", (patterns, path, expected) => {
    const rules = patterns.map((pattern) => ({
      pattern: pattern.replace(/^!/, ""),
      isException: pattern.startsWith("!"),
    }));
    expect(containerIgnore(rules)(path)).toBe(expected);
  });
});
