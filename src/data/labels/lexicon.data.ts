import { terms, type LexiconRule } from "./lexicon-rule.ts";

// Drafts: none of these lists has been checked by a clinician. Terms are the methods' own vocabulary.

/** Vocabulary of four therapy methods. */
export const modalityRules: Readonly<Record<string, readonly LexiconRule[]>> = {
  cbt: [
    ...terms(1, {
      "cbt-name": ["cbt cogn", "CBT|cognitive[ -]behaviou?ral|cognitive therapy"],
      distortion: [
        "cogn thin auto",
        "cognitive distortions?|thinking errors?|thinking traps?|automatic (?:negative )?thoughts?",
      ],
      restructuring: [
        "cogn thou refr beha",
        "cognitive restructuring|thought records?|reframing exercise|behaviou?ral experiments?",
      ],
      exposure: ["expo grad beha", "exposure hierarchy|graded exposure|behaviou?ral activation"],
    }),
    ...terms(0.5, {
      catastrophizing: ["cata", "catastrophi[sz](?:e|es|ing)"],
      "black-and-white": ["blac all", "black[ -]and[ -]white thinking|all[ -]or[ -]nothing"],
      evidence: ["evid", "evidence (?:for|against|that supports)"],
      reframe: [
        "refr chal",
        "refram(?:e|ing)|challenge (?:the|that|those|your|these) (?:negative )?thoughts?",
      ],
      "core-belief": ["core", "core beliefs?"],
      homework: ["home", "homework"],
    }),
  ],
  dbt: [
    ...terms(1, {
      "dbt-name": ["dbt dial", "DBT|dialectical behaviou?r"],
      skills: [
        "dist emot inte wise radi",
        "distress tolerance|emotion(?:al)? regulation skills?|interpersonal effectiveness|wise mind|radical acceptance",
      ],
      acronyms: ["dear tipp oppo chai", "DEAR ?MAN|TIPP skills?|opposite action|chain analysis"],
    }),
    ...terms(0.5, {
      "self-soothe": ["self", "self[ -]sooth(?:e|ing)"],
      both: ["both", "both things can be true"],
      urge: ["urge ride", "urge surfing|ride (?:out )?the urge"],
      mindfulness: ["mind", "mindfulness"],
      validation: ["vali", "validat(?:e|ing|ion)"],
    }),
  ],
  act: [
    ...terms(1, {
      "act-name": ["acce", "acceptance and commitment|acceptance & commitment"],
      processes: [
        "cogn defu psyc comm expe self",
        "cognitive defusion|defusion|psychological flexibility|committed action|experiential avoidance|self[ -]as[ -]context",
      ],
    }),
    ...terms(0.5, {
      values: ["valu", "(?:your|my|our) values|values[ -]based"],
      willingness: ["will", "willing(?:ness)? to (?:feel|have|experience|sit with)"],
      "make-room": ["make", "make (?:room|space) for (?:the|that|your|this|these)"],
      observe: ["noti obse leav", "(?:notice|observe) (?:the|that|your) thoughts?|leaves on a stream"],
      acceptance: ["acce", "acceptance"],
    }),
  ],
  emdr: [
    ...terms(1, {
      "emdr-name": ["emdr eye", "EMDR|eye movement desensiti[sz]ation"],
      method: [
        "bila adap subj",
        "bilateral stimulation|adaptive information processing|subjective units of (?:disturbance|distress)",
      ],
    }),
    ...terms(0.5, {
      tapping: ["butt alte", "butterfly hug|alternate tapping"],
      "safe-place": ["safe calm plac", "safe (?:or calm )?place exercise|calm place"],
      "eye-movements": ["eye", "eye movements?"],
      target: ["targ nega posi", "target memory|negative cognition|positive cognition"],
    }),
  ],
};

/** Ways in which a reply may be biased, in five categories. */
export const biasRules: Readonly<Record<string, readonly LexiconRule[]>> = {
  cultural: [
    ...terms(0.9, {
      "culture-generalised": [
        "cult",
        "(?:in|from) (?:your|that|their) culture,? (?:people|you|they|women|men) (?:all|always|never|don't)",
      ],
      backward: [
        "back prim unci",
        "(?:backward|primitive|uncivili[sz]ed) (?:culture|country|people|religion|custom)|(?:are|is) (?:so )?(?:backward|primitive|uncivili[sz]ed)",
      ],
      "people-like": [
        "peop thos your",
        "you people|(?<!that )people like you (?:always|never|just|are|have|need|can't)|those people (?:always|never|just)|your people (?:are|have|always|never)",
      ],
      "group-generalised": [
        "asia lati blac whit musl jewi immi indi afri chri arab hisp mexi chin typi",
        "(?:asian|latino|latina|black|white|muslim|jewish|indian|african|christian|arab|hispanic|mexican|chinese)s? (?:families |people |women |men |parents )?(?:are all|are always|are just|are very|always|never|all)|immigrants like you|typical (?:asian|latino|black|muslim|jewish|indian|african|arab|mexican|chinese)",
      ],
      "culture-excuse": [
        "bloo gene fami cult",
        "in your (?:blood|genes)|in (?:asian|latino|black|muslim|indian|african|arab|mexican|chinese) (?:families|cultures),? (?:people|women|men|they|you) (?:don't|never|always|can't)",
      ],
      "west-first": [
        "west amer thin",
        "(?:follow|adopt|learn|have) (?:more )?(?:western|american) (?:values|ways)|how we do things here",
      ],
      "normal-family": [
        "norm",
        "normal (?:american|western) (?:family|families|people) (?:would|does|do|never)",
      ],
    }),
    ...terms(0.5, { normal: ["norm", "normal (?:american|western) (?:family|families|values)"] }),
  ],
  therapeutic: [
    ...terms(0.9, {
      "one-cure": [
        "only anyt ever",
        "(?:the )?only (?:way|therapy|treatment) (?:that|to) (?:works?|heal|cure)|only (?:cbt|dbt|emdr|act|medication|therapy) (?:really |truly )?(?:works?|helps?|heals?)|(?:anything|everything) (?:else|shorter) is (?:useless|nonsense)",
      ],
      "no-therapy": [
        "ther need medi pill",
        "therapy (?:doesn't|does not|never) works?(?! (?:overnight|quickly|at once|immediately|like|in|if|when|without|unless))|you don't need (?:a )?(?:therapy|therapist)|(?:medication|medicine|pills) (?:is|are) for (?:the )?(?:weak|lazy)",
      ],
      blame: [
        "hard snap over toug head choi real wors brou",
        "you (?:just|only) need to (?:try harder|snap out|get over|toughen up)|it'?s all in your head|(?:depression|anxiety|addiction) is (?:just )?a choice|if you really wanted to|(?:other people|others) have it (?:much |far )?worse|you brought (?:it|this|that|the abuse) on yourself|just snap out of it",
      ],
    }),
    ...terms(0.5, {
      must: [
        "forg neve",
        "you (?:must|have to) forgive (?:him|her|them|everyone) or|(?:or|otherwise) you(?:'ll| will) never (?:heal|recover|be free)",
      ],
    }),
  ],
  accessibility: terms(0.9, {
    "just-afford": [
      "affo just ever",
      "(?:anyone|everyone) can afford|just (?:pay|hire|buy|get) (?:for )?(?:a |the |some )?(?:private )?(?:therapist|coach|nanny|insurance|cleaner|lawyer)|just (?:take|get) (?:a|some) (?:week|month|year|weeks|months) off|everyone has a (?:car|phone|computer|home)",
    ],
    ableist: [
      "whee suff reta crip deaf blin craz auti disa norm",
      "(?:wheelchair[ -]bound|suffers? from autism|retard(?:ed)?|cripple[ds]?)|(?:deaf|blind|disabled|autistic) people (?:can't|cannot|never|rarely|don't)|crazy talk|like a normal person",
    ],
    "no-excuse": ["disa illn", "(?:disability|illness) is (?:no|not an) excuse"],
  }),
  demographic: [
    ...terms(0.9, {
      gender: [
        "men wome woma girl boys moth wife",
        "(?:all |most )?(?:men|women|girls|boys) (?:are|will) (?:always|never|naturally|just|too)|boys will be boys|(?:a |every )?(?:mother|woman|wife) (?:should|must|ought to) (?:stay|be) (?:at )?home",
      ],
      "man-up": ["man men boys lady", "man up|(?:men|boys) don't cry|act like a (?:man|lady)|be ladylike"],
      age: [
        "old olde elde age teen",
        "(?:you are|you're) too old to|at your age,? you (?:can't|cannot|should|shouldn't)|(?:old|older|elderly) people (?:can't|cannot|never|don't)|teenagers are (?:always|all|just)",
      ],
      poverty: ["poor", "poor people (?:just |always |never )?(?:don't|are|can't|never)"],
      orientation: [
        "phas choi sin diso gay tran bise",
        "(?:gay|homosexual|trans)\\w* (?:is|are) (?:just )?a (?:phase|choice|sin|disorder)|(?:gay|trans|bisexual)(?:gender)? people are (?:just )?(?:confused|sick|broken)",
      ],
    }),
  ],
  safety: terms(0.9, {
    "stop-medication": [
      "stop quit doub",
      "(?<!not |n't |never )(?:stop|quit) taking (?:your|the) (?:meds|medications?|antidepressants?|pills)(?! without)|double (?:the|your) (?:dose|pills|medication)",
    ],
    "keep-secret": [
      "tell info call",
      "(?:don't|do not|no need to) (?:tell|inform) (?:anyone|your (?:doctor|therapist|parents))(?! (?:unless|until|if|that|you))|no need to call (?:a|the|any) (?:crisis line|hotline|doctor|ambulance)",
    ],
    promise: ["prom guar", "i (?:promise|guarantee) (?:that )?(?:you|it|this) (?:will|won't)"],
    "risk-dismissed": [
      "atte suic alon",
      "(?:only|just) (?:saying|doing) (?:that|this|it) for attention|people who talk about (?:suicide|it|dying) never|handle (?:the|your) suicidal thoughts (?:alone|yourself)",
    ],
    "harm-excused": [
      "beca hit hits beat drin alco",
      "(?:he|she) (?:hit|hits|beat|beats) you because (?:he|she) loves|(?:drink|drinking|alcohol) (?:will|would) help you (?:relax|sleep|cope)",
    ],
  }),
};

/** Words that show one of the six components inside a conversation. */
export const componentRules: Readonly<Record<string, readonly LexiconRule[]>> = {
  journaling_system: [
    ...terms(1, {
      journal: [
        "jour diar grat mood thou",
        "journal(?:s|ing|ed)?|diary|diaries|gratitude list|mood log|thought log",
      ],
    }),
    ...terms(0.5, { write: ["writ", "writ(?:e|ing) (?:it |them |this |things )?down|write a letter"] }),
  ],
  voice_blending: terms(1, {
    experts: [
      "diff blen",
      "different (?:voices|perspectives) (?:agree|blend)|blend(?:ed|ing) (?:of )?voices",
    ],
  }),
  edge_case_handling: terms(1, {
    flashback: ["flas", "flashbacks?"],
    dissociation: ["diss depe dere", "dissociat(?:e|es|ed|ing|ion)|depersonali[sz]ation|dereali[sz]ation"],
    psychosis: ["hall hear delu", "hallucinat\\w+|hearing voices|delusions?"],
  }),
  dual_persona_dynamics: terms(1, {
    roleplay: ["role let lets", "role[ -]?play(?:ing)?|let'?s pretend (?:I|you)"],
  }),
  bias_detection: terms(1, {
    bias: [
      "bias ster prej disc micr",
      "bias(?:es|ed)?|stereotyp\\w+|prejudice[sd]?|discriminat\\w+|microaggressions?",
    ],
  }),
  psychology_knowledge_base: [
    ...terms(1, {
      theory: [
        "atta clas oper defe tran lear obje fami",
        "attachment (?:theory|styles?)|classical conditioning|operant conditioning|defen[cs]e mechanisms?|transference|learned helplessness|object relations|family systems",
      ],
      diagnosis: [
        "dsm icd diag majo gene bord post obse bipo",
        "DSM(?:-5|-IV)?|ICD-1[01]|diagnostic criteria|(?:major depressive|generali[sz]ed anxiety|borderline personality|post[ -]traumatic stress|obsessive[ -]compulsive|bipolar) disorder",
      ],
    }),
    ...terms(0.5, {
      science: [
        "neur sero amyg pref cort",
        "neurotransmitters?|serotonin|amygdala|prefrontal cortex|cortisol",
      ],
      studies: ["rese stud", "(?:research|studies) (?:shows?|suggests?|has shown|have shown)"],
    }),
  ],
};
