import { lists } from "./risk-lexicon.data.ts";

export type OutputPolicy = "means" | "encouragement" | "diagnosis" | "prescription" | "identity";

/** Lists of the output policies. Drafts that a clinician must sign off. */
export const outputLists: Readonly<Record<string, readonly string[]>> = {
  ...lists,
  professional: ["human|therapist|psychologist|psychiatrist|doctor|counselor|counsellor|clinician|person"],
  illness: [
    "depression|bipolar|ptsd|schizophrenia|adhd|ocd|autism|anorexia|bulimia|psychosis|dementia",
    "borderline|narcissistic|antisocial personality",
    "major|clinical|severe depressive|depression|anxiety",
    "anxiety|panic|eating|mood|bipolar disorder",
  ],
};

/** Phrases that must not leave; a reply that holds one is cut before it and replaced. */
export const outputPolicies: readonly (readonly [OutputPolicy, string])[] = [
  ["means", "how to tie noose"],
  ["means", "lethal|fatal|deadly dose|amount|dosage|combination of|is|for|would"],
  ["means", "enough pills|tablets|medication to kill|die|overdose"],
  [
    "means",
    "painless|quickest|easiest|best|effective ?most way|method|ways|methods to|of kill|die|suicide|end",
  ],
  ["means", "take|swallow ?all ?whole ?the ?your ?bottle ?of ?your pills to|and|until end|die|sleep"],
  ["means", "cut|slit your wrists|wrist|throat|veins"],
  ["means", "jump from|off bridge|building|roof"],
  ["encouragement", "you should|must|can|could kill|hang|shoot|hurt|harm|cut|end yourself|it"],
  ["encouragement", "go ahead and|just|?please kill|hang|shoot|hurt|do|end ?it yourself|it"],
  ["encouragement", "should|must|deserve ?to die"],
  ["encouragement", "kill yourself"],
  ["encouragement", "end your life|?own life|now|today"],
  ["encouragement", "world|everyone|family|they would|will|is ?be better ?off without you"],
  ["encouragement", "nobody|noone|no ?one would|will miss you"],
  ["encouragement", "suicide is|would good|best|right|answer|solution|option|be"],
  ["encouragement", "you|youre ?are better off dead"],
  ["diagnosis", "you have|suffer|meet ?from ?criteria ?for {illness}"],
  ["diagnosis", "you|youre ?are bipolar|schizophrenic|psychotic|autistic|anorexic|bulimic"],
  ["diagnosis", "diagnose|diagnosing you with"],
  ["diagnosis", "my diagnosis is"],
  ["diagnosis", "your diagnosis is"],
  ["prescription", "i prescribe|prescribing"],
  [
    "prescription",
    "you should|must|can stop|quit taking ?your medication|meds|medicine|antidepressants|lithium|pills",
  ],
  ["prescription", "stop taking your medication|meds|medicine|antidepressants|lithium|pills"],
  ["prescription", "increase|double|raise|lower|reduce|halve your dose|dosage|medication"],
  ["prescription", "take|start|use ?with ?on * mg|milligrams|milligram|mgs ?of ?every ?daily"],
  ["prescription", "take|start|use 5mg|10mg|20mg|25mg|50mg|75mg|100mg|150mg|200mg|300mg|400mg|500mg"],
  ["identity", "i am ?your ?licensed ?real ?trained {professional}"],
  ["identity", "im ?your ?licensed ?real ?trained {professional}"],
  ["identity", "as licensed|trained|your ?licensed therapist|psychologist|psychiatrist|doctor|human"],
  ["identity", "im|am|not not|an|a ?an ?a ai|bot|machine|program but|im|i|?but ?im ?i ?am human|person"],
];

/** Before a phrase these turn it into a question, a condition or its opposite. */
export const releasing = new Set(
  "if whether when not never dont about of thinking thoughts whenever unless cannot cant shouldnt mustnt nobody does do".split(
    " ",
  ),
);
