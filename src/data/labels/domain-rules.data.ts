import { terms, type LexiconRule } from "./lexicon-rule.ts";

/** The subjects that experts are trained for; `general_therapeutic` is what remains. */
export const domainNames = ["psychology", "mental_health", "bias_detection", "general_therapeutic"] as const;

// Drafts: not checked by a clinician.
/** Words that show what a conversation is about; a rule counts once, weights add up. */
export const domainRules: Readonly<Record<string, readonly LexiconRule[]>> = {
  mental_health: [
    ...terms(1, {
      depression: ["depr suic self", "depress(?:ion|ed|ive)|suicid\\w*|self[ -]?harm\\w*"],
      anxiety: [
        "anxi pani phob agor",
        "anxiety|anxious|panic (?:attacks?|disorder)|phobias?|agoraphobi\\w*|panicking",
      ],
      trauma: [
        "trau ptsd post abus flas",
        "trauma\\w*|c?ptsd|post[ -]traumatic|sexual(?:ly)? abuse\\w*|flashbacks?",
      ],
      disorder: [
        "bipo schi psyc ocd obse adhd auti bord anor buli bing eati mani diso diss hall",
        "bipolar|schizo\\w+|psychosis|psychotic|OCD|obsessive[ -]compulsive|ADHD|autis\\w+|borderline personality|anorexi\\w+|bulimi\\w+|binge[ -]eating|eating disorders?|mania|manic|dissociat\\w+|hallucinat\\w+|personality disorder",
      ],
      addiction: [
        "addi alco drug opio subs rela sobr",
        "addict(?:ed|ion|s)?|alcohol(?:ic|ism)|drug (?:use|abuse)|opioids?|substance (?:use|abuse)|sobriety|relapsed?",
      ],
      medication: [
        "medi meds anti psyc ssri lexa zolo proz diag",
        "(?:my|your|on|taking|prescribed|the) (?:medications?|meds)|antidepressants?|antipsychotics?|psychiatr\\w+|SSRIs?|lexapro|zoloft|prozac|diagnosed",
      ],
      "mental-health": ["ment", "mental (?:health|illness\\w*|disorders?)"],
    }),
    ...terms(0.5, {
      mood: [
        "hope wort numb empt grie",
        "hopeless\\w*|worthless\\w*|feel(?:ing)? (?:so )?(?:numb|empty)|grie(?:f|ving)",
      ],
      sleep: ["inso nigh slee", "insomnia|nightmares?|can(?:'|\u2019)?t sleep"],
      stress: ["stre over burn", "stress(?:ed|ful)?|overwhelm(?:ed|ing)|burn(?:ed|t)?[ -]?out"],
    }),
  ],
  psychology: [
    ...terms(1, {
      theory: [
        "atta clas oper defe coun tran lear obje fami erik piag freu jung masl band bowl",
        "attachment (?:theory|styles?)|(?:classical|operant) conditioning|defen[cs]e mechanisms?|countertransference|transference|learned helplessness|object relations|family systems|(?:erikson|piaget|freud|jung|maslow|bandura|bowlby)(?:'s|ian)?",
      ],
      discipline: [
        "psyc cogn soci deve",
        "psychological (?:theor\\w+|concepts?|constructs?|research)|(?:cognitive|social|developmental|clinical|positive|behaviou?ral) psychology",
      ],
      criteria: ["dsm icd diag psyc", "DSM(?:-5|-IV)?|ICD-1[01]|diagnostic criteria|psychometric\\w*"],
    }),
    ...terms(0.5, {
      science: [
        "neur sero amyg pref cort",
        "neurotransmitters?|neuroplasticity|serotonin|amygdala|prefrontal cortex|cortisol",
      ],
      studies: [
        "rese stud",
        "(?:research|studies) (?:shows?|suggests?|finds?|has shown|have shown|have found)",
      ],
      define: ["what defi expl", "(?:define|definition of|explain the (?:concept|theory|term))"],
    }),
  ],
  bias_detection: [
    ...terms(1, {
      bias: ["bias ster prej micr", "bias(?:es|ed)?|stereotyp\\w+|prejudice[sd]?|microaggressions?"],
      discrimination: [
        "disc raci sexi homo tran able xeno",
        "discriminat\\w+|racis[tm]\\w*|sexis[tm]\\w*|homophobi\\w+|transphobi\\w+|ableis[tm]\\w*|xenophobi\\w+",
      ],
    }),
    ...terms(0.5, {
      equity: [
        "cult mino marg equi",
        "cultural(?:ly)? (?:sensitiv\\w+|competen\\w+|humility)|minorit(?:y|ies)|marginali[sz]ed|equity",
      ],
    }),
  ],
};
