import {
  answersAt,
  markOf,
  protocolReply,
  reachOf,
  resourcesOf,
  textsInLanguage,
  type ConversationRisk,
  type Resource,
  type SafetySource,
} from "../../safety/index.ts";
import { html } from "../../shared/index.ts";
import { sendServicePage, servicePage } from "./service-page.ts";
import { badField } from "./api-error.ts";
import { metadataOf } from "./chat-request.ts";
import { mayAddWords } from "./elevated-words.ts";
import { sourceAt, type ServedSafety } from "./served-safety.ts";
import type { Handler } from "./service.ts";

/** What a person may tell, and how the screen names it. */
const occasions: readonly { title: string; level: ConversationRisk["level"]; categories: string[] }[] = [
  { title: "Somebody may be about to take their life", level: "imminent", categories: ["suicide"] },
  { title: "Something was taken", level: "imminent", categories: ["overdose"] },
  { title: "Thoughts of suicide or self-harm", level: "elevated", categories: ["suicide"] },
  { title: "Worry about somebody else", level: "elevated", categories: ["concern-for-other"] },
  { title: "Violence", level: "elevated", categories: ["violence"] },
  { title: "Abuse", level: "elevated", categories: ["abuse"] },
];

/** Every text of an occasion in the order in which it is said: asked of the protocol itself, so that the page cannot differ. */
function stepsOf(
  occasion: (typeof occasions)[number],
  country: string | undefined,
  source: SafetySource,
): string[] {
  const said: string[] = [];
  for (let step = 0; step < 20; step++) {
    const text = protocolReply({ ...occasion, evidence: [], step }, { country, said }, source);
    if (said.includes(text)) break;
    said.push(text);
  }
  return said;
}

/** When a line answers, and that it does not now: replies name it only while somebody does. */
function hoursOf(row: Resource, now: number): string {
  if (row.open === null) return row.hours === null ? "" : `, ${row.hours}`;
  const hours = `${row.open.join(", ")}, ${row.time_zone} time`;
  return `, ${hours}${answersAt(row, now) ? "" : ", closed now"}`;
}

/** The published protocol: what is said instead of the model's words, when, and with which numbers. */
export function protocolPage(
  country: string | undefined,
  locale: string | undefined,
  safety: ServedSafety,
  now: number,
): string {
  const source = sourceAt(safety, now, locale);
  const { language, missing } = textsInLanguage(safety, locale);
  const rows = resourcesOf(country, source.resources);
  const { signOff, hash } = safety;
  const standing =
    signOff === undefined
      ? "Draft: no clinician has signed these texts, thresholds and numbers off."
      : `A ${signOff.role} signed these texts, thresholds and numbers on ${signOff.date.slice(0, 10)}; that records who signed and is no claim of safety.`;
  return servicePage(
    "Safety protocol",
    html`<p>
      ${standing} Every message of a person is screened before the model sees it. At elevated risk or worse
      ${mayAddWords(safety) ? "one of these texts is sent, at elevated risk with checked words of the model that the sign-off names before its last sentence," : "the model is not asked; one of these texts is sent,"}
      never the same twice running, and a review item is opened for clinicians. Nobody watches a conversation
      as it happens.
      ${missing === undefined ? "" : `There are no reviewed texts in ${missing}: these are in ${language}.`}
      Configuration sha256:${hash}.
    </p>`,
    html`<h2>Said at the start of a session and every three hours</h2>
      <p lang="${language}">${source.texts.disclosure}</p>
      ${occasions.map(
        (occasion) =>
          html`<h2>${occasion.title} (${occasion.level})</h2>
            <ol>
              ${stepsOf(occasion, country, source).map((text) => html`<li lang="${language}">${text}</li>`)}
            </ol>`,
      )}
      <h2>Numbers${country === undefined ? "" : ` for ${country}`}</h2>
      ${
        rows.length === 0
          ? html`<p>None are shown unless the country is known: add <code>?country=IN</code>.</p>`
          : html`<ul>
              ${rows.map(
                (row) =>
                  html`<li>
                    ${row.name}: ${reachOf(row)} (${row.kind},
                    ${markOf(row, now) || `verified ${row.verified_at}`}${hoursOf(row, now)})
                  </li>`,
              )}
            </ul>`
      }`,
  );
}

export const protocol: Handler = async ({ service, response, query }) => {
  const country = query.get("country") ?? undefined;
  if (country !== undefined && !/^[A-Z]{2}$/.test(country))
    throw badField(
      "invalid_country",
      "country",
      "country is no country code.",
      "Send two capital letters of ISO 3166, for example IN.",
    );
  const locale = query.get("locale") ?? undefined;
  if (locale !== undefined) metadataOf({ locale }, "");
  sendServicePage(response, protocolPage(country, locale, service.safety, service.keeping.now()));
};
