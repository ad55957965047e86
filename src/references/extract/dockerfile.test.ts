import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mention } from "../schema.ts";
import { dockerfile } from "./dockerfile.ts";

function shown({ raw, path, bases, kind, strength, key }: Mention): string {
  const places = bases.map((base) =>
    base.kind === "clone" ? `clone:${base.url}` : "path" in base ? `${base.kind}:${base.path}` : base.kind,
  );
  return `${raw} -> ${path} @${places.join(",")} | ${kind} ${strength}${key === undefined ? "" : ` ${key}`}`;
}

const extract = (text: string) => dockerfile.extract(text, "Dockerfile");
const context = "context,file,root,above";

describe("dockerfile", () => {
  it.each([
    ["Dockerfile", true],
    ["a/Dockerfile.train", true],
    ["docker/train.Dockerfile", true],
    ["lz-Dockerfile", true],
    ["Containerfile", true],
    ["Dockerfile.md", false],
    ["Dockerfile.dockerignore", false],
    ["build_dockerfile.py", false],
  ])("%s: %s", (path, expected) => {
    expect(dockerfile.matches(path, "")).toBe(expected);
  });

  it("reads stages, copies in both forms, commands in the image", () => {
    const text = `# syntax=docker/dockerfile:1
ARG BASE=python:3.11
FROM \${BASE} AS base
ENV PYTHONPATH=/app/src
WORKDIR /app
COPY --chown=a:b requirements.txt ./
RUN pip install -r requirements.txt && \\
    # a comment inside
    echo done
FROM base
COPY ["my files/train.py", "conf/", "/app/"]
COPY --from=base /x /y
ADD https://host.example/a.tgz data/*.csv /data/
CMD ["python", "train.py", "--config", "conf/a.yaml"]
`;
    const { mentions, commands, stages, notes } = extract(text);
    expect(mentions.map(shown)).toEqual([
      `requirements.txt -> requirements.txt @${context} | copy hard COPY`,
      "requirements.txt -> requirements.txt @image:/app | include hard r",
      `my files/train.py -> my files/train.py @${context} | copy hard COPY`,
      `conf/ -> conf/ @${context} | copy hard COPY`,
      `data/*.csv -> data/*.csv @${context} | copy hard ADD`,
      "train.py -> train.py @image:/app | command hard",
      "conf/a.yaml -> conf/a.yaml @image:/app | argument soft config",
    ]);
    expect(commands?.map(({ words, cwd, cwdBase }) => [words.join(" "), cwdBase, cwd])).toEqual([
      ["pip install -r requirements.txt", "image", "/app"],
      ["python train.py --config conf/a.yaml", "image", "/app"],
    ]);
    expect(stages).toEqual([
      {
        name: "base",
        from: "python:3.11",
        copies: [{ sources: ["requirements.txt"], target: "/app/", line: 6 }],
        made: [],
        workdir: "/app",
        environment: { PYTHONPATH: "/app/src" },
      },
      {
        from: "base",
        copies: [
          { sources: ["my files/train.py", "conf/"], target: "/app/", line: 11 },
          { sources: ["/x"], target: "/y", stage: "base", line: 12 },
          { sources: ["data/*.csv"], target: "/data/", line: 13 },
        ],
        made: [],
        workdir: "/app",
        environment: { PYTHONPATH: "/app/src" },
        command: ["python", "train.py", "--config", "conf/a.yaml"],
      },
    ]);
    expect(notes).toEqual([]);
  });

  it("keeps a clone apart from what was copied, over several RUN lines", () => {
    const text = `FROM x
COPY . /w
RUN git clone https://host.example/o/lib.git /opt/lib
WORKDIR /opt/lib
RUN pip install -r requirements.txt
RUN cd /w && python setup.py install
`;
    expect(extract(text).mentions.map(shown)).toEqual([
      `. -> . @${context} | copy hard COPY`,
      "requirements.txt -> requirements.txt @clone:https://host.example/o/lib.git | include soft r",
      "/w -> /w @image:/ | command soft cd",
      "setup.py -> setup.py @image:/w | command hard",
    ]);
  });

  it("does not call hard what only the base image can hold", () => {
    const text = "FROM nvcr.example/x\nWORKDIR /workspace\nRUN python tools/setup.py\n";
    expect(extract(text).mentions.map(shown)).toEqual([
      "tools/setup.py -> tools/setup.py @image:/workspace | command soft",
    ]);
  });

  it("reads here-documents and bind mounts", () => {
    const text = `FROM x
COPY . /app
WORKDIR /app
RUN <<EOF
python a.py
EOF
COPY <<EOF /app/made.json
{}
EOF
RUN --mount=type=bind,source=lock/r.txt,target=/r.txt --mount=type=cache,target=/c pip install -r /r.txt
`;
    const { mentions, stages } = extract(text);
    expect(mentions.map(shown)).toEqual([
      `. -> . @${context} | copy hard COPY`,
      "a.py -> a.py @image:/app | command hard",
      `lock/r.txt -> lock/r.txt @${context} | copy hard --mount`,
      "/r.txt -> /r.txt @image:/ | include soft r",
    ]);
    expect(stages?.[0]?.made).toEqual(["/app/made.json"]);
  });

  it("survives broken files", () => {
    const broken = [
      "",
      "FROM",
      "COPY",
      "COPY a",
      "RUN \\",
      "COPY [",
      'COPY ["a',
      "RUN <<EOF\nx",
      "\u00ff\u00fe",
    ];
    for (const text of broken) expect(() => extract(text)).not.toThrow();
    expect(extract("FROM x\r\nCOPY a.py b\r\n").mentions.map(shown)).toEqual([
      `a.py -> a.py @${context} | copy hard COPY`,
    ]);
  });

  it("spans hold exactly what they say", () => {
    const piece = fc.constantFrom(
      ..."FROM,COPY,ADD,RUN,CMD,WORKDIR,ENV,ARG, ,\n,\\\n,[,],\",',$X,${Y:-a/b.py},a/b.py,/app,./x.sh,python,cd,--from=a,<<EOF,EOF,#,é,\r\n,&&,*".split(
        ",",
      ),
    );
    let seen = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(" "), "utf8");
        for (const { start, end, raw } of extract(bytes.toString("latin1")).mentions) {
          seen += 1;
          expect(bytes.subarray(start, end).toString("utf8")).toBe(raw);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(seen).toBeGreaterThan(50);
  });
});
