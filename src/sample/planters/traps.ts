import type { ReferenceClass } from "../answers.ts";
import type { World } from "../world.ts";

const harmless: ReferenceClass[] = ["external", "unknown", "generated", "placeholder", "dynamic"];

/** Things with slashes and dots that are no references, and files that look missing until a line is read again. */
export function plantTraps(w: World): void {
  plantWords(w);
  plantStrings(w);
  plantMadeOnTheWay(w);
  plantData(w);
  plantGatekeepers(w);
}

function plantWords(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("words");
  const lines = random.shuffle([
    "The image is `pytorch/pytorch`, the base `python:3.11-slim`.",
    "Figures are in `tokens/s`; the split is `80/10/10`.",
    "Branches are called `feature/short-name`, tags `v1.2/rc`.",
    "Install `uvicorn[standard]`, not `uvicorn`.",
    "The route is `/api/v1/inference`, its type `application/json`.",
    "Each question is answered `yes/no`, each pair is `input/output`.",
    `The code name is \`${n.owner}/${n.repository}\`.`,
    "`torch.nn.functional` and `os.path.join` are used as they are.",
    "Runs are tracked under `mlflow://experiments/7` and `runs:/abc/model`.",
    `Secrets lie in \`${w.reference("~/.config/companion/token", "machine", undefined, { accept: harmless })}\`, never here.`,
    `Temporary files go to \`${w.reference("/tmp/companion", "machine", undefined, { accept: harmless })}\`.`,
  ]);
  const folder = random.pick([`${n.home}/docs`, `${n.ovh}/notes`]);
  const target = random.pick([`${n.therapeutic}/README.md`, `${n.ovh}/README.md`]);
  const up = "../".repeat(folder.split("/").length - 1);
  const shown = w.resolves(`${up}${target.slice(3)}`, target);
  const lost = w.reference(
    `${up}${n.vanished.slice(3)}/USER_GUIDE.md`,
    "stale",
    `${n.vanished}/USER_GUIDE.md`,
  );
  w.file(
    `${folder}/CONVENTIONS.md`,
    `# Conventions

${lines.slice(0, random.integer(7, 11)).join("\n")}

A link is written like this:

\`\`\`markdown
[title](some-page.md)
![picture](pictures/name.png)
\`\`\`

Read [the package][one] first and [the old guide][two] never. Ask <team@example.org> or see [below](#conventions).

[one]: ${shown}
[two]: ${lost}
`,
    { stage: "notes" },
  );
}

function plantStrings(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("strings");
  const file = `${random.pick([`${n.home}/scripts`, `${n.pipelines}/shared`])}/${random.pick(["checks.py", "probe_service.py", "watch.py"])}`;
  const optional = random.pick(["local.yaml", "override.json", "private.toml"]);
  w.file(
    file,
    `"""Watch the service; everything that it asks for is optional."""

import json
import logging
import os
import re
import urllib.request
from datetime import datetime
from pathlib import Path

ROUTE = re.compile(r"^/api/v\\d+/(sessions|goals)/[\\w-]+$")
ACCEPT = {"Accept": "application/json, text/plain"}
STAMP = "%Y/%m/%d"
STORE = "sqlite:///companion.db"
EXAMPLE = "[title](some-page.md)"
CACHE = Path.home() / ".cache" / "companion"


def overrides():
    if os.path.exists("${optional}"):
        with open("${optional}", encoding="utf-8") as handle:
            return handle.read()
    return ""


def ask(base, path="/health"):
    request = urllib.request.Request(base + path, headers=ACCEPT)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def note(text):
    with open("watch.log", "a", encoding="utf-8") as log:
        log.write(f"{datetime.now().strftime(STAMP)} {text}\\n")


if __name__ == "__main__":
    logging.basicConfig(filename="watch-debug.log", level=logging.DEBUG)
    note(ask(os.environ.get("SERVICE", "http://127.0.0.1:8000"))["status"])
    print(ROUTE.pattern, STORE, EXAMPLE, CACHE, overrides())
`,
    { stage: "notes" },
  );
  w.entry(file, { cwd: file.slice(0, file.lastIndexOf("/")) });
}

/** Shell that makes, fetches or clones what it then uses. */
function plantMadeOnTheWay(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("made");
  const folder = random.pick([n.ovh, n.lightning]);
  const made = (path: string): string =>
    w.reference(path, "generated", undefined, { accept: ["unknown", "resolves", "external", "dynamic"] });
  w.datasets.set("tokenizer.tar.gz", { state: "remote", optional: true });
  const config = random.pick(["accelerate.yaml", "launch.yaml", "deepspeed.yaml"]);
  w.script(
    `${folder}/${random.pick(["bootstrap.sh", "prepare-node.sh", "first-boot.sh"])}`,
    `#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"

cat > ${made(config)} <<'EOF'
num_processes: 1
mixed_precision: bf16
EOF
accelerate config update --config_file ${made(config)}

curl -fsSL -o ${made("tokenizer.tar.gz")} https://objects.example.org/tokenizer.tar.gz
tar -xzf ${made("tokenizer.tar.gz")} -C work
python -m json.tool ${made("work/tokenizer/config.json")} > /dev/null

git clone --depth 1 https://github.com/example-engines/fast-server engine
cd engine
pip install -r ${made("requirements/common.txt")}
python ${made("tools/build.py")} --release
`,
    "notes",
  );
}

/** Records are nobody's references, whatever people say in them. */
function plantData(w: World): void {
  const { names: n } = w;
  const said = [
    "I keep a diary in notes/diary.md, is that strange?",
    `Somebody told me to read ${n.vanished}/USER_GUIDE.md.`,
    "My file is /home/sam/Documents/letter.txt and I cannot send it.",
  ];
  const lines = said.map((content, index) =>
    JSON.stringify({
      id: `synthetic-${index}`,
      messages: [
        { role: "user", content },
        { role: "assistant", content: "This is a synthetic answer. What would help you most now?" },
      ],
    }),
  );
  w.file(`${n.therapeutic}/data/dual_persona/examples.jsonl`, `${lines.join("\n")}\n`, { stage: "packages" });
  w.file(
    `${n.home}/experimental/chart/templates/job.yaml`,
    `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-foundation
spec:
  template:
    spec:
      containers:
        - name: train
          image: "{{ .Values.image }}"
          args: ["--config", "{{ .Values.root }}/configs/{{ .Values.stage }}.json"]
      restartPolicy: Never
`,
    { stage: "notes" },
  );
}

/** Files that name folders for other programs. */
function plantGatekeepers(w: World): void {
  const { names: n } = w;
  const rooted = (path: string): string => w.rooted(path);
  w.file(
    ".github/labeler.yml",
    `training:
  - changed-files:
      - any-glob-to-any-file:
          - "${w.resolves(`${rooted(n.therapeutic)}/**`, n.therapeutic)}"
          - "${w.reference(`${rooted(n.vanished)}/**/*.py`, "stale", n.vanished)}"
`,
    { stage: "checks" },
  );
  w.file(
    ".github/dependabot.yml",
    `version: 2
updates:
  - package-ecosystem: pip
    directory: ${w.resolves(`/${rooted(n.lightning)}`, n.lightning)}
    schedule:
      interval: weekly
  - package-ecosystem: pip
    directory: ${w.reference(`/${rooted(n.vanished)}`, "stale", n.vanished)}
    schedule:
      interval: weekly
`,
    { stage: "checks" },
  );
  w.file(
    `${n.pipeline}/MANIFEST.in`,
    `include ${w.resolves("README.md", `${n.pipeline}/README.md`)}
include ${w.reference("NOTES.md", "stale", `${n.pipeline}/NOTES.md`)}
recursive-include ${w.resolves("docs", `${n.pipeline}/docs`)} *.rst
`,
    { stage: "start" },
  );
  const hydra = `${n.home}/configs/hydra`;
  w.file(
    `${hydra}/config.yaml`,
    `defaults:
  - model: ${w.resolves("moe", `${hydra}/model/moe.yaml`, { accept: ["unknown"] })}
  - data: ${w.reference("crisis", "stale", `${hydra}/data/crisis.yaml`, { accept: ["unknown"] })}
  - _self_
seed: 17
`,
    { stage: "notes" },
  );
  w.file(`${hydra}/model/moe.yaml`, "experts: 4\nexperts_per_token: 2\nrouter_z_weight: 0.001\n", {
    stage: "notes",
  });
  w.file(`${hydra}/data/personas.yaml`, "shuffle: true\nworkers: 2\nseparator: newline\n", {
    stage: "notes",
  });
}
