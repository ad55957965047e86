import type { World } from "../world.ts";

/** The repository's own files: owners, CI, make, compose, ignore rules, links. */
export function plantProject(w: World): void {
  plantIgnoreRules(w);
  plantAutomation(w);
  plantContainers(w);
  plantLinks(w);
  plantLog(w);
}

const everyClass = ["stale", "generated", "unknown", "missing-data"] as const;

function plantIgnoreRules(w: World): void {
  const { names: n } = w;
  const rooted = (path: string): string => w.rooted(path);
  const consolidated = w.resolves(`/${rooted(n.consolidated)}/`, n.consolidated, { accept: ["unknown"] });
  const checkpoints = w.reference(`/${rooted(n.vanished)}/checkpoints/`, "unknown", undefined, {
    accept: [...everyClass],
  });
  const swallowing = `/${rooted(n.home)}/data/`;
  w.file(
    ".gitignore",
    `__pycache__/
*.pyc
.venv/
outputs/
work/
# Data stays out; the manifest was added by force.
${consolidated}
${swallowing}
${checkpoints}
!/${w.resolves(`${rooted(n.home)}/configs/`, `${n.home}/configs`, { accept: ["unknown"], loose: true })}
`,
    { stage: "start" },
  );
  w.ignored.swallowed.push({
    target: `${n.home}/data/training_data_consolidated/final/MASTER_STAGE_MANIFEST.json`,
    rule: swallowing,
  });
  const owned = (path: string): string => w.resolves(`/${rooted(path)}/`, path);
  w.file(
    ".github/CODEOWNERS",
    `*.md                 @${n.owner}/writers
${owned(n.therapeutic)} @${n.owner}/training
${owned(n.ovh)} @${n.owner}/operations
${w.reference(`/${rooted(n.vanished)}/`, "stale", n.vanished)} @${n.owner}/training
`,
    { stage: "checks" },
  );
}

function plantAutomation(w: World): void {
  const { names: n } = w;
  const rooted = (path: string): string => w.rooted(path);
  const random = w.random.fork("automation");
  const make = `PACKAGE := ${w.resolves(rooted(n.therapeutic), n.therapeutic, { accept: ["unknown"] })}

.PHONY: train serve check old clean

train:
	cd $(PACKAGE) && python ${w.resolves("training_scripts/train_optimized.py", `${n.therapeutic}/training_scripts/train_optimized.py`)} --data $(DATA)

serve:
	python ${w.resolves("$(PACKAGE)/training_scripts/inference_service.py", `${n.therapeutic}/training_scripts/inference_service.py`)}

check:
	cd ${w.resolves(rooted(n.pipeline), n.pipeline)} && python -m pytest ${w.resolves("tests", `${n.pipeline}/tests`, { accept: ["unknown"] })}

old:
	python ${w.reference(`${rooted(n.vanished)}/train_moe_h100.py`, "stale", `${n.vanished}/train_moe_h100.py`)} --dry-run

clean:
	rm -rf outputs work
`;
  w.file("Makefile", make, { stage: "checks" });
  const action = random.chance(0.5);
  if (action) {
    w.file(
      ".github/actions/setup/action.yml",
      `name: set up
runs:
  using: composite
  steps:
    - run: python -m pip install pytest
      shell: bash
`,
      { stage: "checks" },
    );
  }
  const actionPath = "./.github/actions/setup";
  w.file(
    ".github/workflows/checks.yml",
    `name: checks
on:
  push:
    branches: [main]
    paths:
      - "${w.resolves(`${rooted(n.pipeline)}/**`, n.pipeline)}"
      - "${w.reference(`${rooted(n.vanished)}/**`, "stale", n.vanished)}"
jobs:
  tests:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: ${w.resolves(rooted(n.pipeline), n.pipeline)}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - uses: ${action ? w.resolves(actionPath, ".github/actions/setup") : w.reference(actionPath, "stale", ".github/actions/setup")}
      - run: pip install -e .
      - run: python -m pytest ${w.resolves("tests", `${n.pipeline}/tests`, { accept: ["unknown"] })} --junitxml=reports/junit.xml
      - uses: actions/cache@v4
        with:
          path: ~/.cache/pip
          key: pip-\${{ hashFiles('**/requirements*.txt') }}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: reports
          path: reports/
  serving:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: python ${w.resolves(`${rooted(n.therapeutic)}/training_scripts/train_optimized.py`, `${n.therapeutic}/training_scripts/train_optimized.py`)} --help
      - run: bash ${w.reference(`${rooted(n.lightning)}/scripts/smoke.sh`, "stale", `${n.lightning}/scripts/smoke.sh`)}
`,
    { stage: "checks" },
  );
}

function plantContainers(w: World): void {
  const { names: n } = w;
  const at = (path: string): string => `./${w.rooted(path)}`.replace("./.", ".");
  w.file(
    "docker-compose.yml",
    `services:
  training:
    build:
      context: ${w.resolves(at(n.ovh), n.ovh)}
      dockerfile: ${w.resolves("Dockerfile.training", `${n.ovh}/Dockerfile.training`)}
    volumes:
      - ${w.resolves(at(`${n.home}/scripts`), `${n.home}/scripts`)}:/scripts:ro
      - checkpoints:/workspace/checkpoints
  inference:
    build:
      context: ${w.resolves(at("ai"), "ai")}
      dockerfile: ${w.resolves("ovh/Dockerfile.inference", `${n.ovh}/Dockerfile.inference`)}
    ports:
      - "8080:8080"
    volumes:
      - ${w.reference(at(`${n.vanished}/serving.yaml`), "stale", `${n.vanished}/serving.yaml`)}:/app/config/serving.yaml:ro
volumes:
  checkpoints:
`,
    { stage: "notes" },
  );
}

function plantLinks(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("links");
  w.symlink(
    `${n.ovh}/logger.py`,
    w.resolves(`../${n.therapeutic.slice(3)}/utils/logger.py`, `${n.therapeutic}/utils/logger.py`, {
      format: "symlink",
    }),
  );
  w.symlink(
    `${n.lightning}/QUICK_DEPLOY.md`,
    w.reference(
      `../${n.vanished.slice(3)}/H100_QUICK_DEPLOY.md`,
      "stale",
      `${n.vanished}/H100_QUICK_DEPLOY.md`,
      {
        format: "symlink",
        fix: { to: `${n.therapeutic}/docs/LIGHTNING_H100_QUICK_DEPLOY.md`, certainty: "certain" },
      },
    ),
  );
  if (random.chance(0.5)) {
    w.symlink(
      `${n.home}/experimental/h100_moe/package`,
      w.resolves(`../../../${n.therapeutic.slice(3)}`, n.therapeutic, { format: "symlink" }),
    );
  }
}

/** A captured log: paths of the machine that wrote it, and of the folder as it was. */
function plantLog(w: World): void {
  const { names: n } = w;
  w.file(
    `${n.ovh}/logs/foundation-0007.log`,
    `2025-09-30 07:12:01 INFO reading /home/mara/${n.repository}/${n.vanished}/shards/part-00001.jsonl
2025-09-30 07:12:04 INFO config ${n.vanished}/serving.yaml
2025-09-30 07:55:40 INFO wrote /workspace/checkpoints/foundation/final
Traceback (most recent call last):
  File "/home/mara/${n.repository}/${n.vanished}/train_moe_h100.py", line 41, in train
    loss.backward()
RuntimeError: out of memory (synthetic)
`,
    { stage: "ovh" },
  );
}
