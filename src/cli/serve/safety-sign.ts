import { z } from "zod";
import {
  configurationHash,
  coveredCountries,
  partsOf,
  readSafety,
  refusalsOf,
  writeSignOff,
  type SignOff,
} from "../../safety/index.ts";
import { sha256File, TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { servedModel } from "../serve-model.ts";
import { homeFlag } from "./flags.ts";
import { formatSigned } from "./safety.format.ts";

const refused = (message: string, hint?: string): TrainingReadyError =>
  new TrainingReadyError("E_SAFETY_SIGN", message, { exitCode: 1, ...(hint === undefined ? {} : { hint }) });

const person = (description: string) =>
  z.string().trim().min(2).max(200).meta({ description, value: "TEXT" });

/** Countries of `DE,US`; those that are covered, if none are named. */
function countriesOf(named: string | undefined, covered: readonly string[]): string[] {
  if (named === undefined) return [...covered];
  const countries = named.split(",").map((one) => one.trim());
  const wrong = countries.find((one) => !/^[A-Z]{2}$/.test(one));
  if (wrong !== undefined)
    throw refused(`${JSON.stringify(wrong)} is no country`, "Name them by ISO 3166, for example DE,US.");
  return [...new Set(countries)].toSorted();
}

export default defineCommand({
  name: "sign",
  summary: "Record who signed a home's safety configuration off",
  description:
    "Shows every text, threshold and row that is signed, asks, and writes safety/sign-off.json with name, role, date and hash. The program records who signed, nothing more: it does not prove that the person did, and signed is no claim of clinical safety. Any later change of the configuration, or of the screen that ships, ends the sign-off.",
  options: z.strictObject({
    ...homeFlag,
    name: person("who signs: the name of a clinician"),
    role: person("in what role"),
    countries: z.string().optional().meta({
      description:
        "countries it is for; each needs a verified emergency and crisis row. Without it: all that have both",
      value: "DE,US",
    }),
    model: z.string().optional().meta({
      description:
        "the one model it is for, which may then speak at elevated risk; without it any model, and none may",
      value: "FILE.gguf",
    }),
  }),
  writes: true,
  examples: [
    {
      line: 'training-ready serve safety sign --name "NAME" --role "clinical lead" --countries DE',
      does: "shows what is signed, asks, and records the sign-off",
    },
  ],
  async run({ options }, context) {
    const home = userPath(context, options.home);
    const { configuration, isOwn } = await readSafety(home);
    if (!isOwn)
      throw refused(
        "the home has no safety configuration of its own",
        "Write the drafts with `training-ready serve safety init`, review them, then sign.",
      );
    const countries = countriesOf(options.countries, coveredCountries(configuration));
    const refusals = refusalsOf(configuration, countries, Date.now());
    if (refusals.length > 0) throw refused(refusals.join("; "));
    const parts = partsOf(configuration);
    const path = options.model === undefined ? undefined : await servedModel(context, options.model);
    const signOff: SignOff = {
      version: 1,
      name: options.name,
      role: options.role,
      date: new Date().toISOString(),
      hash: configurationHash(parts),
      parts,
      countries,
      model: path === undefined ? null : await sha256File(path),
    };
    context.notice(formatSigned(configuration, signOff));
    if (!(await context.confirm(`Sign all of this as ${options.name}, ${options.role}?`))) return 2;
    const file = await writeSignOff(home, signOff);
    const { parts: _, ...facts } = signOff;
    return {
      exitCode: 0,
      document: { ...facts, file, configuration },
      text: `signed by ${signOff.name}, ${signOff.role}: sha256:${signOff.hash}\n`,
    };
  },
});
