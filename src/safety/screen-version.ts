import { canonicalJson, sha256 } from "../shared/index.ts";
import { indirectOtherLanguages } from "./languages-indirect.data.ts";
import { otherLanguages, thai } from "./languages.data.ts";
import { outputLists, outputPolicies, releasing } from "./output-policies.data.ts";
import { indirect } from "./risk-lexicon-indirect.data.ts";
import * as lexicon from "./risk-lexicon.data.ts";
import { riskModel } from "./risk-model.data.ts";

/** Raise it when the screen's code reads the same phrases and weights differently; every sign-off then ends. */
const rulesVersion = 4;

/** Hashes of the screen and the output policies that ship: what a sign-off covers and a home cannot change. */
export function screenParts(): Record<string, string> {
  return {
    "screen.rules": sha256(String(rulesVersion)),
    "screen.phrases": sha256(
      canonicalJson({ ...lexicon, indirect, indirectOtherLanguages, otherLanguages, thai }),
    ),
    "screen.model": sha256(canonicalJson(riskModel)),
    "screen.output_policies": sha256(
      canonicalJson({ outputLists, outputPolicies, releasing: [...releasing] }),
    ),
  };
}
