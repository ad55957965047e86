import { group, type Entry } from "./risk-entry.ts";

/**
 * What people say around the thing: burden, numbness, weariness of life, goodbye, preparation, method, fear of another.
 * Written for this project by kinds of expression, on no evaluation set. Drafts: a clinician must review and sign them
 * off.
 */
export const indirect: readonly Entry[] = [
  ...group(
    "imminent",
    "suicide",
    `
    took|taken|swallowed|downed|ate|injected ?about ?like ?around ?at ?least 15|20|25|30|35|40|45|50|60|70|80|90|100|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|hundred|dozens ?of ?my * pills|tablets|capsules|meds|units
    swallowed|injected|emptied everything|all ?of ?my ?that ?was ?in ?the cabinet|insulin|medicine|pills|tablets|bottle
    wrist|wrists|arm is|are ?cut ?slit ?wide open|bleeding|soaked
    shotgun|gun|rifle|pistol|revolver between|under|on|against|in ?my knees|chin|lap|mouth|temple|legs|teeth
    lying|laying|lie|sitting|kneeling on ?the ?train ?railway tracks|rails
    wrong|other|far side ?of ?the railing|rail|barrier|fence|bridge
    in|within ?an ?few ?a five|ten|twenty|thirty|10|20|30|few|hour|minutes ?minutes ?hour ?i ?ill ?will ?it ?be|?will dead|gone|over
    full bottle ?of * lap|hand ?and
    going|about|gonna|ready to swallow|take|down|drink it|them|these all
    outside his|her|their ?house with knife|gun|bat
    took|taken|swallowed|drank everything ?i ?had ?in ?the|?my cabinet|medicine|could|house|bathroom|drawer|found
    note|letters|goodbyes is|are|?all written|ready|finished|sent|done ?and everything|im|now|ready|tonight
    left|turned|switched on the gas|oven ?and i|lay|went|waiting
    downed|emptied|finished ?off ?my|?the ?whole|?entire prescription|bottle ?of ?pills
    rope|noose|belt is|are|?already ?already round|around ?my neck
    rope|noose|belt is|are|?already ?tied on|to|up|from ?the beam|up|ceiling|door|tree|rafters|hook
    put|putting|got|have ?the rope|noose|belt round|around ?my neck
    gun|pistol|rifle|shotgun is|?loaded ?loaded ?and in|against|to|at|on ?my mouth|head|temple|lap|hand|chest
    loaded ?the ?my gun|pistol|rifle|shotgun|revolver
    outside|over|past|other ?side ?of ?the railing|rail|barrier|guardrail
    im|am|sitting|standing|parked|here on|at|by|near ?the bridge|roof|ledge|tracks|cliff|edge|rail|overpass|viaduct ?right and|now|about|to|ready|as|i ?about ?ready ?want ?going ?will ?to ?cant ?dont jump|go|type|let|end|drive|step|leave|stop|come|climb
    driving|walking|heading|way|going ?right ?now to ?the bridge|cliff|tracks|sea|river|roof|station to|and|because ?to ?not ?i ?want ?going ?will ?to end|jump|coming|die
    taken|took|swallowed|downed|popped ?them all|enough|everything|entire|whole|full ?of ?the ?my ?to ?a ?prescription ?them ?it pack|packet|box|die|kill|bottle|prescription|strip|cabinet|blister
    just|ive|have|already taken|took|swallowed|downed|popped|eaten all|every|whole|handful|fistful|load|bunch|ton|loads|enough|60|50|40|30|20|sixty|fifty|forty|thirty|twenty ?of ?my ?them
    taken|took an overdose
    pills|tablets|they are|?start|?starting ?starting ?beginning kicking|working ?in
    turned|switched on ?the gas ?oven
    hose|pipe from|on|over|to ?the exhaust
    bleeding|blood everywhere|out|heavily|badly|fast|lot ?and|because|from|i ?my ?i ?cut ?wrists ?dont ?want
    losing ?a ?lot ?of blood
    cut|slit|sliced|slashed|opened ?my ?both ?myself too|so|really|very|?too deep|deeply
    sliced|cut|opened ?up ?my wrists|wrist|veins|vein|throat|arm ?and open|wont|deep|its|now
    read|reading|get|see|find|receive this ?letter|?message|?note ?i|?ill|?itll|?it ?will|?wont ?be|?im ?already dead|gone|over|alive
    this|here is ?my last|final|suicide message|post|goodbye|note|words|letter|text
    my last|final goodbye|goodbyes|message|words|post|hours|day|night ?on ?earth ?to ?everyone
    said|saying ?my ?all ?my goodbyes ?and|im|now|ready|tonight ?im ready|tonight|now|go|time
    doing|ending|finishing|end ?it it|this|everything tonight|tonite|today
    through with it tonight|today|now
    tonight|today|tonite|tomorrow|evening ?is ?the ?evening ?when ?night ?i ?im ?will ?am ?going|?gonna ?to die|dying|dead|jump|jumping|kill ?myself
    tonight|tomorrow|today i|ill ?will be dead|gone|free
    ends|over tonight|today|tomorrow ?for ?me
    itll|will be|?be over tonight for me
    it|this|everything ends tonight|now|today|right ?now
    nothing|nobody|noone|one|you can|will|could stop me ?now ?tonight
    cant|cannot|wont ?be ?able ?to stop myself|me ?tonight ?now ?this
    cant|cannot|dont|wont ?be ?able ?to ?i ?think ?i ?can keep|trust|control myself safe|tonight|alone|any|from|right ?longer
    decided|made ?up ?my ?mind ?its|?that ?to ?i ?am ?today|?tonight ?going|?will ?be tonight|today ?is ?the ?night ?ill ?die
    im|am ready ?now ?to go|die|jump ?tonight ?now ?today
    gonna|going|about|will|im ?to ?just off|unalive|neck|yeet|end|unaliving ?my|?off ?it|?myself|?life|?all myself|it|life|bridge|building ?tonight|now|rn|today|tn
    kms|unalive|unaliving ?myself tonight|rn|today|tn|now|soon
    wont|not|never ?going ?to ?be|?see|?wake|?make ?it ?to ?here|?alive|?up|?around tomorrow|sunrise ?morning
    you|they|everyone wont|will|never hear|see ?never ?from ?me me|again ?again ?after tonight|after|again|tomorrow
    have|got|with|holding ?a ?the|?my gun|knife|pills|rope|razor|blade|noose ?right in|here|with|ready|next|on ?my ?front ?and|hand|hands|me|lap|table|im ?im ?going|ready|tonight|goodbye|about|gonna|want|ready
    stab|shoot|kill|strangle ?my ?all ?the him|her|them|wife|husband|boss|everyone|dad|mom|mum|father|mother ?all tonight|now|today|tomorrow|minute
    `,
  ),
  ...group(
    "elevated",
    "suicide",
    `
    this|next time ?ill|?i ?will ?do ?it right|properly|work|succeed
    belong|want|wanna|should ?to ?be ?in ?a|?the ground|grave|coffin|cemetery|morgue
    get|got over my death|suicide|dying
    im|i|am ?to blame ?and deserve|should death|die
    tired|sick|exhausted|done|over|weary|finished|bored|fed ?up of|with|being ?being ?my living|alive|existing|life|breathing|existence
    had|have enough of|with ?being ?this life|living|alive|existing|breathing
    dont|do|not|no|cant|never|wouldnt ?not want|wanna|wish|longer|care|mind|need ?to ?want ?to ?still be|exist|live|wake|stay|breathe|stick|continue|see|keep|alive|go ?up ?to ?on here|alive|anymore|longer|around|tomorrow|living|breathing|existing ?anymore
    wish|hope|pray|wishing|hoping|praying ?that ?i ?id ?every ?night ?would ?could ?just dont|not|never|wont|stop|cease|die|stopped|didnt|dont ?just ?have ?to wake|breathing|existing|exist|survive|sleep|be|living|alive
    wish|hope|pray|wishing|praying|hoping|beg ?that ?for ?a ?the god|death|lord|something|someone|somebody|truck|car|cancer|heart|plane|storm|lightning|it ?would ?will ?just take|end|come|shoot|finish|kill|crashes|stops|give|took|takes|hit|strike ?me
    disappointed|angry|sad|upset|devastated|annoyed|mad ?that ?when ?every ?to i|?find ?still woke|wake|alive|survived|waking
    hate|regret|hated|regretting|sorry ?that ?i surviving|survived|waking|woke|saved|alive|failed ?me
    saved|stopped|found|revived me and|but|i|but ?i ?i wish|hate|regret|resent|didnt|hadnt
    if|when|once|after ?i ?im ?i ?am ?was ?were ?just ?ever ?never wasnt|werent|gone|died|die|vanished|disappeared|dead|woke|suicide ?here ?around ?up ?then nobody|noone|no|they|theyd|everyone|it|would|who|people|you|my|will|youll|theyll ?one ?would ?will ?kids ?family ?all ?even notice|care|easier|fine|miss|better|relieved|happy|free|cry|mourn|understand|happier|sorry
    easier|better|simpler|best|fine|nicer ?for ?everyone ?for ?all ?them ?my ?family if|without ?i ?me ?just ?was ?were ?had ?never didnt|wasnt|werent|died|gone|dead|disappeared|vanished|me|born|exist|ended|killed|woke
    be|much|are|were ?so ?much ?all relieved|freer|happier|fine|better|okay|lighter|richer ?off without|if|once|when|after ?im ?i ?was ?am me|gone|dead|died|die|disappear|disappeared
    doesnt|dont|wont|wouldnt|didnt need|miss|want me here|around|in|alive|?in ?it ?this ?world ?anymore
    world|universe|earth|planet|life ?does ?would ?will ?is|be|?doesnt|?wont ?need ?be ?go ?on better|lighter|fine|without|miss ?off ?place ?without me
    no|any|see|find|without|dont|zero ?have|?see|?find|?know ?a|?any|?no|?single ?much ?more|?why reason|point|purpose|sense|why|motive ?left ?in ?for ?me|?i ?to|?should being|be|stay|staying|live|living|breathe|breathing|existing|exist|alive ?around|?alive|?here
    nothing ?is ?left ?holding|keeping|keeps|holds|tying|here|left ?me here|alive|live|earth
    only|sole ?real thing|reason|one ?that ?why keeping|keeps|im|stopping|i|stops ?am ?stay ?me ?still ?from alive|here|breathing|ending|doing|killing|suicide
    only|sole ?real thing|reason ?that ?why ?i havent|didnt|dont|wont ?not killed|ended|done|kill|end|do
    only stay|staying|live|living|alive|here for|because ?of ?my
    if|werent|wasnt|without ?it ?for ?my dog|cat|kids|mom|mum|mother|son|daughter|wife|husband|sister|brother|family|children|you|baby ?i ?id|i|would|i'd ?would ?have|?be|?not|?already ?be|?dead|?ended|?done|?here ?have dead|ended|done|here|gone|killed|it
    made|come|at|making|found ?my ?to ?terms|peace ?with ?the ?idea ?of dying|death|ending|leaving|suicide|not ?being|killing ?my|?this|?here|?myself ?life|?world
    death|dying|dead|grave|suicide|nonexistence|oblivion|not|ending|heaven ?being|?existing|?it|?alive|?here ?alive ?all sounds|seems|looks|feels|would|appeals|is|comforts|calms|tempts ?be ?so ?like nice|peaceful|rest|freedom|relief|comforting|inviting|better|easier|good|peace|release|quiet|appealing|beautiful|me|mercy|sweet|tempting|calming
    envy|jealous|envious ?of ?the ?people ?those ?of ?who dead|died|dying|corpses
    thought|thoughts|thinking|idea|daydream|daydreaming|fantasy|fantasies|images|dream|dreams|dreaming|imagining|picturing|visualizing|planning|rehearsing|rehearse|plan ?about ?of ?my ?own dying|death|suicide|funeral|jumping|hanging|overdosing|ending|drowning|crashing|shooting|existing ?it ?my ?myself ?life
    look|looked|stare|stared|staring|looking|glance|gaze at ?the ?my pills|knife|bridge|train|tracks|medicine|water|rope|gun|razor|window|edge|traffic|river ?cabinet ?and ?i think|wonder|imagine|want|feel|consider|picture
    urge|urges|pull|impulse|temptation|tempted ?is ?strong ?to jump|swerve|step|die|drive|hang|overdose|let|end|drown|shoot|kill|crash ?off ?into
    swerve|swerving|drive|driving|steer|steering|veer|crash|crashing|turn ?my ?the ?car ?my into|off ?a ?the ?oncoming truck|tree|road|traffic|bridge|wall|lane|pole|cliff|river|lorry
    walk|walking|wade ?out into ?the sea|ocean|lake|river|traffic ?and
    step|stepping|walk|leap|lean ?off|?in|?out|?into ?front ?of ?the platform|train|bus|truck|traffic|ledge|tracks
    googled|googling|searched|searching|looked|looking|researched|researching|read|reading|find|found ?up ?for ?online ?about ?on how|ways|painless|lethal|ways|suicide|methods ?much ?many|?to|?doses|?dose|?ways|?methods ?pills ?to ?it ?tie|?takes|?die|?long ?die|?takes die|drown|noose|dose|doses|suicide|end|methods|overdose|hang|kill|poison
    lethal|fatal|deadly dose|amount|doses|overdose|mix|combination
    enough|many|much|which|what ?pills ?dose ?amount ?of ?meds ?would|?is|?are|?it ?be lethal|fatal|deadly|kill|die|overdose ?me
    dose|amount|mix|pills|tablets|meds|insulin ?would|?will|?it|?are ?take ?be ?enough ?to kill|die|fatal|lethal ?me
    does|is|would|will|how ?long ?there ?a|?it ?the ?does hanging|drowning|overdosing|jumping|bleeding|painless|dying ?out ?way ?from ?yourself ?to hurt|painful|quick|painless|fast|take|die|pain
    collecting|collected|hoarding|stockpiling|stockpiled|hiding|hid|hidden|saving|saved|stashing|stashed|putting|keeping|counted|counting|keep|have ?been ?aside|?up|?a|?my ?stash|?of|?away ?of ?my meds|pills|tablets|insulin|antidepressants|prescriptions|medication|opioids ?just|?for|?in|?so|?secretly|?because when|case|day|end|until|just|secretly|i
    bought|ordered|buy|hid|hide|keep|kept|got|own ?a ?some rope|gun|razor|razors|blades|helium|pills|noose|charcoal|pistol|rifle|poison ?for ?just in|when|for|to|and|under ?case ?it ?i ?nobody ?the ?gets
    know|worked|figured|decided|picked|chosen|chose|planned|deciding ?out ?exactly ?on which|how|where|when ?bridge|?method ?tree i|ill|id ?would|?will ?want ?to do|die|end|jump|hang|it
    know|decided|picked|chose|chosen which|the|my bridge|tree|train|rope|method|spot
    picked|chosen|set|chose|have|decided ?on ?a ?the ?out date|method|day|place|spot|bridge|tree ?and|to|for|when|ill ?im ?the ?a ?to die|end|do|method|time|it|go|plan
    wrote|written|writing|write|drafted|drafting|composing ?my ?a ?some ?the goodbye|suicide|farewell|last|final letter|letters|note|notes|video|message|messages|emails
    wrote|written|writing|made|making|updated ?out ?my letters|will|note|letter ?to ?my ?everyone ?because|?so|?just|?in|?kids|?family|?for ?case ?when ?i ?they ?im ?wont ?may ?might ?not gone|around|die|dead|be|here
    got|getting|get|put|putting|have|has ?all ?of ?my affairs|papers|things|accounts|finances|life ?in order ?because|before|so|for|when|in|it ?when ?i ?im ?its ?case ?easier ?wont go|gone|dead|die|around|leave|easier
    gave|given|giving|give ?away ?my ?all dog|cat|things|belongings|guitar|stuff|everything|possessions|car ?away ?i ?own because|since|before|so ?i ?wont ?dont go|need|around|leave|here|gone
    almost|nearly did|jumped|took|pulled|ended|killed|hanged|hung|overdosed|attempted|swallowed|died|stepped|went it|them|trigger|myself|off|suicide|through|life|all ?with ?it ?last|?yesterday ?night|?week
    came|got close to doing|jumping|ending|killing|suicide|taking
    attempted|attempt|attempts|tried|trying ?to suicide|die|overdose|hang|kill|drown|suffocate ?myself
    attempted|attempt|tried ?it again|last|two|once|twice|week ?week|?month|?days ?ago ?and i|nobody|failed|no|survived
    attempted last|two|this|once|again ?week|?month|?year|?days
    next|this time ?around i|it|ill|nobody|they ?will ?wont ?not ?make ?sure succeed|fail|work|find|save|stop|sure
    make sure next|this time ?it works
    wont|will|dont|doubt|never|cant ?not ?plan|?expect|?think|?see|?want ?on ?ill|?myself ?to be|live|make|being|living|last|reach ?alive|?it ?here|?around ?to|?past|?for|?until|?till next|christmas|30|40|25|21|18|thirty|long|summer|spring|graduation
    not|no be around|here|alive much|for|next|past|long ?longer|?long|?year
    by|before ?the ?my ?end|?next ?of ?the ?month|?year|?birthday|?christmas|?spring|?summer|?time|?then ill|i|im ?will|?wont|?plan|?want|?intend|?hope|?going ?to ?be dead|gone|here|alive|die
    belong|should|ought|deserve|meant|supposed|born|better ?to ?have ?be ?be dead|died|grave|coffin|ground|aborted|six|die ?feet ?in ?under
    waste|wasted|thief ?of ?a air|oxygen|life|skin ?and
    not|never|wasnt meant|made|built|cut|supposed ?out to|for ?be|?have live|alive|born|here|world|existence
    not|never|wasnt meant|made|built|cut ?out for this|life world|life|?world|?anymore
    dont|not deserve|belong ?to ?in live|alive|life|world|living|breathe|this ?world|?life
    too broken|damaged|weak|ruined ?to live|life|alive
    someone|somebody|please|pls|god|can ?just ?someone|?somebody ?please ?just kill|end|shoot|smother me
    end|finish|kill me already|now|please|quickly
    put me out ?of ?my misery
    want|need|wish|craving|crave|long|yearn|ache|beg|begging|plead|pray|ready|prepared|longing|yearning|waiting ?for|?to|?a ?the ?my eternal|permanent|death|exit|die|dead|rest|sleep|release|oblivion|peace ?be ?finally ?sleep|?to|?from|?forever|?rest|?peace ?life|?come|?living|?forever|?eternally ?take ?me
    sleep|rest|disappear|vanish|erased|fade|slip|sleeping ?away ?quietly forever|eternally|permanently|eternity
    go to sleep for good|ever
    disappear|gone|vanish for good|ever
    need|want|wanna|wish to fade away
    slip|fade|drift away quietly|forever|peacefully
    go|drift|fall|going|lie|lay ?down ?off ?to ?bed sleep|asleep|bed ?and ?just hoping|never|not|praying|wishing|forever ?to ?not|?i ?dont|?never wake|die|waking ?up
    close|shut ?my eyes ?and forever|never ?not ?open
    vanish|disappear|erased|gone|fade ?from ?off ?of ?the ?face ?of ?this earth|world|existence|planet
    ready|prepared|okay|fine|content|willing ?with ?to ?for ?idea ?of ?my die|dying|death
    not|no longer|?longer|?even|?anymore afraid|scared|fear ?of ?to die|death|dying
    done|finished|quit|through|stopped ?fighting|?trying ?to|?with ?stay|?be ?living|?life|?being alive|living|live|life|existing ?on
    suicide|death|dying|ending|killing|disappearing|suicidal ?it|?my|?myself ?life ?all ?is|?seems|?feels|?looks ?like ?the|?my|?a|?all|?always|?constantly ?only|?last|?best|?good answer|option|solution|way|choice|escape|mind|exit|think|out|thoughts|hope ?i ?to
    always|constantly|often|still ?on ?in ?my ?back ?of ?mind ?think|?thinking ?about suicide|dying
    brain|head|mind|voice|something|part|thoughts ?of ?me ?in ?my ?inside ?keeps|?is|?just says|telling|tells|saying|screaming|whispers|wants ?me ?to ?i ?should die|jump|kill|end|swerve|overdose|dead ?myself|?it
    go|lie|fall|going ?to|?down ?bed|?asleep|?sleep ?every ?night hoping|wishing|praying ?that ?to ?i ?i ?will not|dont|wont|never|die|dead ?wake ?up
    passively|actively|chronically|acutely|very|still suicidal
    sui|suic|s ?word thoughts|ideation|urges
    wanna|want|gotta|gonna|might|could|finna|tryna ?to|?just kms|unalive|off|neck|kys ?myself
    wanna|want ?to|?just not|cease exist|be ?here ?alive
    rather|prefer|sooner ?to ?be ?just die|dead|kill|end|not|exist ?myself|?it|?exist ?than|?be
    life|living|alive|here|existing|existence ?being ?just isnt|not|no|aint|wasnt|hardly ?longer ?feel|?even worth|meant ?it|?living|?the|?for|?pain ?me
    why|whats|what|reason|bother ?the|?am|?should|?is|?even ?i|?point ?even|?of|?still|?to ?keep|?be|?bother|?being|?stay|?staying|?keep ?myself|?to alive|living|breathing ?at|?anymore|?all|?myself
    why|how ?do|?am|?should ?i ?even ?still stay|staying|keep|keeping ?myself ?on alive|living|breathing
    whats|what|is point ?of ?in ?even ?not staying|living|being|killing ?alive|?here|?myself
    cant|cannot|couldnt|dont ?keep|?want|?see|?go ?on|?myself live|living|alive|stay ?in ?to ?alive ?this ?world like|with|without|anymore|longer|another|world ?this|?day|?him|?her|?year ?pain
    when|once|after|because ?i|?im ?am ?die|?not|?no ?longer gone|dead|die|here ?theyll|?youll|?everyone|?they|?my|?the|?wont ?will|?can|?see|?kids ?be|?finally|?all free|understand|happy|insurance|money|better|peace|relieved|sorry|remember
    after i|im die|gone|dead|pass
    insurance ?money ?will|?would|?when|?if ?i|?im|?be ?die|?dead|?more|?worth ?than gone|dead|die|alive|me
    worth ?more ?to ?them ?my ?family dead
    forgive ?me ?for leaving|what ?you|?this|?im|?i ?about|?world|?am|?all ?to ?do
    sorry ?for|?that ?what|?i|?had|?have ?im|?i|?to|?couldnt ?about|?going|?go|?leave|?stay ?to|?gonna do|go|leave|stay|strong
    tell|telling ?my|?please|?them mom|mum|dad|kids|wife|husband|sister|brother|family|children|daughter|son|parents|them ?that ?i ?im ?it love|loved|sorry|wasnt ?them|?their|?him|?her ?fault ?when|?after gone|dead|go|goodbye|fault
    take ?good care ?of ?my ?the dog|cat|kids|mom|mum|family|children ?when|?after|?for|?once ?im|?i gone|dead|die|me
    hope|wish|wishing|pray|wouldnt|dont ?that|?i|?mind|?care ?if|?the|?a|?my|?this|?i ?had|?get|?catch|?dont|?didnt ?a|?make|?wake plane|cancer|heart|surgery|bus|car|truck|accident|disease|storm|operation|covid|crash|lorry ?would|?kills|?had|?crashes|?give|?hits|?stops|?hit|?killed|?kill ?me ?out
    dont|not|wont ?want|?hope ?i ?to survive|make|wake surgery|operation|through|accident
    dont|wouldnt|didnt|not ?even care|mind ?if ?i ?whether live|die|died|dead|lived|crash|alive|killed|wake ?or
    stopped|refuse|quit|skip|skipping|refusing|stopping ?taking ?my insulin|heart|treatment|dialysis|chemo|medication ?pills|?because|?so|?hoping|?to ?i|?it|?let ?want|?will|?kills|?it ?to|?kill|?end die|end|kill|kills|me|ill ?me
    without ?a seatbelt|helmet|looking hoping|because|so ?i ?something|?dont ?care ?hits|?if crash|die|care|hits ?me
    hope|hoping|wishing|praying ?that|?i|?for ?something|?to|?the|?get ?hits|?crash|?hit|?killed|?fatal hits|crash|accident|killed|die|dead|shot ?me
    cant|cannot|dont|wont ?really promise|guarantee|say|know|sure|swear ?that|?if|?for ?i|?ill|?you ?will|?wont|?can|?be|?stay ?not|?be|?stay ?hurt|?try|?do|?still hurt|safe|alive|again|something|here|myself ?myself
    dont|not|cant|never feel|trust|safe ?myself|?safe ?to|?with|?around|?alone|?being|?driving|?near|?in|?from ?be|?with|?the|?my alone|pills|window|thoughts|knives|driving|myself|edge|gun|medication|own
    scared|afraid|worried|terrified|fear ?that|?of|?what|?i ?i|?ill|?might|?im ?will|?might|?could|?gonna|?going|?to hurt|kill|do|harm|end myself|something|it|to ?to|?stupid|?bad|?drastic
    do|doing something stupid|drastic|permanent ?to myself|tonight
    leave|leaving|exit|escape|quit|depart ?from ?this world|life|earth|planet
    check|checking out ?early ?of ?for life|early|good|permanently
    out of life
    dont|not|no|never ?care ?want ?a|?any ?more future|tomorrows|birthdays|tomorrow ?i|?it ?just want|end ?to
    reunite|reunited|join|joining|be with|my ?my ?late ?mom|mum|dad|husband|wife|son|daughter|baby|brother|grandma|him|her|them|dead|late ?son|?husband|?wife|?mother ?in ?on ?up ?soon heaven|beyond|afterlife|grave|side
    want|wish|wanna|ready|long ?to ?be join|follow|with|see ?my late|dead|deceased|departed husband|wife|son|daughter|mother|mom|mum|father|dad|brother|sister|baby
    go|going|called|went home to god|jesus|lord|heaven
    want|ready|wanna go|be ?home ?be ?to ?with god|jesus|lord|heaven|angels
    ctb|catch the bus
    wont|will ?not ?be long now|before|until ?im|?i gone|leave|go
    `,
  ),
  ...group(
    "elevated",
    "self-harm",
    `
    cut|cuts|cutting|burn|burned|burning|hit|hitting|scratch|bite|biting|starve|bruise|bruising|hurt|hurting|punish|punishing|slap|slapping|pinch|stab|injure|injuring|choke|harm myself ?again|?to|?when|?on|?until|?because|?with|?for|?so|?just|?every|?and
    relapsed|relapse|slipped|back|went|started|urge|urges|craving|tempted|close ?and ?again ?to ?with cut|cutting|burn|burning|blade|bleed|harm|hurting|slice|sh ?myself
    i|im want|wanna|need ?to cut|burn|bleed|slice so|again|myself|right|until|deep ?bad
    think|thinking ?of ?about ?is blade|razor ?in ?my
    hurt|hurting|pain|bleeding|blood|blade|razor|cutting|burning|lighter|cuts ?myself|?on|?my|?skin ?is|?the ?my ?only ?thing|?way|?it ?that ?i calms|helps|help|feel|relief|cope|relax|release|quiet|breathe|real|alive ?me
    hide|hiding|cover|covering|hid|long ?my ?the ?with|?sleeves ?fresh|?to ?hide cuts|scars|burns|marks|wounds|bandages|scabs ?on|?under|?from|?with
    fresh|new cuts|scars|burns|marks|wounds ?on ?my
    slice|slicing|carve|carved|scratched|burned|cut|burnt|peel|stab|stabbed|burn|cutting|sliced ?open|?a|?words|?lines|?his|?her|?into|?up|?off ?name|?word|?holes|?into|?in|?on|?off ?my arm|arms|leg|legs|thigh|thighs|stomach|skin|wrists|wrist|hips|hip
    punch|punching|bang|banging|slam|hit|smash|hitting|slamming ?my ?a ?the walls|wall|head|fist|fists ?into|?against|?until|?on|?to|?the ?wall|?i|?to bleed|bruise|pass|punish|black|hurts|numb|bleeds|deserve|wall
    until|till i|it|theres ?i bleed|bleeds|blood|bruise|bruises ?from ?my
    pull|pulling|rip|tear ?out|?my hair ?out to|until|when ?it|?i|?punish hurts|bleed|myself|hurt|punish
    deserve|punish|punishment|earned ?to ?be ?the ?for ?myself ?by pain|hurt|bleed|hurting|suffer|starving|wounds|cutting|scars
    sh|shing again|relapse|urges
    pain|ache ?on|?to|?my|?is ?my|?feel ?skin|?real|?thing skin|real|something
    swallow|swallowed batteries|glass|needles|pins
    take|took|taking|swallowed ?a ?few ?too more|many|extra pills|meds|tablets ?than|?just|?to ?feel|?sleep|?i ?should
    `,
  ),
  ...group(
    "elevated",
    "violence",
    `
    want|going|gonna|plan|planning|love|might|could|will|ill|imagine|dream|fantasise|fantasize|think|thinking|dreaming|afraid|scared|fear ?about ?of ?to ?that ?i ?might|?ill|?will|?could ?to|?just|?really kill|killing|stab|stabbing|shoot|shooting|hurt|hurting|harm|harming|murder|choke|choking|strangle|strangling|poison|poisoning|smash|beat|smother|smothering|drown|drowning|attack|burn|shake ?all|?up ?my|?the|?him|?her ?own|?badly boss|wife|husband|baby|him|her|them|kids|kid|child|children|people|someone|everyone|office|mother|mom|mum|father|dad|sister|brother|ex|girlfriend|boyfriend|neighbour|neighbor|teacher|stepdad|school|coworker|coworkers|son|daughter|classmates|roommate
    will|gonna|going|make|must|shall ?to ?make ?them|?him|?her|?they|?he pay|regret|suffer|bleed ?for ?it ?with ?his|?her|?their|?a|?what knife|gun|blood|life|weapon|lives
    deserves|deserve|needs ?to die|dead ?and ?im|?i|?ill ?will|?going|?gonna|?to do|make|kill|it ?it
    have|got|wrote|keep ?a list of|with people|names|targets ?who|?that|?i|?will ?will|?want|?pay ?to|?pay pay|die|kill|hurt|get
    set|light|burn ?my|?the|?him|?her|?down ?house|?them on|down|him|her|house|school ?fire ?with|?in|?him|?her
    shoot|blow|burn ?them|?everyone|?up|?down|?this|?the ?all|?up|?place school|office|church|everyone|place|mosque|workplace
    lose|losing|lost control|it and|with|on ?i|?the|?my ?might|?baby|?kids|?will hurt|shake|baby|kids|hit|hurting ?him|?her|?them|?someone
    urges|urge|thoughts|images|voices|impulse|desire|intrusive ?of|?to|?about|?thoughts ?of|?about ?hurting|?to hurt|hurting|harm|harming|drown|drowning|stab|stabbing|kill|killing|smothering|smother ?my|?the|?him|?her|?a baby|kids|people|someone|her|him|them|children|wife|husband|son|daughter|strangers|family
    `,
  ),
  ...group(
    "elevated",
    "psychosis",
    `
    voices|voice|demon|demons|god|devil|satan|angel|angels|tv|radio|spirits|he|they ?in|?my|?head|?is|?are|?keeps|?keep ?head|?keep telling|tell|tells|told|command|commands|commanded|orders|order|ordered|ordering|wants|want|whisper|whispers|scream|screams|say|says|ask|asks ?that|?me|?i ?i|?to|?must|?should|?have ?to kill|die|hurt|jump|cut|burn|harm|stab|end|sacrifice|attack|choke ?myself|?them|?someone|?him|?her
    something tells|telling|told|pulls|pulling me ?to jump|die|kill|hurt|end
    `,
  ),
  ...group(
    "elevated",
    "abuse",
    `
    strangled|choked|raped|stabbed|molested|drugged|groped|assaulted|beaten ?up|?by|?and|?until|?me ?i|?my ?passed|?couldnt|?blacked|?husband|?boyfriend|?dad|?last|?again me|unconscious|out|breathe|night|him|her|blacked|knifepoint|husband|boyfriend|dad|father|stepdad|week
    beat|beats|threatened|choked|hit ?me ?up ?with|?at|?until ?i|?a knife|gun|gunpoint|unconscious|passed|bled|belt|bat|bruised|pulp
    hands|hand|belt|pillow|arm around|on|over ?my neck|throat|face|mouth
    held|pulled|put|pointed|had|holding|points|pressed ?a|?the gun|knife ?to|?at|?on|?against me|my|head|throat
    threatens|threatened|swore|promised|says|said|threatening|told|warned|vows|keeps ?me|?to|?that|?saying|?he|?she|?hell|?theyll ?he|?to|?she|?hell|?shell|?would|?will ?will|?would|?kill|?come|?find kill|burn|shoot|end|hurt|find|murder|stab me|us|my|the|kids ?and|?kids|?if
    forced|forces|pressures himself|herself on me
    forced|forces|makes|made me ?to have|touch|undress|sleep sex|him|her|with
    touches|touched|touching|gropes|groped|fondles|undresses|films|rubs|kisses ?me|?my|?his ?body|?private|?while|?at|?where|?in|?when|?under ?i|?parts|?dont|?he|?night|?sleep|?the|?bed ?shouldnt|?want night|want|sleep|secret|shouldnt|places|private|shower|bed|asleep|parts|13|14|12|clothes
    happened|keep|our|its ?it|?a|?our secret ?or|?he|?and|?from|?about|?what ?he|?hell|?touches hurt|kill|touches|mom|mum|touch|does|uncle
    was|got|been|being|were raped|drugged|gang|sexually|molested|groped|trafficked|beaten|strangled|choked|stabbed|assaulted ?and|?raped|?assaulted|?unconscious|?by|?out|?last|?at
    forced|sell|sells|sold|trafficking|trafficked|pimp ?me ?to|?into|?for ?have|?for|?men|?him sex|prostitution|men|him|money
    non|against ?my|?consensual consent|consensual|will ?sex|?he|?touched
    broke|breaks|fractured|broken|burned|burnt|knocked|bruised ?my ?two|?out|?of|?me|?my nose|rib|ribs|arm|jaw|tooth|teeth|wrist|unconscious|eye|collarbone ?when|?because|?last|?again|?and he|she|husband|wife|boyfriend|him|dad|father|stepdad
    he|she|husband|wife|boyfriend|girlfriend|dad|father|stepdad|stepfather|mother|mom|mum ?again ?just broke|fractured|burned|knocked|stabbed|kicked ?two ?out ?of me|my nose|rib|ribs|arm|jaw|tooth|teeth|unconscious|stomach|out|wrist
    `,
  ),
  ...group(
    "watch",
    "abuse",
    `
    he|she|husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mum|mother|stepdad|stepmom|uncle|ex|brother|sister|fiance|roommate|stepfather|grandfather|son ?always|?often|?sometimes|?gets|?keeps|?has|?just|?will|?started|?is ?drunk|?and|?angry ?and hits|hit|slaps|slapped|punches|punched|kicks|kicked|shoves|shoved|grabs|grabbed|pushes|pushed|beats|beat|spits|spat|slapping|hitting|throws|threw|screams|screamed|screaming|yells|shouts|belittles|humiliates|degrades|insults|threatens|threatened|controls|pins|pinned|drags|dragged|bullies|twists|shakes|whips ?things|?plates|?a|?stuff|?at|?down|?on|?my|?everything ?at|?plate|?arm|?hair me|my|at|arm|hair|kids|i
    he|she|husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mum|mother|stepdad|ex|fiance ?always|?wont|?even|?has|?never|?doesnt ?let|?lets checks|takes|tracks|locks|locked|cut|cuts|decides|took|reads|monitors|forbids|isolates|let|controls|follows|keeps|hides ?all|?me|?every|?in|?off|?my|?what|?away ?from|?leave|?work|?out|?see|?have|?i|?of phone|money|car|friends|wear|paycheck|work|house|leave|passport|messages|family|room|location|bank|clothes|cent|me|keys
    calls|called|says|tells|told|calling|saying ?me|?im|?i|?that ?that|?im|?i|?am|?a ?so worthless|stupid|crazy|fat|nothing|whore|slut|mistake|useless|ugly|burden|pathetic|idiot|bitch|disgusting|trash|dumb|failure|garbage
    walk|walking|live|living ?on|?in eggshells|fear ?around|?of|?because ?him
    afraid|scared|terrified|frightened|fear|fearful|dread ?of|?to|?that|?for|?what|?my ?my|?go|?what|?he|?hell|?going ?own|?he|?she|?home|?will|?might ?might|?will|?life husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mum|mother|stepdad|ex|home|him|do|find|life|hurt|come|react|back ?me|?home|?when
    lie|lied|lying|hide|hiding|cover|covering|excuses|makeup ?about|?up|?for|?the|?my|?to|?with ?my|?cover ?bruises bruises|bruise|black|marks ?eye|?he|?from
    bruises|bruise|black|marks|scratches ?eye ?all|?on|?from ?over|?my|?when|?where|?him ?my he|she|husband|boyfriend|dad|arms|arm|face|body|father|neck|him
    bully|bullied|bullies|bullying|harass|harassed|harassing|pick|stalk|stalking|stalked|stalker|stalks ?me|?by|?at|?on ?at|?by|?me|?my school|work|me|everyone|class|online|kids|day|ex|boss
    follows|following|followed|stalks|waits|threatening|threats|shows|spying ?me|?sends|?outside|?to|?up|?on|?for ?my home|house|me|work|everywhere|street|school
    sends|sent|makes|making|get|getting|gets threats|threatening ?messages|?me
    beat|beating|push|pushing|trip|jump|spit|gang|laugh ?me|?on|?up ?up|?at|?around|?on ?at|?after|?in school|me|class|bathroom|bus
    not|dont|never|isnt|unsafe|doesnt ?feel|?safe ?safe in|at ?my ?own home|house ?anymore
    afraid|scared|unsafe ?in|?at|?of|?to|?inside ?my|?be|?his|?her own|home|house|temper|rage|anger ?home
    slept|sleep|sleeping|hide|hid|lock|locked|hiding ?in|?with|?my|?myself ?the|?a|?in|?door|?room ?bathroom|?locked|?closet|?chair bathroom|door|closet|room|knife|locked because|when|so|from|until ?he|?my|?she|?dad|?of ?is|?cant|?gets|?him drunk|in|him|home|comes|angry|screaming|her|dad
    throws|threw|smashes|smashed|punches|punched|breaks|broke ?a|?the|?things|?plates|?my|?walls|?holes|?phone|?everything|?wall ?at|?in|?when|?across ?me|?he|?the|?she|?room when|angry|mad|rage|drunk|at|wall ?he|?me
    gets violent|physical|aggressive ?with|?when|?towards|?and
    hits|hit|beats|beat|slaps|hurts|hurting|beating ?my|?the|?our|?us|?her ?and|?kids|?little|?daughter|?son kids|son|daughter|mom|mum|mother|sister|brother|baby|us|children
    grabbed|grabs|pinned|dragged|pushed|shoved|spat|slammed ?me ?by|?against|?into|?down|?at|?to|?on ?the|?my throat|hair|wall|stairs|me|floor|arm|door|bed
    force|forces|forced|pressured|coerced|pressure|guilts ?me ?to|?into ?have|?do sex|things|sexual|it|abortion|marry|touching
    sexual|physical|emotional|verbal|domestic|child abuse|assault|harassment|violence
    `,
  ),
  ...group(
    "watch",
    "psychosis",
    `
    hear|heard|hearing|hears ?my|?a|?someone|?people|?the|?things|?mans|?womans ?name|?voice|?people|?talking|?that|?calling|?of|?laughing ?called|?calling|?whispering|?nobody|?my|?others whispers|whispering|voices|voice|talking|called|footsteps|else|laughing|calling|people|whispered ?when|?in|?at|?to|?me
    see|saw|seeing|sees ?the ?things ?dark|?shadow|?that|?dead ?people|?who shadows|figures|demons|arent|dead|others|spirits|ghosts ?people|?in|?at|?everywhere ?dont|?there|?see
    things|people|faces|figures that|who|nobody ?one|?are|?else arent|else|others|sees|there ?people ?dont|?there
    they|people|someone|government|neighbors|neighbours|police|cia|fbi|everyone|coworkers|aliens|strangers|somebody ?at|?work|?is|?are|?can|?have|?has|?put|?keep ?out|?been|?trying|?all ?to|?secretly watching|watch|following|follow|poisoning|poison|tracking|track|spying|controlling|control|reading|read|hear|stealing|plotting|conspiring|recording|bugged|listening|hacked|steal|laughing|inserting|against|sent ?on|?to|?my|?me|?through|?about|?against ?my me|thoughts|food|mind|walls|phone|house|water|room|brain|apartment|body|tv|everything
    reading|read|hear|steal|stealing|control|controlling|broadcast|broadcasting|insert|inserting|put|know|knows ?my|?their|?thoughts ?own|?in mind|thoughts|head|brain ?and|?in|?to
    cameras|camera|microphones|microphone|bugs|chip|chips|device|devices|implant|tracker ?are|?is|?hidden|?put ?in|?inside|?on|?under ?my|?the walls|room|house|head|bedroom|brain|skin|body|tooth|teeth|apartment|phone|bathroom|ceiling|arm
    tv|television|radio|songs|phone|strangers|news|license|billboards|internet|computer|birds|numbers ?is|?are|?keeps|?anchor|?plates|?hosts ?send|?talking|?giving|?sends|?sending|?talk|?speak|?speaks|?talks|?give|?have|?gives ?me|?to|?about ?secret messages|signs|directly|me|codes|clues|hidden ?messages
    im|am|ive|been|i|become ?was ?the chosen|messiah|jesus|prophet|god|cursed|possessed|immortal ?one|?by|?and
    god|angels|spirit|jesus|aliens speak|speaks|spoke|talks|talk|talking|chose|told ?directly|?only|?to ?through me ?to|?alone|?that
    feel|feels|feeling|felt|everything|nothing|im|am ?like ?i ?am ?im ?is outside|detached|disconnected|unreal|dissociating|dissociated ?of|?from|?my
    feel|feeling|felt|like|as ?like ?if ?i ?im ?am watching|living myself|dream|outside|movie
    nothing|im|not|dont|never is|feel|?im|seems real|unreal
    dissociate|dissociating|dissociated|derealization|depersonalization|depersonalisation|paranoid|paranoia|hallucinating|hallucinate|hallucinations|delusions|mania|manic|psychosis|psychotic
    lose|losing|lost|missing time|hours|touch|days ?and|?with ?i|?reality|?cant reality|remember|dont|know|cant ?remember|?what
    havent|not|barely|no|without|hardly ?slept ?a sleep|slept|sleeping ?in|?for|?at|?since|?more ?all|?like|?about|?the ?four|?last|?five|?three|?two|?past days|weeks|nights|week|tuesday|monday|hours|four|five|three
    thoughts|mind|ideas ?are|?is|?keep|?wont|?are racing|race|races|spinning ?and
    losing|lost|lose|out|going|went|gone ?of ?my mind|sanity|grip|crazy|insane|mad|marbles ?on
    someone|somebody|they|something|entity|spirit|demon|alien ?has|?is|?put|?are|?lives|?replaced|?living ?inside|?my|?taken inside|possessed|replaced|over|controls|lives ?me|?my|?family|?wife|?body
    `,
  ),
  ...group(
    "watch",
    "distress",
    `
    walls closing in
    hope|joy|light|happiness ?in ?me ?my is|has|all gone|died|left
    going|go through motions
    just existing
    everything|life|it ?all ?of ?it ?has ?have went|gone|going to|so|all hell|wrong|shit
    mind|head|brain|thoughts wont|never|doesnt|dont|cant stop|rest|stops|switch|shut|quiet ?off ?up
    what ?did|have i ?do|done ?to deserve this
    why ?do|am|is ?does i|it|this always|still|so ?end ?feel alone|empty|failing|me|sad|lonely|broken
    takes|took|steals|stole|controls my money|wages|paycheck|salary|card
    screams|yells|shouts|swears at me|us|kids
    self|also harm|harms|harmed|harming
    will|might|could|may|would|gonna|going ?to hurt|harm|kill himself|herself|themselves|themself
    worn|burnt|burned out ?completely|?and|?from ?from ?i|?living|?everything|?life
    running on empty|fumes
    hanging|holding on|?on by thread|fingernails|threads
    at|reached|hit|near ?my ?the ?a limit|breaking|rock|wits|lowest ?point|?bottom ?end
    at ?the|?an ?absolute end ?of my|what rope|tether|i|patience
    end of my|the|?her|?his rope|tether|line
    like|as|become|am|im|feel ?just|?being ?a ghost|robot|zombie|shell|corpse|machine|stranger|outsider|burden|prisoner|monster|failure|fraud|loser|nuisance|embarrassment|disappointment|wreck|mess
    shell of ?who|?my|?the ?i|?former|?person
    wear|put|wearing|putting ?on ?a mask|front|brave ?smile|?face ?for|?so|?and|?every kids|nobody|cry|day|work|everyone|collapse|fall|break
    pretend|pretending|acting|faking|fake|smile|smiling ?to|?that|?like|?all|?a ?be|?everything|?im|?day|?smile ?is okay|fine|ok|happy|alright|and|normal ?cry
    cant|cannot|couldnt|hard|harder|impossible|struggle|struggling|exhausting|tired|almost ?to ?keep|?of pretend|pretending|function|exist|carry
    cant|cannot|couldnt|hard|harder|impossible|struggle|struggling|barely ?to ?keep hold|hide|get|face|keep ?it|?through ?the together|day|going|up
    struggle|struggling ?just to ?just get|stand|function|breathe|survive|sleep|eat
    last time ?i|?that ?i ?felt|?was|?laughed|?smiled happy|joy|okay|good|laughed|smiled|alive|normal|hope|felt|anything
    in bed ?all|?for|?staring|?crying|?most day|days|weeks|ceiling|wall|weekend|of
    staring|stare|stared ?blankly at ?the|?a ceiling|wall|walls
    under the|?my covers|blanket|duvet
    chest|heart|head|stomach|throat ?is|?feels|?gets|?hurts|?just heavy|aches|broken|tight|hurts|shattered|racing|races|pounds|pounding|bleeding|knots ?all|?from|?when
    no ?matter what i ?do|?try ?its|?nothing|?i never|enough|works|helps|changes|fail|mess|wrong|fails
    never|not ?be|?been|?feel|?am|?will good enough ?for
    letting|let everyone|everybody|family|kids|parents|myself|him|her|them ?all down
    disappoint|disappointed|failed|failing ?my everyone|everybody|family|kids|parents|myself|children|mother|father
    want|wish|need|make ?the ?my ?this ?all thoughts|noise|ache|pain|sadness|hurting|voices|darkness|feeling|feelings|emptiness|head|brain|mind ?in ?my ?head ?inside ?to stop|end|quiet|shut|leave|go|off ?up|?away
    thoughts|darkness|emptiness|sadness|pain|loneliness|noise|guilt|dread|fear ?just|?in|?keeps|?that ?my|?head wont|never|doesnt|does|keep|keeps|is|are ?not ?stop|leave|let|go|quiet|swallowing|consuming|eating|coming|unbearable|suffocating|crushing|growing|creeping|worse|loud|louder ?away|?me|?in|?back
    cant|cannot|couldnt shake|escape|outrun|forgive|bear|stand|trust|love|face|recognize|recognise|explain|focus|calm ?this|?myself|?looking|?to|?the|?living feeling|sadness|dread|guilt|myself|emptiness|it|day|shame|look|anyone|people|pain|thoughts|world|down
    never forgive myself
    isolating|isolated|withdrawing|withdrawn|avoiding ?myself|?from|?everyone|?people|?my
    push|pushed|pushing ?everyone|?everybody|?people|?my ?friends|?family away ?everyone
    dont|not|no|without|havent|hardly|barely ?have|?got|?a ?a|?even|?single|?any anyone|anybody|person|people|one|friend|friends|someone|soul ?to|?left|?i|?who talk|turn|call|tell|trust|cares|understands|gets|left|love ?to|?it|?me
    nobody|noone|not|everyone|everybody ?one|?person ?ever ?all ?has|?have|?is|?are|?really|?would|?even|?just ?ever calls|texts|checks|forgot|forgotten|left|leaves|abandons|abandoned|hates|ignores|sick|remembers|believes|noticed|notices|sees|gave|turned|against|judges|visits|tired ?on|?about|?up|?of|?how ?on me|i|anymore|ever|us
    no one ?ever ?even ?really calls|texts|checks|believes|sees|notices|visits|remembers me|i|how|on
    feel|feeling|felt|am|im ?so ?completely ?totally ?like ?very ?utterly ?really ?pretty ?extremely ?deeply ?and ?sad|?being stuck|caged|unwanted|rejected|abandoned|dirty|disgusting|filthy|ruined|damaged|garbage|trash|pathetic|defective|unsafe|paralyzed|paralysed|shattered|suffocated|suffocating|drowning|sinking|doomed|cursed|lifeless|joyless|shit|crap|rubbish|destroyed|devastated|wrecked|tormented|tortured|haunted|rotten|wretched|disconnected|detached|unseen|unheard|forgotten|disposable|replaceable|irrelevant|inadequate|insignificant|inferior|unworthy|undeserving|gutted ?in|?by|?and|?since|?all|?every
    feel|feeling|felt|am|im|been ?so|?really|?very|?pretty|?incredibly|?that|?kind hopeless|helpless|sad|low|depressed|anxious|guilty|ashamed|unhappy|miserable|discouraged|dejected|lonely|scared|panicky|shaky|overwhelmed ?all|?every|?about|?and|?these|?lately|?for
    spiralling|spiraling|unravelling|unraveling
    crumbling|cracking|falling|slipping|drowning|suffocating|deteriorating|collapsing|sinking apart|inside|under|deeper|fast|again|away
    im|am|feel|feeling|like ?i ?im drowning|sinking|suffocating|crumbling|cracking|collapsing|slipping
    losing|lost|lose ?my|?the|?all grip|mind|myself|will|control|faith|strength|sanity
    im|am|think|feel|feels ?like ?i ?im losing it
    head above water
    more than|i ?i can bear|handle|take|cope|stand
    too much ?for|?to me|bear|handle|take|cope
    all too much
    killing|eating|tearing|destroying|crushing|breaking|swallowing|ripping me inside|alive|apart|down
    is|its destroying|crushing|suffocating|breaking me
    bleak|unbearable|dark|grey|gray|black|hopeless|pointless every|everything|future|days|inside|without ?day
    every day|morning|night ?is|?feels|?looks ?like ?a ?the ?same grey|gray|black|dark|battle|fight|struggle|torture|hell|nightmare|punishment|war
    future|life|everything|tomorrow|world ?just|?ahead|?only|?all ?looks|seems|feels|is|looked|felt|became ?so|?like|?too|?completely|?just dark|bleak|black|empty|unbearable|hopeless|pointless|grey|gray|meaningless|scary|over|ruined|mess|nightmare|worthless|shit|punishment|hell|struggle|battle|heavy|joke|torture|disaster|collapsing|fog|prison
    mind|head|brain|body|home ?feels|?is|?like prison|cage|hell|war|mess|fog|scrambled|screaming|dark|foggy|exploding
    never|wont|not|dont|doubt|cant ?going|?see|?think|?believe|?imagine ?that ?things|?it|?i|?ill|?life|?anything ?will|?be|?gets|?get|?getting ?to ?ever improve|heal|recover|better|changing
    ill|i never|wont ?ever be ?able happy|okay|fine|whole|normal|better|loved|enough|free
    why ?do|?should ?i ?even bother|try
    whats ?the ?is point|use ?of|?in ?any ?of|?even trying|fighting|living|getting|this|it|anymore|anything
    see|is|theres no point|use ?in|?to ?of trying|getting|anything|life|this|it|anymore
    bother getting|trying|waking
    nothing ?i|?ever|?really|?feels|?is ?left|?do|?can|?seems matters|left|works|helps|real|good|fun|matter|worth|interests|excites|changes|enough|right|touches|means|goes|brings|makes ?to|?anymore|?any|?me ?give|?happy
    stopped|quit|lost hoping|hope|caring|believing|trying|faith
    given|giving|gave|give up ?on hope|trying|everything|myself|life|fighting|people|love|happiness
    dont|cant|no|barely|hardly ?even ?have|?feel|?want ?any ?the ?to enjoy|energy|motivation|strength|will|joy|appetite|drive|excited|pleasure|shower|fight ?anything|?left|?up|?in|?to|?for anything|anymore|left|get|do|life|things|eat|go|me
    dont|cant|no|never ?longer feel anything|joy|happy|alive|excited|love|human|myself|real ?anymore|?about
    dont|no ?longer care ?about ?anything anymore|myself|what|happens|if ?i ?to
    cry|crying|cried|bawl|bawling|sob|sobbing|weep|weeping|tears|scream|screaming|shaking|trembling ?for|?in|?at|?until|?myself|?into|?over|?all|?almost|?uncontrollably|?constantly|?myself ?to|?no|?the|?my|?every|?i|?a ?my|?single reason|shower|desk|car|sleep|bathroom|night|sick|day|pillow|morning|time|bed|nothing|constantly|bathtub
    burst|bursting|break|breaking|broke into|down|in tears|crying|and|every|at|sobbing
    brink|verge ?of ?a tears|breakdown|collapse|giving|crying|losing
    hate|hating|disgusted|sick|ashamed|loathe|despise|despising ?by|?with|?of ?who|?what|?how|?everything ?about ?looking|?being ?at myself|me|mirror|body|weight ?i|?ive|?look|?become
    hate who|what|how i ?ive ?have am|become|look|became|turned
    cant|cannot stand|bear ?to|?being|?looking ?look|?be|?at ?at myself|me|mirror
    mirror ?and|?because|?i ?i|?see|?feel|?hate sick|monster|cry|disgust|hate|ugly|fat|what|stranger
    purge|purging|laxatives|bulimic|anorexic
    throw|throwing|make|making ?myself up|puke|vomit ?on|?after purpose|meals|eating|meal|dinner|food|eat|every
    fingers down ?my throat
    starving|starve|restricting|fasting|calories|binge|bingeing|binging|weigh|weighing ?myself|?my|?and|?then|?because ?food|?and|?i|?to|?feel|?then fat|weight|purge|eat|guilty|control|thin|skinny|throw|day|myself|food|skip
    drink|drinking|drunk|drank|high|vodka|wine|booze|alcohol|weed|coke|heroin|pills|opioids|smoke|using|meth ?every ?too ?until ?just ?more ?myself ?and ?alone ?so ?a ?again ?much|?bottle|?night|?more ?i|?day|?and ?to ?i forget|cope|numb|pass|blackout|black|escape|through|hate|ashamed|oblivion
    drink|drinking|drank|finish|smoke|smoking ?a|?whole bottle|six|pack|box|vodka|wine|whisky|whiskey|gin|rum ?pack ?of ?of ?wine|?vodka|?whisky|?gin|?beer each|every|to|so|just|alone night|day|sleep|evening|i|forget|switch|cope
    drink|smoke|get|getting|got until|till|drunk|high|wasted every|i|alone|to ?night|?day|?pass|?black|?forget|?out|?cant
    relapsed|relapse|fell off|back|wagon|again|and|after|on
    addicted|addict|hooked|dependent ?to|on pills|opioids|heroin|meth|gambling|porn|coke|cocaine|alcohol|painkillers|xanax
    cant|cannot|unable ?get|?make|?face|?survive ?through ?a ?the ?an day|shift|evening|weekend|night|morning without ?a|?drinking|?getting|?being
    panicking|hyperventilate|hyperventilating|hyperventilated|panic ?attack ?attacks
    wake|woke|waking ?up ?in|?with|?every|?shaking|?screaming|?from shaking|panic|sweat|screaming|terrified|nightmares|scared|sweating|crying|dread
    reliving|relive|replaying|replay|haunted|flashback|flashbacks ?by|?the|?my|?of|?what|?that ?i|?night|?day|?every
    ptsd|traumatized|traumatised ?by|?from|?and
    keep|cant|still ?stop|?keep seeing|thinking|hearing|reliving|replaying|see|hear|smell ?his|?about|?the|?that|?her|?what face|accident|night|happened|crash|screams|assault|attack|fire|body|voice|blood|war
    worry|worried|worrying|anxious|dread|dreading|scared|terrified|afraid|panic ?about ?of ?that everything|constantly|nonstop|always|minute|time|outside|dying|sleep|alone
    worry|worried|anxious|scared|afraid|terrified all|every day|minute|time|night
    worried|scared|afraid ?that|?for ?about ?my|?he|?she|?they ?will|?might|?is|?may ?want|?wants|?to hurt|die|suicide|suicidal|kill ?herself|?himself
    havent|cant|cannot|afraid|scared|barely|unable ?been ?even ?to ?able ?to leave|left|leaving|go|get|face ?the ?my ?out ?of ?outside ?of house|bed|room|apartment|outside|flat
    dont|not|never|undeserving ?really deserve|deserving|merit|worthy ?to|?of|?any|?be love|happy|help|happiness|good|kids|anyone|life|forgiveness|better|friends|nice|loved
    blame|blaming|guilt|guilty|fault|ashamed|shame ?is|?myself|?all|?for|?of|?that|?about ?my|?for|?the|?what|?i|?everything ?death|?mistakes|?what fault|myself|everything|happened|did|death|it|survived|let|am|eats|eating|become|overwhelming
    ruined|wrecked|destroyed|wasted|screwed|messed|fucked ?up ?my life|everything|marriage|family|future|career
    gambled|lost ?away|?all ?my|?our|?the everything|savings|house|home|job ?and
    lost everything|myself|hope|everyone
    debt|debts|evicted|homeless|bankrupt|eviction|foreclosure ?and i|im ?see|?dont|?have|?am cant|see|know|lost|scared|ashamed|no|desperate
    wish ?i|?it ?could|?was|?were|?would|?had ?just|?all|?never ?just disappear|vanish|someone|sleep|different|over|invisible|normal|hide|escape|go|stop|run ?away|?else
    disappear|vanish|hide|escape|run ?from|?away|?and ?from|?forever everything|everyone|world|never|away|life|forever
    turn|switch|shut my|the brain|mind|head|feelings|thoughts off|up|down
    im|am|been|was|lately ?in ?really ?pretty ?such ?very bad|dark|low|awful|scary place|headspace|way|spot
    im|am|been ?doing|?feeling ?really ?so ?very terrible|awful|horrible|horribly|miserable
    mental ?health|breakdown|state is|?are|?has|?keeps in|bad|shit|terrible|worse|declining|deteriorating|awful|getting|low|all|so|crisis|rough ?worse|?gutter
    my|severe|crippling|crushing|chronic|postpartum|deep ?eating depression|anxiety|ptsd|ocd|bipolar|disorder|bulimia|anorexia|bpd|insomnia|addiction|sadness|loneliness|grief|despair
    killed|hanged|hung|shot|took|died ?by ?himself|?herself|?his|?her|?their|?themselves ?own suicide|life|himself|herself|themselves
    miss|missing ?him|?her|?them|?my ?mum|?mom|?dad|?baby|?husband|?wife ?so ?so|?every ?that hurts|second|breathe|function|unbearable|badly
    since|after|ever ?since|?the|?my|?losing ?the|?my|?he|?she ?miscarriage|?divorce|?funeral|?diagnosis|?accident|?breakup|?death|?died|?left|?layoff|?husband|?wife|?mother|?father ?died|?left ?i|?ive|?im ?have|?cant|?feel|?am|?been|?dont|?just function|mess|numb|empty|lost|spiralling|sinking|cope|sleep|depressed|broken|nothing|cry|crying|alone|eat|dead|stop
    light ?at ?the end of ?the tunnel
    no|any light|hope|future|escape|exit ?at|?for|?left|?out ?in ?the end|me|tunnel|anymore|sight|left
    no|any|only way out|forward
    scared|shocked|frightened|afraid|terrified|scares ?of|?me|?by ?my|?what|?being ?own|?left|?alone ?i|?with ?my|?might thoughts|mind|myself|do|thinking|brain
    dark|scary|bad|ugly|intrusive|disturbing|awful|terrible thoughts|place|thought|feelings ?keep|?are|?have
    unable|struggling|failing|trying ?hard ?to cope|survive|function|manage
    just|barely|only survive|surviving|coping|functioning|existing
    cant|cannot keep|continue|go|do|take|handle|live|be|deal|stay ?doing|?being|?living|?on|?with ?me|?with|?like|?this|?it|?my ?this ?life ?head|?skin anymore|longer|this|more|another|skin|head
    dont want to be me|like|in|this ?this|?my anymore|way|skin|head|body|person
    help me ?please i cant|dont|need|am
    please|pls help me
    need|want|begging ?for ?some ?someone|?to help ?badly|?me|?before|?so|?please|?i ?cant|?bad|?please
    only|sole reason ?why ?i get|wake|bother|go ?up ?on is
    mother|mom|mum|parent|dad|baby ?is|?and|?being ?breaking|?too|?crushing|?i bond|breaking|regret|crushing|cant|terrible|bad|failing|hate
    postpartum|postnatal|miscarriage|stillbirth|stillborn
    tried|attempted|trying|attempt ?to ?take|?kill|?end ?her|?his|?their ?own suicide|herself|himself|themselves
    tried|attempted|trying to take|end her|his|their ?own life
    posted|wrote|texted|says|said|talks|talking|told|sent|saying|tells|mentioned|keeps ?me ?a ?that ?about ?saying ?she|?he|?they|?wanting|?him|?her ?to ?wants|?want|?cant|?hates|?doesnt|?is|?feels|?wanted|?has|?would|?life|?no ?to|?not|?want|?be|?reason|?better ?to goodbye|suicide|suicidal|die|dying|disappear|dead|live|living|killing ?note|?herself|?himself
    says|said|told|tells ?me ?that ?she|?he|?they|?theyre|?shes|?hes hopeless|worthless|useless|better off|?and
    left ?a suicide|goodbye note|letter|message
    found|saw|noticed|discovered ?some|?a|?the|?fresh|?my ?cuts|?scars|?razor|?suicide|?pills|?blades|?marks|?burns|?rope|?note cuts|scars|blades|note|hidden|marks|burns|razor|noose|pills|rope ?on|?in|?under|?from
    cutting|cuts|hurting|hurts|harming|harms|burning|burns|starving|starves|killing|kill|hurt|harm|drinking herself|himself|themselves|themself
    she|he|son|daughter|sister|brother|friend|mom|dad|mum|wife|husband|partner|boyfriend|girlfriend|roommate|cousin has|is|been|started|keeps ?been cutting|burning|purging|starving|overdosing ?again
    took|taken|swallowed|overdosed ?a|?some|?lot|?all|?of|?on ?of|?too|?her|?his ?pills|?many|?tablets pills|overdose|tablets|hospital ?last|?and|?yesterday
    drinking|drank|smoking himself|herself|themselves to death
    gave|given|giving away all|his|her|their ?of|?his|?her|?their ?things|?possessions|?belongings|?favourite|?favorite|?stuff
    `,
  ),
];
