import { describe, expect, it } from "vitest";
import { entriesOf, mainGuard, resolved } from "../imports/small-tree.test-support.ts";

const fence = (text: string): string => `# Use\n\n\`\`\`bash\n${text}\n\`\`\`\n`;

describe("entry points", () => {
  it("come from documents, with the folder they say", async () => {
    expect(
      await entriesOf({
        "README.md": fence("cd app\npython scripts/train.py --x\npython -m pkg.tool"),
        "app/scripts/train.py": "import helper\nfrom pkg import tool\n",
        "app/scripts/helper.py": "",
        "app/pkg/__init__.py": "",
        "app/pkg/tool.py": "from . import tool\nimport pkg.gone\n",
      }),
    ).toEqual(["module app/pkg/tool.py app: pkg.gone", "script app/scripts/train.py app: pkg"]);
  });

  it("load with the PYTHONPATH of their command, and with what the document exports", async () => {
    const files = {
      "scripts/a.py": "import lib_one\n",
      "src/lib_one.py": "",
    };
    expect(await entriesOf({ ...files, "README.md": fence("PYTHONPATH=src python scripts/a.py") })).toEqual([
      "script scripts/a.py .: loads",
    ]);
    expect(await entriesOf({ ...files, "README.md": fence("python scripts/a.py") })).toEqual([
      "script scripts/a.py .: lib_one",
    ]);
    expect(
      await entriesOf({ ...files, "README.md": fence("export PYTHONPATH=$PWD/src\n\npython scripts/a.py") }),
    ).toEqual(["script scripts/a.py .: loads"]);
  });

  it("load what an installable project around them has; its scripts are entries too", async () => {
    expect(
      await entriesOf({
        "pyproject.toml":
          '[project]\nname = "thing"\n[project.scripts]\nthing = "thing.cli:main"\nbad = "thing.gone:main"\n',
        "src/thing/__init__.py": "",
        "src/thing/cli.py": "def main(): pass\n",
        "tools/run.py": `import thing.cli\n${mainGuard}`,
      }),
    ).toEqual([
      "console src/thing/cli.py .: loads",
      "console src/thing/gone.py .: thing.gone",
      "script tools/run.py .: loads",
    ]);
  });

  it("named by main guards alone start in the way in which they load", async () => {
    expect(
      await entriesOf({
        "p/a.py": `from . import b\n${mainGuard}`,
        "p/b.py": `import c\n${mainGuard}`,
        "p/c.py": "",
        "p/d.py": `from p import c\nimport c\n${mainGuard}`,
      }),
    ).toEqual(["module p/a.py .: c", "script p/b.py .: loads", "script p/d.py .: loads"]);
  });

  it("load the packages above a module first", async () => {
    expect(
      await entriesOf({
        "README.md": fence("python -m p.q.run"),
        "p/__init__.py": "import p.gone\n",
        "p/q/__init__.py": "",
        "p/q/run.py": "",
      }),
    ).toEqual(["module p/q/run.py .: p.gone"]);
  });

  it("of servers need the application they name", async () => {
    const files = { "srv/api.py": "app = 1\n", "srv/other.py": "" };
    expect(
      await entriesOf({
        ...files,
        "README.md": fence("cd srv && uvicorn api:app --port 1\nuvicorn --app-dir srv other:app"),
      }),
    ).toEqual(["asgi srv/api.py srv: loads", "asgi srv/other.py srv: :app"]);
  });

  it("follow edits of sys.path, also from the working directory, and do not guess about unknown ones", async () => {
    const files = { "lib/one.py": "x = 1\n", "README.md": fence("python tools/run.py") };
    const run = (line: string): Record<string, string> => ({
      ...files,
      "tools/run.py": `import sys, os\n${line}\nfrom one import x\n`,
    });
    expect(await entriesOf(run("sys.path.append('lib')"))).toEqual(["script tools/run.py .: loads"]);
    expect(
      await entriesOf(run("sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../lib'))")),
    ).toEqual(["script tools/run.py .: loads"]);
    expect(await entriesOf(run("sys.path.append('other')"))).toEqual(["script tools/run.py .: one"]);
    expect(await entriesOf(run("sys.path.append(folder_of(x))"))).toEqual(["script tools/run.py .: loads"]);
  });

  it("in an image load what its COPY lines put there", async () => {
    const files = {
      "app/server.py": "import near\nimport fastapi\n",
      "app/near.py": "",
      "app/requirements.txt": "fastapi\n",
    };
    const image = (copies: string): Record<string, string> => ({
      ...files,
      "app/Dockerfile": `FROM python:3.11\nWORKDIR /srv\n${copies}\nCMD ["python", "server.py"]\n`,
    });
    const ofImage = async (copies: string): Promise<string[]> =>
      (await resolved(image(copies))).entries
        .filter(({ id }) => id.startsWith("image:"))
        .map(({ path, cwd, loads, missing }) => `${path} ${cwd} ${loads} ${missing.join(" ")}`.trim());
    expect(await ofImage("COPY . .")).toEqual(["app/server.py /srv true"]);
    expect(await ofImage("COPY server.py .")).toEqual(["app/server.py /srv false near"]);
  });

  it("that history had and nothing has now are broken; what never was is no entry", async () => {
    const files = { "README.md": fence("python old/run.py\npython never/run.py"), "a.py": "" };
    expect(await entriesOf(files, { past: ["old/run.py"] })).toEqual(["script old/run.py .: old/run.py"]);
  });
});

describe("collisions", () => {
  const kinds = async (files: Record<string, string>): Promise<string[]> =>
    (await resolved(files)).collisions.map(({ kind, name, paths }) => `${kind} ${name} ${paths.join(" ")}`);

  it("are names that hide the standard library or an installed package", async () => {
    expect(
      await kinds({
        "requirements.txt": "datasets\n",
        "run.py": `import queue\nfrom datasets import x\n${mainGuard}`,
        "queue.py": "",
        "datasets/__init__.py": "x = 1\n",
      }),
    ).toEqual(["shadows-installed datasets datasets", "shadows-standard queue queue.py"]);
  });

  it("are bare folders that lose, and one name for two things", async () => {
    expect(
      await kinds({
        "a/run.py": `import utils\nfrom datasets import load_dataset\n${mainGuard}`,
        "a/utils.py": "",
        "a/datasets/x.py": "",
        "b/run.py": `import utils\n${mainGuard}`,
        "b/utils/__init__.py": "",
      }),
    ).toEqual(["namespace-loses datasets a/datasets", "same-name utils a/utils.py b/utils"]);
  });
});
