import { describe, expect, it } from "vitest";
import { TreeIndex } from "../../repository/index.ts";
import { extractFile } from "../extract/index.ts";
import { resolveReferences } from "../resolve-references.ts";

/** Each reference of a file as `raw -> target (base) class`. */
function resolved(files: Record<string, string>, of: string): string[] {
  const index = new TreeIndex(
    Object.entries(files).map(([path, text]) => ({
      path,
      blob: path,
      size: text.length,
      mode: "file" as const,
      state: "tracked" as const,
    })),
  );
  const extractions = Object.entries(files).flatMap(([path, text]) => {
    const found = extractFile(path, Buffer.from(text, "utf8"));
    return found === undefined ? [] : [{ path, extraction: found.extraction }];
  });
  const config = { repositoryUrls: ["https://github.com/us/ours.git"] };
  return resolveReferences({ index, extractions, history: undefined, packages: [], config })
    .references.filter(({ path }) => path === of)
    .map(({ raw, target, base, class: kind }) => `${raw} -> ${target} (${base}) ${kind}`);
}

describe("bases of images, contexts, clones", () => {
  it("follows COPY into the image, and knows what only the image can hold", () => {
    const files = {
      "svc/Dockerfile":
        "FROM x\nWORKDIR /app\nCOPY . /app\nCOPY gone.txt /app/\nRUN pip install -r requirements.txt && python tools/gone.py\nRUN bash /opt/base/setup.sh\n",
      "svc/requirements.txt": "",
      "build.sh": "docker build svc\n",
    };
    expect(resolved(files, "svc/Dockerfile")).toEqual([
      ". -> svc (cwd:svc) resolves",
      "gone.txt -> svc/gone.txt (undefined) stale",
      "requirements.txt -> svc/requirements.txt (image:svc/Dockerfile) resolves",
      "tools/gone.py -> svc/tools/gone.py (undefined) stale",
      "/opt/base/setup.sh -> opt/base/setup.sh (undefined) external",
    ]);
  });

  it("takes a clone of its own address for the root, another for external", () => {
    const files = {
      "docs/run.sh":
        "git clone https://github.com/us/ours\ncd ours/tools\npython a.py\ncd ../..\ngit clone https://github.com/them/x\ncd x\npython setup.py\n",
      "tools/a.py": "",
      "setup.py": "",
    };
    expect(resolved(files, "docs/run.sh").filter((line) => line.includes(".py"))).toEqual([
      "a.py -> tools/a.py (root) resolves",
      "setup.py -> setup.py (undefined) external",
    ]);
  });

  it("tries the folders above a script", () => {
    const files = { "p/q/scripts/deep/run.sh": "python src/a.py\n", "p/q/src/a.py": "" };
    expect(resolved(files, "p/q/scripts/deep/run.sh")).toEqual([
      "src/a.py -> p/q/src/a.py (cwd:p/q) resolves",
    ]);
  });
});
