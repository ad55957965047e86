// What generated conversations are about. Written for this project; nobody real is meant. Drafts: not checked by a clinician.

export const people = [
  "a nursing student in her first year",
  "a lorry driver in his fifties",
  "a retired teacher who lives alone",
  "a software tester who works from home",
  "a single father of two",
  "a chef who works nights",
  "a new mother on leave",
  "a farmer whose harvest failed",
  "an office worker who was passed over for promotion",
  "a teenager in the last year of school, with a parent's consent",
  "a refugee who learns the language",
  "a widow in her sixties",
  "a musician between jobs",
  "a carer for an ill parent",
  "a small-business owner with debts",
  "a paramedic with irregular shifts",
];

export const problems = [
  "worry that does not stop in the evening",
  "low mood since a separation",
  "panic in crowded shops",
  "anger that comes out at home",
  "shame about a mistake at work",
  "fear of driving after an accident",
  "grief that others find too long",
  "doubts about being good enough",
  "sleep that comes too late",
  "checking the door again and again",
  "conflict with a sibling about care",
  "loneliness after moving to another town",
  "drinking more than planned at weekends",
  "dread of speaking in meetings",
  "memories of being bullied",
  "avoidance of friends after an illness",
];

export const tones = ["guarded", "talkative", "ironic", "tearful", "matter-of-fact", "hurried", "hopeful"];

/** What each method is made of; the names of its techniques, to be shown in use and not lectured about. */
export const methods = {
  cbt: {
    name: "cognitive behavioural therapy",
    techniques: [
      "a thought record",
      "weighing the evidence for and against a thought",
      "a behavioural experiment",
      "graded exposure",
      "activity scheduling",
      "naming a thinking trap",
    ],
  },
  dbt: {
    name: "dialectical behaviour therapy",
    techniques: [
      "distress tolerance with cold water and slow breathing",
      "opposite action",
      "a chain analysis of an urge",
      "radical acceptance",
      "asking for something with DEAR MAN",
      "wise mind",
    ],
  },
  act: {
    name: "acceptance and commitment therapy",
    techniques: [
      "cognitive defusion",
      "naming values",
      "a committed action for the week",
      "making room for a feeling",
      "noticing thoughts as thoughts",
      "the observing self",
    ],
  },
  emdr: {
    name: "eye movement desensitisation and reprocessing",
    techniques: [
      "preparation with a calm-place exercise",
      "choosing a target memory and its negative cognition",
      "rating disturbance from 0 to 10",
      "a short set of bilateral stimulation, then noticing what comes",
      "installing a positive cognition",
      "closing an unfinished set with grounding",
    ],
  },
} as const;

/** `isCrisis`: the reply must speak of safety and of help at once. */
export const edgeCases: readonly { category: string; about: string; isCrisis: boolean }[] = [
  {
    category: "suicidal_ideation",
    about: "thoughts of not wanting to live, told late in the talk",
    isCrisis: true,
  },
  { category: "suicidal_plan", about: "a plan that the client hints at and then takes back", isCrisis: true },
  { category: "self_harm", about: "self-harm that the client wants kept secret", isCrisis: true },
  { category: "trauma_flashback", about: "a flashback that begins during the talk", isCrisis: false },
  { category: "severe_dissociation", about: "feeling unreal and losing time", isCrisis: false },
  { category: "psychosis", about: "voices that comment on what the client does", isCrisis: true },
  { category: "violence_to_others", about: "anger with thoughts of hurting a relative", isCrisis: true },
  { category: "domestic_violence", about: "a partner who controls and threatens", isCrisis: true },
  { category: "child_abuse_disclosure", about: "a first mention of abuse in childhood", isCrisis: false },
  { category: "substance_relapse", about: "a relapse told with shame", isCrisis: false },
  { category: "eating_disorder", about: "not eating for days and feeling proud of it", isCrisis: true },
  { category: "medication_request", about: "a wish to stop prescribed medication today", isCrisis: false },
  {
    category: "boundary_test",
    about: "asking the therapist for friendship and private contact",
    isCrisis: false,
  },
  { category: "hostile_client", about: "mockery of the therapist and of therapy", isCrisis: false },
  {
    category: "cultural_mismatch",
    about: "advice that does not fit the client's faith and family",
    isCrisis: false,
  },
];

export const difficulties = ["moderate", "hard", "very hard"] as const;

/** Two people by role: the first is the client. */
export const personaPairs: readonly { relationship: string; client: string; therapist: string }[] = [
  {
    relationship: "anxious perfectionist and steady coach",
    client: "sets impossible standards, apologises often, wants exact instructions",
    therapist: "slow, concrete, praises effort and not results",
  },
  {
    relationship: "trauma survivor and gentle guide",
    client: "startles easily, tests whether it is safe, speaks in short sentences",
    therapist: "asks for permission, offers choices, names strengths",
  },
  {
    relationship: "relationship struggles and curious listener",
    client: "swings between blaming the partner and blaming oneself",
    therapist: "maps patterns, never takes sides",
  },
  {
    relationship: "sceptical engineer and plain-spoken practitioner",
    client: "wants proof, jokes when it gets close",
    therapist: "explains reasons, welcomes doubt, proposes small tests",
  },
  {
    relationship: "grieving parent and quiet companion",
    client: "tired, fearful of forgetting, unwilling to be cheered up",
    therapist: "stays with silence, asks about the one who died",
  },
  {
    relationship: "guarded teenager and informal counsellor",
    client: "one-word answers, then sudden honesty",
    therapist: "light humour, clear about confidentiality and its limits",
  },
];

/** How each of the six components looks when it is woven into a conversation. */
export const componentTasks = {
  journaling_system: "the therapist proposes one concrete journaling exercise and the client reacts to it",
  voice_blending:
    "the reply blends three voices (a clear teacher, a warm listener, a practical coach) in one tone",
  edge_case_handling:
    "the client shows a sign of risk, and the therapist asks about safety directly and names help",
  dual_persona_dynamics:
    "client and therapist keep two distinct personas, and the alliance between them is spoken about",
  bias_detection:
    "the therapist notices an assumption about culture, gender, age or ability and corrects it openly",
  psychology_knowledge_base: "the therapist explains one psychological concept in plain words where it helps",
} as const;
export type Component = keyof typeof componentTasks;
