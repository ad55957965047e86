import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { emptyRepository, git, removeFolders, run } from "./sample-repository.ts";

afterAll(removeFolders);

/** Every way to start a module that moves, old and new, in every format that holds commands. */
const starts: [before: string, after: string][] = [
  ["python -m old.pkg.train --epochs 3", "python -m new.models.train --epochs 3"],
  ["torchrun --nproc_per_node 2 -m old.pkg.train", "torchrun --nproc_per_node 2 -m new.models.train"],
  [
    "python -m torch.distributed.launch -m old.pkg.train",
    "python -m torch.distributed.launch -m new.models.train",
  ],
  ["accelerate launch -m old.pkg.train", "accelerate launch -m new.models.train"],
  ["deepspeed --module old.pkg.train", "deepspeed --module new.models.train"],
  ["PYTHONPATH=. python3 -u -m old.pkg.train", "PYTHONPATH=. python3 -u -m new.models.train"],
  ["PYTHONPATH=old python -m pkg.train", "PYTHONPATH=new python -m models.train"],
  ["cd old && python -m pkg.train", "cd new && python -m models.train"],
  ["uv run -m old.pkg.train", "uv run -m new.models.train"],
  ["poetry run python -m old.pkg.train", "poetry run python -m new.models.train"],
  ["srun python -m old.pkg.train", "srun python -m new.models.train"],
  ["nohup python -m old.pkg.train &", "nohup python -m new.models.train &"],
  [`sbatch --wrap "python -m old.pkg.train"`, `sbatch --wrap "python -m new.models.train"`],
  [`bash -c "python -m old.pkg.train"`, `bash -c "python -m new.models.train"`],
  ["uvicorn old.serve.api:app --port 80", "uvicorn new.web.api:app --port 80"],
  ["python -m uvicorn old.serve.api:app", "python -m uvicorn new.web.api:app"],
  ["uvicorn --app-dir old serve.api:app", "uvicorn --app-dir new web.api:app"],
  [
    "gunicorn -w 4 -k uvicorn.workers.UvicornWorker old.serve.api:app",
    "gunicorn -w 4 -k uvicorn.workers.UvicornWorker new.web.api:app",
  ],
  ["flask --app old.serve.api:app run", "flask --app new.web.api:app run"],
];

const files: Record<string, [before: string, after: string]> = {
  "run.sh": [
    `#!/bin/sh\n${starts.map(([one]) => `(${one})\n`).join("")}`,
    `#!/bin/sh\n${starts.map(([, one]) => `(${one})\n`).join("")}`,
  ],
  Makefile: ["train:\n\tpython -m old.pkg.train\n", "train:\n\tpython -m new.models.train\n"],
  Procfile: ["web: gunicorn old.serve.api:app\n", "web: gunicorn new.web.api:app\n"],
  Dockerfile: [
    `FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN python old/pkg/train.py && python -m old.pkg.train\nENTRYPOINT ["python", "-m", "old.pkg.train"]\nCMD ["uvicorn", "old.serve.api:app", "--host", "0.0.0.0"]\n`,
    `FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN python new/models/train.py && python -m new.models.train\nENTRYPOINT ["python", "-m", "new.models.train"]\nCMD ["uvicorn", "new.web.api:app", "--host", "0.0.0.0"]\n`,
  ],
  "Dockerfile.shell": [
    `FROM python:3.11\nCOPY old /srv/code\nWORKDIR /srv/code\nRUN python /srv/code/pkg/train.py\nCMD python serve/api.py\n`,
    `FROM python:3.11\nCOPY new /srv/code\nWORKDIR /srv/code\nRUN python /srv/code/models/train.py\nCMD python web/api.py\n`,
  ],
  "docker-compose.yml": [
    `services:\n  web:\n    build: .\n    command: uvicorn old.serve.api:app\n  train:\n    build: .\n    command: ["python", "-m", "old.pkg.train"]\n`,
    `services:\n  web:\n    build: .\n    command: uvicorn new.web.api:app\n  train:\n    build: .\n    command: ["python", "-m", "new.models.train"]\n`,
  ],
  ".github/workflows/ci.yml": [
    "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: python -m old.pkg.train\n      - working-directory: old\n        run: python -m pkg.train\n",
    "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: python -m new.models.train\n      - working-directory: new\n        run: python -m models.train\n",
  ],
  ".vscode/launch.json": [
    `{"configurations": [{"request": "launch", "module": "old.pkg.train"}]}\n`,
    `{"configurations": [{"request": "launch", "module": "new.models.train"}]}\n`,
  ],
  "pyproject.toml": [
    `[project]\nname = "it"\nversion = "1"\n[project.scripts]\nit-serve = "old.serve.api:main"\n`,
    `[project]\nname = "it"\nversion = "1"\n[project.scripts]\nit-serve = "new.web.api:main"\n`,
  ],
  "docs/guide.md": [
    "# Guide\n\nRun `python -m old.pkg.train --epochs 1` or `uvicorn old.serve.api:app`:\n\n```sh\ntorchrun -m old.pkg.train\n```\n",
    "# Guide\n\nRun `python -m new.models.train --epochs 1` or `uvicorn new.web.api:app`:\n\n```sh\ntorchrun -m new.models.train\n```\n",
  ],
  "start.py": [
    `import subprocess\nimport sys\n\nimport uvicorn\n\nsubprocess.run([sys.executable, "-m", "old.pkg.train"])\nsubprocess.run("python -m old.pkg.train", shell=True)\nuvicorn.run("old.serve.api:app", port=1)\n`,
    `import subprocess\nimport sys\n\nimport uvicorn\n\nsubprocess.run([sys.executable, "-m", "new.models.train"])\nsubprocess.run("python -m new.models.train", shell=True)\nuvicorn.run("new.web.api:app", port=1)\n`,
  ],
};

const code: Record<string, string> = {
  "old/__init__.py": "",
  "old/pkg/__init__.py": "",
  "old/pkg/train.py": "x = 1\n",
  "old/serve/__init__.py": "",
  "old/serve/api.py": "app = object()\n\n\ndef main():\n    return app\n",
  // A module of the same name that stays: nothing may lead to it afterwards.
  "other/pkg/train.py": "y = 2\n",
};

describe("a module that moves", () => {
  it("is named anew wherever a command starts it", async () => {
    const root = emptyRepository();
    for (const [path, text] of [
      ...Object.entries(code),
      ...Object.entries(files).map(([path, [before]]) => [path, before] as const),
    ]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    git(root, "add", "-A");
    git(root, "commit", "-qm", "all");
    const [moves, plan] = [join(root, "../moves.tsv"), join(root, "../plan.yaml")];
    writeFileSync(moves, "old/pkg\tnew/models\nold/serve\tnew/web\nold/__init__.py\tnew/__init__.py\n");
    expect(await run(root, "plan", "--moves", moves, "--out", plan)).toMatchObject({
      code: 0,
      document: { proven: true },
    });
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    for (const [path, [, after]] of Object.entries(files))
      expect(readFileSync(join(root, path), "utf8"), path).toBe(after);
    expect(await run(root, "verify")).toMatchObject({ code: 0, document: { ok: true } });
  }, 60_000);
});
