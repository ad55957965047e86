import { canonicalJson, sha256 } from "../../shared/index.ts";
import { wordings } from "./wording.data.ts";

/** What is asked, word for word, with the hash that a measure names as its wording. */
export type Wording = { intro: string; answers: readonly string[]; items: readonly string[]; sha256: string };

/** The shipped English wording of a questionnaire; undefined where the text is the site's to license. */
export function wordingOf(instrument: string): Wording | undefined {
  const found = Object.hasOwn(wordings, instrument) ? wordings[instrument] : undefined;
  return found && { ...found, sha256: sha256(canonicalJson(found)) };
}
