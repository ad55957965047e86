import { z } from "zod";
import * as draft from "./protocol-texts.data.ts";
import { resourceSchema, type Resource } from "./resource.ts";
import { draftResources } from "./resources.data.ts";
import { draftLanguages } from "./protocol-languages.data.ts";
import { draftThresholds } from "./risk-model.ts";

const places = /\{([^{}]*)\}/gu;
const known = new Set(["emergency", "line"]);

const text = (most = 2000) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((value) => value.isWellFormed(), "the text holds half a character")
    .refine((value) => [...value.matchAll(places)].every((match) => known.has(match[1] as string)), {
      message: "only {emergency} and {line} are filled in",
    });
const plainText = (most?: number) =>
  text(most).refine((value) => !/[{}]/u.test(value), "nothing is filled in here: leave { and } out");
// A step is never said twice running, so that one text is not enough.
const steps = (fewest: number) =>
  z
    .array(text())
    .min(fewest)
    .max(20)
    .refine((list) => new Set(list).size === list.length, "the same text stands twice");
const urgentSteps = steps(3).refine((list) => list.every((one) => one.includes("{emergency}")), {
  message: "every step names {emergency}",
});
const threshold = z.number().min(-20).max(20);

const textsSchema = z.strictObject({
  disclosure: plainText().meta({
    description: "Begins a session and is said again every three hours: that it is an AI.",
  }),
  imminent: urgentSteps.meta({ description: "At imminent risk, in this order." }),
  poisoning: urgentSteps.meta({ description: "Where something was taken." }),
  elevated: steps(2).meta({ description: "At elevated risk." }),
  violence: steps(2).meta({ description: "Violence to others." }),
  abuse: steps(2).meta({ description: "Abuse." }),
  other_person: steps(2).meta({ description: "Worry about somebody else." }),
  watch_line: text().meta({ description: "Beside a normal reply at watch; a field, not part of it." }),
  emergency_words: plainText(120)
    .default("your local emergency number")
    .meta({ description: "Stands for {emergency} where no number is known." }),
  or_words: plainText(20).default("or").meta({ description: "Leads in {line}, within brackets." }),
  replacement: plainText().meta({ description: "Stands in for the rest of a reply that broke a policy." }),
  supportive_prompt: plainText(400).meta({ description: "Tells the model how to answer at watch." }),
});

const tag = z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, "no language tag");

export const policySchema = z.strictObject({
  version: z.literal(1),
  thresholds: z
    .strictObject({ watch: threshold, elevated: threshold })
    .meta({ description: "Log-odds of the screen's model above which a sentence counts." }),
  language: tag.default("en").meta({ description: "Language of `texts`, BCP 47." }),
  texts: textsSchema,
  languages: z
    .record(tag, textsSchema)
    .default({})
    .meta({ description: "The same texts in other languages, whole; `metadata.locale` chooses." }),
});
export const resourcesSchema = z.strictObject({
  version: z.literal(1),
  resources: z.array(resourceSchema).max(2000),
});

export type SafetyTexts = z.output<typeof textsSchema>;
export type RiskThresholds = z.output<typeof policySchema>["thresholds"];
/** Everything of safety that a clinician signs, beside the screen that ships. */
export type SafetyConfiguration = {
  thresholds: RiskThresholds;
  texts: SafetyTexts;
  /** Language of `texts`. */
  language: string;
  /** The same in other languages. */
  languages: Readonly<Record<string, SafetyTexts>>;
  resources: readonly Resource[];
};

/** What ships: drafts that nobody has signed. */
export const draftConfiguration: SafetyConfiguration = {
  thresholds: draftThresholds,
  texts: {
    disclosure: draft.disclosureLine,
    imminent: [...draft.imminentSteps],
    poisoning: [...draft.poisoningSteps],
    elevated: [...draft.elevatedTexts],
    violence: [...draft.violenceTexts],
    abuse: [...draft.abuseTexts],
    other_person: [...draft.otherPersonTexts],
    watch_line: draft.watchNotice,
    emergency_words: "your local emergency number",
    or_words: "or",
    replacement: draft.replacementText,
    supportive_prompt: draft.supportivePrompt,
  },
  language: "en",
  languages: draftLanguages,
  resources: draftResources,
};

const jsonSchema = (schema: z.ZodType, title: string): Record<string, unknown> => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return { $schema, title, ...rest };
};

/** JSON Schemas (draft 2020-12) of a home's safety files, for editors. */
export const safetyPolicyJsonSchema = (): Record<string, unknown> =>
  jsonSchema(policySchema, "safety/policy.yaml");
export const safetyResourcesJsonSchema = (): Record<string, unknown> =>
  jsonSchema(resourcesSchema, "safety/resources.yaml");
