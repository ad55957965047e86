import { group, type Entry } from "./risk-entry.ts";

/**
 * Phrases of the risk screen, written for this project from general knowledge of how people speak, on no evaluation
 * set. Drafts: a clinician must review and sign them off. Words stand without accents and apostrophes.
 */
/** Named lists that patterns refer to. */
export const lists: Readonly<Record<string, readonly string[]>> = {
  killself: [
    "kill|killing|unalive|unaliving|hang|hanging|shoot|shooting|drown|drowning|poison|poisoning|suffocate|stab|off|offing|end myself|meself|herself|himself|themselves|themself|yourself",
    "end|ending|take|taking ?own my ?own life",
    "end|ending it all",
    "commit|committing suicide",
    "slit|slitting|cut|cutting|slash my wrist|wrists|throat|veins",
    "jump|jumping off|from ?this ?that bridge|building|roof|balcony|cliff|overpass|window",
    "jump|jumping|step|stepping|walk|walking in|into ?front ?of|oncoming train|traffic|truck|lorry",
    "jump|jumping|throw|throwing|lie ?myself under|onto train|bus|truck|tracks",
    "throw|throwing myself off|under|into|from|in",
    "blow|blowing my brains|head",
    "overdose|overdosing",
    "take|swallow|taking|swallowing|down all|whole|every|bottle ?of ?my ?these ?them ?bottle pills|pill|meds|tablets|medication",
    "crash|crashing|drive|driving ?my car|off ?into|off tree|wall|bridge|cliff|pole",
    "pull|pulling trigger",
    "kms",
  ],
  soon: ["tonight|tonite|today|tomorrow|now|immediately|soon"],
  intent: ["going|gonna|gunna|planning|plan|planned|intend|intending|decided|finna|ready|will|ill|imma|must"],
  wish: [
    "want|wants|wishes|ways|wanna|wanted|wanting|wish|wishing|thinking|think|thought|thoughts|considering|consider|considered|contemplating|tempted|urge|urges|fantasize|fantasizing|fantasise|imagine|imagining|imagined|tried|trying|try|attempt|attempted|desire|rather|prefer|need|might|may|could|should|dream|dreaming|love|hoping|hope|obsessed|googled|googling|researching|picture|picturing|feel",
  ],
  dying: [
    "want|wants|wishes|wanna|wanted|wanting|wish|wishing|rather|prefer|desire|hope|hoping|pray|praying|need|deserve|long|longing|begging|thoughts|thinking",
  ],
};

export const english: readonly Entry[] = [
  ...group(
    "imminent",
    "suicide",
    `
    {intent} {killself}
    about|bout to {killself}
    {killself} {soon}
    {soon} i|im ?will|going|gonna|want|am {killself}
    gun|pistol|noose|razor in|to|at|around|against ?my hand|hands|head|throat|neck|wrist|mouth
    loaded gun|pistol|shotgun|rifle next|in|here|beside
    pills|bottle|knife|blade in|next|front ?of ?my hand|hands|me ready|and|i
    at|over|on edge|railing|ledge of ?the ?a bridge|roof|building|cliff|overpass|balcony
    on the ledge
    wrote|written|writing|finished|leaving|left ?my suicide|goodbye note|notes|letter|letters
    suicide note is|ready|done|finished
    goodbye world|forever
    goodbye everyone sorry|im|i|forgive
    wont|not be alive|breathing tomorrow|morning|anymore|monday
    last night|day|hours alive|earth
    have|got|made ?my plan|method|date ?set ?and ?for {killself}
    have|got plan|method ?and means|pills|gun|rope
    ending|end it tonight|tonite
    going|gonna to die tonight|tonite
    cant|cannot|dont keep|trust myself safe|alone|tonight
    not|isnt|arent safe myself|alone tonight|right|now|with
    not safe with myself
    noose around|is
    tied noose
    holding|got|have|pressing|put|pressed ?a ?the knife|razor|blade|gun|pistol|scissors ?right to|at|against|on ?my wrist|wrists|throat|neck|head|chest|temple
    about|going|gonna|ready to take|swallow them all
    tonight|tonite im|i|ill|is ?am ?going ?will ending|end|doing ?to it
    tonight i|ill ?will die
    tonight is|its ?the ?my night|last|time
    today|tonight is my|the last|final day|night
    on|at|standing|sitting ?at ?on|by roof|ledge|bridge|railing|tracks|overpass ?of ?a ?the and|right|now|ready|im|train|jump ?i|now|im|going|about
    on|standing ?on ?the railway|train|subway ?tracks tracks|train|comes
    rope|noose is|are|hangs tied|ready|up|hanging|waiting
    garage|car with|and ?the engine|exhaust running|on
    engine is|?still running ?in ?and garage|closed|windows
    about to do it
    gonna|going|will|ill|im|about ?going ?to jump ?off ?now ?from ?in
    pills|tablets|bottle|meds|blade|razor|knife|gun|pistol|rope is|are ?right in|next|front|beside|here ?front ?to|of ?me ?my ?hand
    read|reading|get|see ?this ?message ill|i ?will be dead|gone
    have|got ?a the means|method|pills|gun|rope|everything here|ready|now|with|next
    taken|took|swallowed|ate|had ?about 20|30|40|50|60|80|100|twenty|thirty|forty|fifty|sixty paracetamol|tylenol|aspirin|ibuprofen|pills|tablets|xanax|advil|tramadol
    overdosed ?an ?a hour|few|minutes|just|tonight|today|now ?ago
    wont|doesnt|not stop ?the bleeding
    cut|slit|slashed|opened my|?both wrists|veins ?and it|i|im|theyre|bleeding
    `,
  ),
  ...group(
    "imminent",
    "overdose",
    `
    took|taken|swallowed|downed|ate|popped|drank ?about ?over whole|entire|all|every|too|bunch|handful|lot|bottle|twenty|thirty|forty|fifty|sixty|hundred|20|25|30|40|50|60|100|dozens ?many ?much ?bottle ?of ?my ?them pills|pill|meds|tablets|tylenol|paracetamol|bleach|medication|xanax|ibuprofen|sleeping|aspirin|antidepressants|insulin|acetaminophen
    just|have|ive|already overdosed|oded
    overdosed just|minutes|hour|tonight
    cut|slit|slashed|sliced my wrist|wrists|throat|veins
    wrists are|is bleeding
    drank|drunk|swallowed bleach|poison|antifreeze
    `,
  ),
  ...group(
    "elevated",
    "suicide",
    `
    {wish} {killself}
    {dying} ?about ?i ?was ?were ?could ?be die|dead|dying
    wish|wishing|wished|hope ?i ?had ?was ?were never|wasnt|werent|not been|be|born|alive|here|exist|existed|woke|wake
    feel|feeling|felt|im|am|been|become|getting|actively|passively suicidal
    suicidal thoughts|ideation|feelings|urges|again|tonight|tendencies
    thought|thoughts|thinking|think of|about suicide|dying|death
    thoughts to|of end|kill
    kill|killing|hang|unalive|hanging|shoot myself|herself|himself|themselves
    end|ending|take|taking ?own my ?own life
    ending|end it all
    dont|do|didnt|not|no|never want|wanna|wish|longer ?want be|live alive|here|anymore|around|existing
    dont|not|didnt|never want|wanna live|exist|wake|continue|living
    no|any|without|find|lost reason|point|purpose|will ?in ?for ?me live|living|existing|alive|life
    nothing ?left ?much|worth live|living for
    life isnt|not|aint ?not worth
    not|isnt|no worth|longer living
    better off ?if dead
    better ?off ?for ?everyone if|without|when i ?was|were|wasnt|werent ?never dead|gone|die|died|disappeared|born|here|around|exist
    rather|prefer ?be dead|die
    should|deserve|deserves|need|ready|waiting ?i ?just die|dead|death
    go|fall|going sleep|asleep and|never|?not never|not|dont wake
    never wake|waking up
    not|dont|wont wake up
    cant|cannot|dont|?to go on ?with|like|living living|life|anymore|this|longer|like
    cant|cannot|dont ?want live|keep|continue ?living ?like ?with ?this|living|life|going anymore|this|longer|living
    done|tired|sick|finished|through with|of ?being living|life|alive|existing
    giving|given|gave|give up on life|living
    want|wanna|need|just|wish ?for everything|life|pain all|be|end|stop|over end|stop|over|ended
    want|wanna|need|just|wish ?for it all be|end|stop|over ?end ?stop ?over
    want|wanna|need|wish out|leave|escape ?of this world|life
    want|wanna|wish|need cease|stop exist|existing|living|being
    cease to exist
    no|any|without|isnt|see reason|point|purpose ?in ?for ?me ?to keep|carry|going|go|continue|carrying on|living|?living
    no|any|without|isnt|see reason|point|purpose ?in ?for ?me being|be|stay|staying ?here alive|here|around
    think|thinking|thought|dream|fantasize|imagine ?about ?of not|never waking|existing
    think|thinking|thought|dream|fantasize|imagine ?about ?of not being alive|around|here
    no|noone|nobody ?one would|will ?even care|notice|miss|cry|know ?me if|when
    tell|telling my|him|her|them ?family|kids|mom|parents|dad|wife|husband|children ?that i|im love|loved|sorry
    im|i|am ending it
    bought|got|found rope|noose and|myself
    know|knows ?exactly how|where|when ill|im|i ?would ?am ?going ?to do|end it
    leave|leaving this world|earth ?forever
    end my suffering|misery|existence|days
    dont|not deserve ?to live|alive|be ?alive
    if i died|die|disappeared|vanished ?tomorrow ?tonight
    when im|i dead|die
    sleep forever|eternally
    permanent|final solution|sleep|exit
    no longer want|wish ?to live|be|exist
    ways|way|how|method|methods ?to ?i ?can|should ?painlessly ?quickly {killself}
    painless|painlessly|easiest|quickest|best|least ?painful|way ?way ?to die|death|suicide|overdose
    how many|much ?of ?these pills|tablets|medication|meds|tylenol|insulin ?would ?it take|take|to|need|die|kill|overdose
    suicide plan|attempt|method|methods|pact
    attempted|attempting|contemplating|considering|planning|contemplate|consider|commit suicide
    survived my|a|suicide ?suicide attempt
    nobody|noone|no|one ?one ?will|would ?even miss|notice|mourn|cry ?me ?if ?when ?i me|died|disappeared|gone|die|disappear
    everyone|everybody|family|they|world|people|kids|wife|husband|parents|children|friends would|will|is|are|be|wouldbe ?be better|happier|relieved|fine off|without|if|when ?without ?i me|die|gone|dead|left|died|wasnt|werent|disappeared|not
    world|life better|happier off|place|without ?without me
    burden to|on|for everyone|family|everybody|them|others|people|friends|parents|kids|my
    being|am|im|such burden
    only way|option|escape|answer|solution ?out ?left ?is|for ?me die|death|suicide|dying|disappear
    death would|is|seems|feels|sounds ?only ?like better|peaceful|relief|easier|answer|option|escape|comforting
    not be alive|around|here anymore|longer
    join|with him|her|them|mom|dad|you ?again heaven|death|afterlife
    unalive
    sewerslide|sewercide
    ctb
    hope|wish|wishing ?that ?a ?i ?something|someone|truck|car|bus|get|cancer|plane|train ?get|would hit|kills|kill|hits|run|killed|crashes ?by|me ?me|over|car|bus|truck
    stockpil~|hoarding|saving|hoarded|saved ?up ?my ?sleeping ?the pills|meds|medication|tablets
    think|thinking|thought|imagine|picture|imagining of|about jumping|crashing|overdosing|drowning ?every|when|off|on|my|myself
    use|used|using|turn|turning it|gun|knife on myself
    part of me wants|wishes|want to|?be die|dead|gone
    only|still|barely alive|here|living because|for ?of
    not|cant|dont promise|know|sure ?that ?if i|ill|i'll ?will ?still be|make here|alive|it ?next ?tomorrow ?week
    rather|wanna|want|ready|like check|checking out early|soon|permanently|of
    suicide|death|dying feels|seems|looks|sounds ?like ?the|only option|answer|way|solution|choice|escape
    suicide is on|?my mind|?mind
    better off ?if ?i ?was|were dead
    counting|counted|counting|staring ?at ?my pills
    do|does it hurt to die
    dont|wont|not|cant see|make ?myself|it ?alive tomorrow|another|next|living|past morning|day|birthday|year|tonight|week|20|21|25|30
    `,
  ),
  ...group(
    "elevated",
    "self-harm",
    `
    cut|cutting|burn|burning|harm|harming|harmed|hurt|hurting|starve|starving|scratch|scratching|punch|punching myself
    self harm|harming|harmed|injury|injure|mutilate|mutilation
    selfharm~
    started|began|relapsed|back ?and ?to cutting
    cutting again|helps|relief|calms|my|to|makes|feel ?arms|thighs|feel|cope
    razor|razors|blade|blades|lighter across|on|to|against my skin|arm|wrist|thigh|wrists|leg
    deserve pain|punished|hurt|suffer
    carve|carved|carving ?words into|my ?my skin|arm|leg
    `,
  ),
  ...group(
    "elevated",
    "violence",
    `
    going|gonna|want|wanna|will|ill|planning|imma|finna|might|could ?to kill|stab|shoot|murder|strangle ?my him|her|them|people|someone|everyone|boss|wife|husband|dad|father|mother|sister|neighbor|neighbour|ex|coworker|somebody|classmates|teacher|coworkers|stepdad
    going|gonna|want|wanna|will|ill|planning|might to hurt ?my him|her|them|people|someone|somebody|kids|baby|wife
    bring|bringing|take|taking gun|knife|weapon|rifle to school|work|office|church
    shoot|blow|shooting up the|school|my|?this ?school|office|place|church|workplace
    thoughts|urges|urge|fantasies|fantasize|fantasizing|fantasise of|about|to hurting|killing|hurt|kill|stabbing|harming|shooting|strangling ?my someone|him|her|them|people|baby|others|family|boss
    `,
  ),
  ...group(
    "elevated",
    "psychosis",
    `
    voices|voice|demons|demon ?are ?is ?keep ?in ?my ?head telling|tell|tells|told|say|says|saying|command|commanding|want|wants|whispering ?that ?me hurt|kill|die|jump|do|harm|cut|end|burn|i|me
    `,
  ),
  ...group(
    "elevated",
    "abuse",
    `
    he|husband|boyfriend|partner|stepdad|uncle|ex|stepfather|she|girlfriend will|threatened|threatens|says|said|going|gonna|is|keeps|threatening ?hell ?he ?going ?he ?will kill|strangle|choke|shoot|stab|hurt me
    he|she|husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mother|stepdad|uncle|ex|brother|stepfather choked|strangled|raped|molested|stabbed|beat|beats|choking|chokes ?me
    was|been|got|being|were raped|molested|strangled|assaulted|abused
    raped|molested|assaulted me
    sexually abused|assaulted|abusing|touching|assaulting
    `,
  ),
  ...group(
    "watch",
    "abuse",
    `
    he|she|husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mother|stepdad|uncle|ex|brother|stepfather hit|hits|hitting|slaps|slapped|punched|punches|kicks|hurts|threatens|threatened|shoves|pushed|touches|controls|locks me
    afraid|scared|terrified of|to ?go ?my husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mother|stepdad|uncle|ex|home|him
    abusive husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mother|relationship|home|parents|household
    abused|abuses me
    `,
  ),
  ...group(
    "watch",
    "psychosis",
    `
    hear|hearing voices
    voices in my head
    they|government|neighbors|someone|everyone ?are|is watching|following|poisoning|tracking|spying|controlling ?on me
    implanted|inserted chip|thoughts|device
    `,
  ),
  ...group(
    "watch",
    "distress",
    `
    hopeless|hopelessness|worthless|worthlessness|suicidal|suicide
    feel|feeling|felt|im|am|feels empty|numb|trapped|broken|hollow|useless|helpless|unlovable|unloved|invisible|desperate|overwhelmed|ashamed|defeated|lonely|alone
    feel|feeling|felt nothing|anything
    dead inside
    hate|hating|loathe|despise|disgusted ?with myself|life|living|existing
    hate my|who ?body life|i|self|myself
    cant|cannot|dont|barely|hardly take|cope|handle|do|stand|face|bear|endure ?it|this|life ?pain anymore|longer|much|another|life|more
    cant|cannot stop crying
    cant|cannot|barely|hardly sleep|eat|function|breathe|concentrate|hold
    crying|cried|cry|sobbing|sob every|myself|nonstop|constantly|night|hours|daily|sleep|today|day
    cant|cannot|barely|dont get|leave ?out|up ?of ?my bed|house
    nobody|noone|nobodys cares|care|loves|likes|understands|wants|listens|here ?for ?about ?me
    no one cares|loves|understands|would|likes|wants|listens
    nobody to|would talk|understand|care|notice
    have no one|friends|hope|energy
    completely|totally|utterly|all|always alone
    giving|given|give|gave up ?on ?hope ?everything ?myself
    falling|fallen|fell|breaking|coming apart
    breaking|broke|broken|break down
    breakdown|meltdown
    panic attack|attacks
    tired|exhausted|sick of|from everything|trying|fighting|pretending|crying|hurting|struggling|feeling
    want|wanna|wish|wanted disappear|vanish|scream|cry|run ?away
    want|wanna|need|wish this|it|pain|everything to stop|end|over|go
    want|wanna|need|wish ?for it ?all be|end|stop|over ?end ?stop ?over
    no|any|without|lost|see hope|future|purpose|meaning|motivation|joy|point ?left ?in ?for ?me|anymore ?anymore
    nothing matters|helps|works|feels|anymore
    nothing to|?left look|live|forward|lose
    life is|feels|has hard|pointless|meaningless|empty|hell|over|hopeless|unbearable|lost|no
    pointless|meaningless
    whats|what|is ?is point anymore|of|in ?it ?going ?trying anymore|life|living|all|trying
    rock bottom
    failure|disappointment
    everything is|feels|seems hopeless|pointless|dark|falling|too|wrong|worthless|heavy
    all|everythings|everything ?is my fault
    depressed|depression|despair|despairing
    in dark|bad|such|darkest ?dark place|pain|moment
    dark thoughts|times|cloud
    lost|losing all|will|hope|interest|mind|job|everything
    not eating|sleeping|coping ?well|?properly|?right
    im|am|feel|feeling|really not okay|ok|fine|alright|well
    not doing well|okay|ok|good|great|alright|fine
    havent eaten|slept|showered ?in ?for ?more ?a ?properly
    havent been able ?to sleep|eat|get|leave|stop
    havent left ?my|?the bed|house|room|apartment|flat
    dont matter
    barely hanging|holding|surviving|coping|getting ?on|by
    drinking|drink|drunk|using every|again|cope|numb|forget|myself|alone
    relapsed
    binge|purge|purging|bingeing|binging
    grief|grieving|mourning
    struggling|suffering
    anxiety|anxious|overwhelmed
    lonely|loneliness
    giving|gave|give away ?my possessions|stuff|belongings|things
    putting|getting|put ?my affairs order
    scared of myself|my|what
    hurts so|too much
    pain is|too unbearable|much|too
    anymore i|im give|done|cant
    cant go on
    no|way|other way|out out
    see no way|point|future|reason|end
    dont|cant|not see|have|seeing ?a ?any way|point|future|reason
    been|feel|feeling|felt|am|im ?down down|low|sad|awful|terrible|miserable|lost|crushed|heartbroken|drained
    nothing brings|gives|makes|interests|excites ?me ?any joy|me|happy|anymore
    cant|dont|not feel|find|enjoy anything|joy|things
    lost motivation|appetite|interest|energy
    feel|feeling|felt like ?a ?such nobody|nothing|failure|burden|fraud|outsider
    nobody|noone|one knows|sees|hears how|what|me|that
    dont|not want|wanna get|leave|talk|see|do ?out ?of ?to bed|house|anyone|anything
    stopped eating|sleeping|caring|trying|leaving|talking
    lost|losing control|hope|grip|strength
    self|low esteem|worth|hatred|loathing
    nightmares|flashbacks
    see|have point|future in|for ?me
    miss|missing him|her|them|mom|dad so ?much
    dont know how|what much|to|else ?cope|longer
    `,
  ),
];

/** Everyday sayings that only sound like risk: a match inside one of these does not count. */
export const idioms: readonly string[] = `
kill|killing|kills|killed time|it|the|two|vibe|mood|joke|game|lights|engine|process|switch|deal|bill|weeds
kill|killing myself laughing|with
killing|kills|killed|kill me my|feet|back|today|softly|right|its|this|lol|haha|with|head
kill|die|murder|dying|died for a|some|that|an|?the coffee|pizza|burger|drink|nap|beer|chocolate|food|sandwich|vacation|holiday|cigarette|view|job|shoes|dress|house|voice|hair
could|would|id|gonna|going|will|ill kill|shoot|slap|kick myself for|if|over|because
dying|died|dies|die|dead of|from laughter|laughing|boredom|embarrassment|curiosity|cringe|shame|heat|cuteness|hunger|thirst|happiness
die|dying|died|dead laughing|laughter|lol|lmao|haha|hard
dying|die to see|know|try|meet|hear|visit|get|go|find|watch|read|tell|eat|play
bored|scared|worried|tickled|frightened|sick|embarrassed|work|worked ?to|myself|half death
die|died|dying ?of boredom
dead tired|serious|line|end|lift|lifts|battery|phone|weight|sexy|wrong|on|in|right
shoot me|him|her|them|you an|a|your|the|over email|text|message|line|mail|note|call
shoot|shooting|shot hoops|film|photos|pictures|video|movie|some|the|pool
suicide squad|prevention|awareness|hotline|rates|statistics|bombing|bomber|drill|drills|squeeze|door|silence|research|lifeline|watch
killer workout|app|feature|heels|deal|outfit|whale
cut|cutting myself shaving|some|off|while|on|slack|accidentally|a|cooking|chopping|with|opening|from|free|short
cut|burn|burned|hurt|hurting|hit|burnt|scratched myself shaving|while|cooking|on|at|playing|running|by|accidentally|in|during|doing|working|lifting|with|skiing
accidentally cut|burned|hit|hurt|burnt|scratched myself
hang|hanging out|up|on|in|around|with|pictures|laundry|there|curtains
over my dead body
drop dead gorgeous
to die for
die hard
battery|phone|laptop|plant|plants|car|engine|fish|tree|flowers|app|server|computer|sim|character|toner ?is|about|just|going|to ?to|died|has die|dies|dying|died|dead
overdose|overdosed|overdosing|od on|of sugar|cuteness|chocolate|caffeine|coffee|netflix|tv|cute|christmas|candy|sunshine|memes|carbs|cake|series
jump|jumping off|from|in|on diving|couch|bed|sofa|trampoline|swing|board|joy|topic|subject|pool
give|giving|gave|given up on|?on smoking|sugar|coffee|meat|alcohol|dairy|drinking|gluten|soda|trying|my|the|diet|chocolate|caffeine|carbs|seat|this|that|learning|cigarettes|game|vaping
end|ending it|it|relationship ?all with|between|there|here|now
killed|killing|kill it|that at|on|the|today|tonight|presentation|interview
if looks could kill
hed|shed|theyd|would|will|itll slit|cut|slash my throat if|when|over|because
final|last message|post in|on ?this|the|our group|chat|channel|thread|forum|list|page
my life in|into|to new|different|another
end my subscription|lease|day|letter|week|contract
curiosity killed
i|never|dont|didnt|cant|should|could|did|always tell|telling my|him|her|them ?family|kids|mom|parents|dad|wife|husband|children ?that i|im|love ?love|loved|sorry
kill two|?two birds
my|this|the|these boss|mom|mum|dad|teacher|heels|shoes|commute|parents|coach|workout|traffic ?is|are|will|would|gonna|going ?to|me ?going kill|killing me
deadline|deadlines
panic buying
hopeless at|with|romantic
cook|cooking|math|maths|football|tech hopeless
end of day|month|the|week|year
breaking down|up the|problem|box|boxes|code|with|numbers|costs
break down|up the|this|problem|boxes|into
broken|break|broke leg|record|phone|screen|arm|link|window|build|car|test
tired of winter|rain|snow|commuting|cooking|cleaning|this|emails|meetings|ads|studying|traffic
dont|not|longer|never want|wanna|wish ?to live|be|stay|exist|sleep in|at|with|near|here ?on ?at ?this|?the|?a|?my|?that|?such ?big|?small|?same|?office|?old city|town|country|village|house|apartment|flat|office|party|meeting|job|school|neighborhood|neighbourhood|state|parents|roommates|him|her|them|church|team|relationship|marriage|friends|cold|place|suburbs|company|room
cut|cutting ?off ?my|?her|?his|?the|?some ?long hair|nails|grass|hours|cord|losses|bangs|cake|vegetables|carbs|sugar|costs|corners|class|onions|bread|wood|paper|fabric
nearly|almost|practically|absolutely killed me but|laughing|haha|lol
drowning|buried|swimming|up in emails|work|paperwork|laundry|homework|meetings|tasks|messages
drowning|buried in|under work|emails|paperwork|laundry
no point in|of|to ?going|?doing|?having|?calling|?buying ?to the|dinner|party|project|meeting|class|trip|game|exam|gym|two
stuck|lost|trapped at|in|on airport|traffic|level|chapter|elevator|meeting|mall|forest
high|higher school|five|score|quality|blood|interest|res
drunk driving
burden of|proof
depression in|great|era|glass|weather|tropical
`
  .split("\n")
  .filter((line) => line !== "");

/** Words that turn a following phrase round within a few words. */
export const negations =
  "not never dont didnt doesnt wouldnt wont isnt arent wasnt havent hasnt no nobody without cant cannot couldnt neither nor stopped aint nothing".split(
    " ",
  );
export const otherPeople =
  "he she they hes shes theyre friend friends brother sister mom mum mother dad father son daughter stepson stepdaughter stepmother stepmom stepfather stepdad stepbrother stepsister wife husband boyfriend girlfriend partner cousin aunt uncle colleague coworker neighbor neighbour roommate student client patient patients someone somebody people teenager kid child character protagonist hero singer actor celebrity teammate classmate nephew niece grandma grandpa grandmother grandfather boss ex who".split(
    " ",
  );
export const firstPerson = "i im ive id ill me my myself imma".split(" ");
export const past: readonly string[] = [
  "years|year|decade|decades|months ago",
  "used to",
  "when i was",
  "in|back in|?in college|school|2010s|teens|twenties|19~|200~|201~",
  "in the past",
  "long time|ago",
  "as a teenager|kid|child|teen",
  "no longer|not anymore",
  "back then",
  "recovered|recovery from|since",
];
/** Speaking of risk as a subject: study, fiction, news, work. */
export const subjectMatter: readonly string[] = [
  "movie|film|novel|book|story|song|lyrics|episode|series|documentary|podcast|game|character|plot|scene|poem|play",
  "essay|research|thesis|paper|study|studies|statistics|lecture|class|course|article|homework|assignment|training|workshop|seminar|presentation|exam",
  "prevention|awareness|hotline|policy|volunteer|volunteering|campaign|fundraiser",
  "news|headline|report|reported",
  "what|whats|how is|are|does|causes|do ?the ?a ?symptoms|?signs|?effects ?of anxiety|depression|panic|ptsd|trauma|bipolar|suicide|ocd|anorexia|psychosis|overdose|grief",
  "explain|define|describe|definition|diagnose|diagnosed|symptoms ?of|?what|?how ?is ?the anxiety|depression|panic|ptsd|trauma|bipolar|suicide|ocd|is|are|grief",
];
