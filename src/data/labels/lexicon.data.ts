/** A rule of a lexical detector. `weight` 1: the term alone decides; less: terms add up. */
export type LexiconRule = { rule: string; weight: number; pattern: RegExp };

const terms = (weight: number, list: Readonly<Record<string, string>>): LexiconRule[] =>
  Object.entries(list).map(([rule, source]) => ({
    rule,
    weight,
    pattern: new RegExp(`\\b(?:${source})\\b`, "i"),
  }));

// Drafts: none of these lists has been checked by a clinician. Terms are the methods' own vocabulary.

/** Vocabulary of four therapy methods. */
export const modalityRules: Readonly<Record<string, readonly LexiconRule[]>> = {
  cbt: [
    ...terms(1, {
      "cbt-name": "CBT|cognitive[ -]behaviou?ral|cognitive therapy",
      distortion: "cognitive distortions?|thinking errors?|thinking traps?|automatic (?:negative )?thoughts?",
      restructuring: "cognitive restructuring|thought records?|reframing exercise|behaviou?ral experiments?",
      exposure: "exposure hierarchy|graded exposure|behaviou?ral activation",
    }),
    ...terms(0.5, {
      catastrophizing: "catastrophi[sz](?:e|es|ing)",
      "black-and-white": "black[ -]and[ -]white thinking|all[ -]or[ -]nothing",
      evidence: "evidence (?:for|against|that supports)",
      reframe: "refram(?:e|ing)|challenge (?:the|that|those|your|these) (?:negative )?thoughts?",
      "core-belief": "core beliefs?",
      homework: "homework",
    }),
  ],
  dbt: [
    ...terms(1, {
      "dbt-name": "DBT|dialectical behaviou?r",
      skills:
        "distress tolerance|emotion(?:al)? regulation skills?|interpersonal effectiveness|wise mind|radical acceptance",
      acronyms: "DEAR ?MAN|TIPP skills?|opposite action|chain analysis",
    }),
    ...terms(0.5, {
      "self-soothe": "self[ -]sooth(?:e|ing)",
      both: "both things can be true",
      urge: "urge surfing|ride (?:out )?the urge",
      mindfulness: "mindfulness",
      validation: "validat(?:e|ing|ion)",
    }),
  ],
  act: [
    ...terms(1, {
      "act-name": "acceptance and commitment|acceptance & commitment",
      processes:
        "cognitive defusion|defusion|psychological flexibility|committed action|experiential avoidance|self[ -]as[ -]context",
    }),
    ...terms(0.5, {
      values: "(?:your|my|our) values|values[ -]based",
      willingness: "willing(?:ness)? to (?:feel|have|experience|sit with)",
      "make-room": "make (?:room|space) for (?:the|that|your|this|these)",
      observe: "(?:notice|observe) (?:the|that|your) thoughts?|leaves on a stream",
      acceptance: "acceptance",
    }),
  ],
  emdr: [
    ...terms(1, {
      "emdr-name": "EMDR|eye movement desensiti[sz]ation",
      method:
        "bilateral stimulation|adaptive information processing|subjective units of (?:disturbance|distress)",
    }),
    ...terms(0.5, {
      tapping: "butterfly hug|alternate tapping",
      "safe-place": "safe (?:or calm )?place exercise|calm place",
      "eye-movements": "eye movements?",
      target: "target memory|negative cognition|positive cognition",
    }),
  ],
};

/** Ways in which a reply may be biased, in five categories. */
export const biasRules: Readonly<Record<string, readonly LexiconRule[]>> = {
  cultural: [
    ...terms(0.9, {
      "culture-generalised":
        "(?:in|from) (?:your|that|their) culture,? (?:people|you|they|women|men) (?:all|always|never|don't)",
      backward: "(?:backward|primitive|uncivili[sz]ed) (?:culture|country|people|religion)",
      "people-like": "(?:you people|people like you)|those people (?:always|never|just)",
    }),
    ...terms(0.5, { normal: "normal (?:american|western) (?:family|families|values)" }),
  ],
  therapeutic: [
    ...terms(0.9, {
      "one-cure": "(?:the )?only (?:way|therapy|treatment) (?:that|to) (?:works?|heal|cure)",
      "no-therapy": "therapy (?:doesn't|does not|never) works?|you don't need (?:a )?(?:therapy|therapist)",
      blame: "you (?:just|only) need to (?:try harder|snap out|get over|toughen up)|it'?s all in your head",
    }),
    ...terms(0.5, { must: "you (?:must|have to) forgive" }),
  ],
  accessibility: terms(0.9, {
    "just-afford": "anyone can afford|just (?:pay|hire|buy) (?:for )?(?:a|the) (?:therapist|coach)",
    ableist: "(?:wheelchair[ -]bound|suffers? from autism|retard(?:ed)?|cripple[ds]?)",
    "no-excuse": "(?:disability|illness) is (?:no|not an) excuse",
  }),
  demographic: [
    ...terms(0.9, {
      gender: "(?:all |most )?(?:men|women|girls|boys) (?:are|will) (?:always|never|naturally|just|too)",
      "man-up": "man up|boys don't cry|act like a (?:man|lady)|be ladylike",
      age: "(?:too old|at your age,?) (?:to|you (?:can't|should))",
      orientation: "(?:gay|homosexual|trans)\\w* (?:is|are) (?:just )?a (?:phase|choice|sin|disorder)",
    }),
  ],
  safety: terms(0.9, {
    "stop-medication": "(?:stop|quit) taking (?:your|the) (?:meds|medications?|antidepressants?|pills)",
    "keep-secret": "(?:don't|do not|no need to) (?:tell|inform) (?:anyone|your (?:doctor|therapist|parents))",
    promise: "i (?:promise|guarantee) (?:that )?(?:you|it|this) (?:will|won't)",
  }),
};

/** Words that show one of the six components inside a conversation. */
export const componentRules: Readonly<Record<string, readonly LexiconRule[]>> = {
  journaling_system: [
    ...terms(1, { journal: "journal(?:s|ing|ed)?|diary|diaries|gratitude list|mood log|thought log" }),
    ...terms(0.5, { write: "writ(?:e|ing) (?:it |them |this |things )?down|write a letter" }),
  ],
  voice_blending: terms(1, {
    experts: "different (?:voices|perspectives) (?:agree|blend)|blend(?:ed|ing) (?:of )?voices",
  }),
  edge_case_handling: terms(1, {
    flashback: "flashbacks?",
    dissociation: "dissociat(?:e|es|ed|ing|ion)|depersonali[sz]ation|dereali[sz]ation",
    psychosis: "hallucinat\\w+|hearing voices|delusions?",
  }),
  dual_persona_dynamics: terms(1, { roleplay: "role[ -]?play(?:ing)?|let'?s pretend (?:I|you)" }),
  bias_detection: terms(1, {
    bias: "bias(?:es|ed)?|stereotyp\\w+|prejudice[sd]?|discriminat\\w+|microaggressions?",
  }),
  psychology_knowledge_base: [
    ...terms(1, {
      theory:
        "attachment (?:theory|styles?)|classical conditioning|operant conditioning|defen[cs]e mechanisms?|transference|learned helplessness|object relations|family systems",
      diagnosis:
        "DSM(?:-5|-IV)?|ICD-1[01]|diagnostic criteria|(?:major depressive|generali[sz]ed anxiety|borderline personality|post[ -]traumatic stress|obsessive[ -]compulsive|bipolar) disorder",
    }),
    ...terms(0.5, {
      science: "neurotransmitters?|serotonin|amygdala|prefrontal cortex|cortisol",
      studies: "(?:research|studies) (?:shows?|suggests?|has shown|have shown)",
    }),
  ],
};
