import { findPhrases, knownWords } from "../../src/safety/screen-phrases.ts";
import { levelNumber } from "../../src/safety/levels.ts";
import { modelEvidence, readerOf } from "../../src/safety/risk-model.ts";
import { wordsOf } from "../../src/safety/words.ts";
import type { Example } from "./examples.ts";
import { fitModel } from "./fit-model.ts";

const watches = [-0.5, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];
const elevateds = [0, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5];
const together = 6; // neighbouring lines, which are on one matter, are left out together

type Row = { example: Example; phrase: number; levels: number[] };

/** Screens each example by a model that saw nothing of its line or the lines beside it, at several thresholds. */
export function crossValidate(
  examples: readonly Example[],
  vectors: ReadonlyMap<string, Float32Array>,
  folds: number,
  showsMissed: boolean,
): void {
  const rows: Row[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const isIn = ({ template }: Example): boolean =>
      Math.floor(Math.abs(template) / together) % folds === fold;
    const reader = readerOf(
      fitModel(
        examples.filter((one) => !isIn(one)),
        vectors,
      ),
    );
    const perTemplate = new Map<number, number>();
    for (const example of examples.filter(isIn)) {
      const seen = perTemplate.get(example.template) ?? 0;
      perTemplate.set(example.template, seen + 1);
      if (seen >= 4) continue;
      const words = wordsOf(example.text, knownWords);
      const found = findPhrases(example.text, words);
      const phrase = Math.max(0, ...found.evidence.map(({ level }) => levelNumber(level)));
      const levels = watches.map((watch, at) => {
        const thresholds = { watch, elevated: elevateds[at] as number };
        const model = modelEvidence(example.text, words, found, thresholds, reader);
        return Math.max(phrase, ...model.map(({ level }) => levelNumber(level)));
      });
      rows.push({ example, phrase, levels });
    }
    process.stderr.write(`fold ${fold + 1} of ${folds}\n`);
  }
  const kinds = [...new Set(rows.map(({ example }) => example.file))];
  for (const kind of ["", ...kinds]) {
    const wanted = rows.filter(({ example }) =>
      kind === "" ? example.file !== "counsel-chat" : example.file === kind,
    );
    for (const [at, watch] of watches.entries()) {
      const share = (isPositive: boolean, level: number, list: readonly Row[]): string => {
        const graded = list.filter(({ example }) => example.level >= level === isPositive);
        const hits = graded.filter(({ levels }) => (levels[at] as number) >= level);
        return (hits.length / Math.max(1, graded.length)).toFixed(3);
      };
      const unphrased = wanted.filter(({ phrase }) => phrase === 0);
      process.stdout.write(
        `${kind || "own lines"}, watch ${watch}: recall ${share(true, 1, wanted)} (without a phrase ${share(true, 1, unphrased)}) false ${share(false, 1, wanted)}; elevated ${elevateds[at]}: recall ${share(true, 2, wanted)} false ${share(false, 2, wanted)}\n`,
      );
    }
  }
  if (!showsMissed) return;
  const middle = watches.indexOf(1);
  for (const { example, levels } of rows) {
    const found = levels[middle] as number;
    if (example.level >= 1 && found === 0) process.stdout.write(`missed ${example.level}: ${example.text}\n`);
    if (example.level === 0 && found > 0) process.stdout.write(`false ${found}: ${example.text}\n`);
  }
}
