import { group, type Entry } from "./risk-entry.ts";

/**
 * Wider families for French, German, Spanish, Italian, Portuguese and Hindi: hopelessness, burden, self-harm, plans,
 * violence at home, concern for another. Drafts that a clinician who speaks the language must sign off.
 */
export const indirectOtherLanguages: readonly Entry[] = [
  ...group(
    "imminent",
    "suicide",
    `
    je vais|veux ?me sauter|pendre|tuer|suicider|jeter|tirer|finir|avaler ?ce|?maintenant|?cette|?sous|?du|?toutes|?tous ?mes|?de soir|maintenant|nuit|aujourdhui|train|pont|balcon|balle|pilules|cachets|medicaments|suite
    vais en finir ?ce|?tout|?cette ?de maintenant|soir|suite|aujourdhui|nuit
    jai|viens ?de ?tout avale|avaler|pris|prendre tout|tous|toute|trop|plein|trente|vingt|quarante ?de ?la ?le ?les ?mes ?des ?une boite|flacon|medicaments|comprimes|pilules|somniferes|cachets|plaquette
    ouvert|ouvrir|mouvrir|coupe|couper|tailler|taillade ?les ?mes veines|poignets
    corde|pistolet|lame|couteau|cachets|medicaments est|sont|devant|prete|pret|prets ?devant|?autour|?sur ?du|?de|?moi ?mon moi|cou|table|prete|pret|main
    je|suis suis|sur ?sur ?le pont|toit|rebord|balcon|rails ?et je|pret|prete|vais
    ce soir|demain|maintenant je|tout ?en ?me ?vais meurs|pars|finis|tue|mourir|termine|suicide
    lettre dadieu|daddieu
    ich werde|will|springe|nehme|hange ?mich ?mir ?es ?jetzt|?gleich|?heute ?nacht|?abend ?vom|?von ?dach|?brucke springen|tun|umbringen|toten|erhangen|leben|auf|dach|brucke ?nehmen
    habe|hab ?gerade ?eben ?schon alle|ganze|viele|zu|dreissig|zwanzig|vierzig|funfzig ?die ?viele ?meine tabletten|pillen|schlaftabletten|packung|medikamente|schachtel
    pulsadern|adern|handgelenk|handgelenke ?sind ?ist aufgeschnitten|offen|aufgeschlitzt|geschnitten
    strick|seil|messer|pistole|waffe|tabletten ist|sind|liegt|liegen|hangt ?schon ?vor|?neben|?in|?bereit mir|bereit|hand|fertig|decke
    stehe|sitze|bin ?gerade ?jetzt ?schon auf|am|an ?der ?dem|?einer brucke|dach|gleisen|abgrund|gelander|balkon ?und ich|will|springe|werde
    heute ?nacht|?abend mache|ist|sterbe|gehe|beende ?ich schluss|letzter|letzte|vorbei|ende|leben
    mache|mach ?heute ?jetzt ?ich ?endgultig schluss
    voy|estoy ?a|?por|?punto ?de matarme|saltar|colgarme|ahorcarme|tirarme|suicidarme|tomarme|cortarme|pegarme ?todas|?las|?del|?al|?un ?pastillas|?tren|?puente|?tiro|?venas esta|hoy|ahora|noche|ya|manana|pastillas|tiro|puente|venas
    tome|tomado|trague|tragado|acabo|he ?de ?tomar ?tomarme ?tragado|?tomado todas|todo|frasco|muchas|monton|treinta|veinte|cincuenta|demasiadas|bote|caja ?de ?las ?mis ?el ?entero|?entera pastillas|frasco|bote|caja|medicamentos|somniferos
    frasco|bote|caja entero|entera ?de
    corte|cortado|abri|abierto ?las ?mis venas|munecas|muneca
    soga|cuerda|pistola|cuchillo|pastillas esta|estan|tengo|lista|listas|aqui ?lista|?delante|?en ?de ?la mi|mano|mesa|lista|cuello|techo
    estoy en|sobre|al ?el ?la ?borde ?del puente|azotea|balcon|borde|vias|cornisa ?y ?para|voy|saltar|a
    esta noche|hoy me|se|todo|acabo ?a ?se ?voy|?va muero|acaba|termina|matar|mato|con
    sto|vado|vorrei ?per|?a buttarmi|uccidermi|ammazzarmi|impiccarmi|saltare|spararmi|prendere|tagliarmi ?tutte ?le ?dal ?dalla ?pillole|?ponte|?vene stasera|oggi|adesso|ora|subito|pillole|ponte|vene
    deciso di uccidermi|buttarmi|impiccarmi|morire|farla|ammazzarmi|suicidarmi
    ho|appena ?appena preso|ingoiato|inghiottito|mandato tutte|tutto|troppe|troppi|trenta|venti|tutti ?le ?il ?i ?mie pillole|flacone|pastiglie|farmaci|compresse|scatola|sonniferi
    tagliato|tagliata|aperto ?le vene|polsi
    corda|pistola|coltello|pillole e|sono|davanti|pronta|ho ?pronta|?davanti|?al|?in ?a ?qui me|pronta|collo|mano|pronte|tavolo
    sono|sto sul|sulla|su ?un ponte|tetto|cornicione|balcone|binari ?e ?per|mi|salto|sto|voglio
    stasera|oggi|stanotte ?mi|?la|?e|?sara|?ultimo muoio|finisco|ammazzo|uccido|faccio|ultimo|ultima|finita
    vou|estou ?a|?indo|?prestes ?me matar|pular|enforcar|jogar|cortar|suicidar|tomar ?todos|?da|?os ?remedios|?ponte|?hoje|?agora hoje|agora|noite|ja|remedios|ponte
    tomei|engoli|acabei ?de ?tomar todos|todas|cartela|muitos|muitas|trinta|vinte|frasco|caixa ?os ?as ?a ?inteira|?meus comprimidos|remedios|pilulas|cartela|frasco|caixa
    cartela|caixa|frasco inteira|inteiro
    cortei|cortado|abri ?os ?meus pulsos|pulso|veias
    corda|arma|faca|remedios esta|estao|tenho|pronta ?pronta|?na|?aqui ?minha ?frente pronta|mao|frente|mesa|pescoco|aqui
    estou em|na|no ?cima|?beira ?da|?do ponte|telhado|sacada|beira|trilhos|predio ?e|?vou|?para
    hoje ?a|?noite ?eu ?noite|?vai|?tudo morro|acaba|termino|despeco|matar|mato
    tomar|tome|tragado|tragar|tragarme|tome dos|tres|cuatro|una|varias|diez|quince cajas|caja|cajita|botes|tiras|blisters
    engoli|engolir|tomei|tomar dois|duas|tres|quatro|varias|dez cartelas|cartela|caixas|caixa|frascos
    ingoiato|preso|inghiottito ?una|?due|?tre|?un ?intera scatola|scatole|flacone|confezione ?intera ?intero ?di ?sonniferi
    dreissig|zwanzig|vierzig|funfzig|sechzig|hundert|zehn|funfzehn tabletten|schlaftabletten|pillen ?auf ?einmal geschluckt|genommen|intus
    `,
  ),
  ...group(
    "elevated",
    "suicide",
    `
    descansaria|descansarian|estaria|estarian ?mas ?mejor ?tranquila ?tranquilos si yo no|?ya estuviera|existiera|no
    sentido|motivo|razon a|para|de ?la ?seguir vivir|vida|viviendo
    entaille|entailler|taillade|lacere ?encore ?les avantbras|bras|cuisses|poignets|jambes|avant
    mendormir|endormir pour toujours
    nicht mehr wach|aufzuwachen|aufstehen ?zu ?werden ?mussen
    wenn|ware es mich nicht ?mehr gabe
    mir|habe ?wieder ?die arme|unterarme|oberschenkel|beine|haut aufgeritzt|aufgeschnitten|geritzt|zerschnitten|verbrannt
    meglio non|mai svegliarsi|svegliarmi|esserci|nascere
    se|meglio|serena|felice|sereni io|se|?senza ?non ?io ci|non|fossi ?fossi
    tagliata|tagliato|bruciata|ferita di|ancora|le|i ?nuovo ?le ?i ?braccia|?gambe|?polsi
    melhor nao|nunca acordar|existir ?mais
    se eu nao|morresse|sumisse existisse|estivesse|morresse
    cortei|queimei|machuquei ?os|?as|?minhas|?meus ?de|?as pernas|bracos|pulsos|coxas|novo
    `,
  ),
  ...group(
    "elevated",
    "suicide",
    `
    ne veux|souhaite|desire|supporte ?plus ?pas|?etre|?me vivre|exister|reveiller|la|continuer|vivante|vivant ?ici
    plus envie|raison|raisons|force|gout|but ?de ?dune|?aucune vivre|vie|etre|continuer|rester|exister
    aucune|plus|sans raison|motif|raisons ?de ?pour vivre|rester|continuer|exister
    raison de vivre|rester|continuer ?en ?vie
    veux|voudrais|aimerais|jaimerais|souhaite|prefere|prefererais|reve|envie|merite|devrais|voulais|jaurais ?du ?que ?tout ?de ?juste ?etre ?pour mourir|mort|morte|disparaitre|sarrete|crever ?toujours
    veux|voudrais|aimerais|jaimerais|souhaite|prefere|jaurais|jai ?du|?prefere ne|pas|jamais ?pas|?jamais ?etre exister|nee|ne|naitre|reveiller
    mort|mourir|suicide me fait envie
    mort|mourir|suicide est|serait|parait|semble|devient|me ?la ?le ?un ?une ?seule ?seul soulagement|solution|issue|paix|sortie|delivrance|obsede|envie|attire|liberation
    jamais|pas du|?ete|?etre|?naitre naitre|ne|nee|exister|existe
    en|y finir|mettre ?avec|?fin ?la|?tout|?cette ?vie
    pense|penser|songe|imagine|reve ?souvent|?sans|?tout|?tous ?cesse|?le|?les ?temps|?jours ?a|?au|?de|?aux ?me ?la|?ma mort|suicide|tuer|suicider|mourir|sauter|finir|pendre|moyens|disparaitre
    mieux|heureux|heureuse|tranquille|libres|soulages|soulagee|debarrasses sans|si moi|je|jetais|nexistais|mort|morte ?nexistais|?mourais|?disparaissais|?netais ?plus
    fardeau|poids|boulet|charge ?pour ?ma ?ma tous|tout|famille|eux|enfants|monde|proches|parents|autres
    me|m coupe|coupais|scarifie|brule|frappe|blesse|mutile|griffe|couper|bruler|blesser|fais|faire ?du|?les|?volontairement|?de ?mal ?bras|?cuisses|?expres
    stocke|cache|garde|accumule|economise ?des ?mes ?jai medicaments|comprimes|cachets|somniferes|pilules
    cache|garde|accumule|jaccumule|mis ?de ?cote des|mes medicaments|comprimes|cachets|somniferes
    manquerais|remarquerait|regretterait|pleurerait ?a ?personne ?ma ?personne ?mort
    personne ?ne remarquerait|pleurerait|regretterait|sapercevrait ?de ?ma ?si ?mort
    nicht mehr leben|aufwachen|existieren|hier|dasein|weiterleben|da|weiter|sein ?sein ?leben
    will|mochte|wunschte|wollte|wurde|hoffe|ware ?ich ?einfach|?nur|?am|?lieber|?gern ?liebsten ?fur ?immer ?das|?dass ?es tot|sterben|verschwinden|vorbei|aufhort|weg
    will|mochte|wunschte|wurde|hoffe ?ich ?einfach|?nur|?am ?liebsten ?einschlafen ?und nie|nicht ?mehr|?wieder aufwachen|da|hier|leben
    lieber|besser|am ?liebsten ?nie|?nicht ?auf ?der tot|gestorben|geboren|welt
    nie|nicht geboren|existiert|existieren worden|?werden|?hatte
    kein|keinen|keine grund|sinn|lust ?mehr ?fur ?mich ?zu|?am ?leben leben|weiterzuleben|lebens|weitermachen|bleiben|existieren
    tod|sterben|suizid|selbstmord ware|ist|scheint|wirkt|macht ?fur ?mich ?mir ?die|?der|?eine|?keine ?einzige|?einziger erlosung|ausweg|losung|ruhe|frieden|angst|befreiung
    denke|dachte|gedanken|uberlege|stelle|phantasiere|fantasiere ?jeden|?oft|?immer|?standig|?daran|?daruber|?mir ?tag ?nach ?vor ?mich|?wie|?an|?ans|?schluss|?es|?zu ?den|?das|?sein ?zu tod|selbstmord|suizid|umbringen|umzubringen|springen|sterben|machen|beenden|erhangen|ware
    ohne mich ?ware|?waren|?geht|?ginge ?sie|?es|?ihr|?alle|?meine ?ihnen|?euch|?familie|?kinder besser|glucklicher|froh|leichter|gut|freier
    froh|glucklicher|besser|leichter|erleichtert|freier ?dran ohne|wenn mich|ich ?weg|?tot|?nicht
    last|belastung|burde fur alle|meine|euch|sie|familie|jeden|andere
    ritze|ritzen|schneide|schneiden|verbrenne|verletze|schlage|kratze|beisse|ritz ?mich ?mir ?wieder|?selbst|?absichtlich ?in mich|mir|arme|arm|selbst|haut|oberschenkel
    sammle|horte|verstecke|spare|gesammelt|gehortet ?heimlich ?meine|?seit ?die ?genug tabletten|schlafmittel|schlaftabletten|medikamente|pillen
    tabletten|schlafmittel|schlaftabletten|medikamente heimlich|gesammelt|gehortet|versteckt
    niemand|keiner wurde|vermisst|merkt|merken ?mich ?es ?um ?merken ?wenn ?ich vermissen|tot|weinen|trauern|merken|weg|fehle
    no ?ya ?ya quiero|deseo|puedo|soporto ?seguir ?mas vivir|viva|vivo|aqui|existir|despertar|viviendo|estar|existiendo
    quiero|quisiera|ojala|deseo|prefiero|preferiria|merezco|deberia|gustaria|quise ?que ?todo ?me ?no ?solo ?estar ?haber morir|morirme|muerto|muerta|despertara|desaparecer|termine|acabe|muera|dormir|nacido|existiera|naciera ?para ?siempre ?y ?no
    muerte|morir|suicidio ?seria|?es|?parece|?me|?la ?un|?la|?una|?mi ?unica|?mejor alivio|salida|solucion|paz|descanso|opcion|liberacion|cabeza
    pienso|pensando|pensado|imagino|imaginando|sueno|fantaseo|dejo ?mucho|?en|?de|?con|?como|?todo ?el ?dia ?tiempo ?en ?pensar ?en ?la muerte|morir|morirme|suicidarme|matarme|tirarme|ahorcarme|quitarme|acabar|saltar|suicidio|formas
    no|sin|ningun|ninguna|pocas tengo|veo|encuentro|razones|motivo|razon|hay|sentido ?ningun|?ninguna|?ya|?mas ?razones|?motivo|?motivos|?razon|?sentido ?para|?de|?a|?en vivir|seguir|viva|vivo|viviendo
    mejor|felices|libres|tranquilos|aliviados|aliviada sin|si|cuando mi|yo|me|muero|muera|desaparezco|no ?no ?muriera|?estuviera|?existiera
    me|vuelto corto|cortaba|quemo|lastimo|golpeo|hago|rasguno|corte|autolesiono ?los|?otra|?dano|?para|?las|?a|?con ?vez ?brazos|?piernas
    guardo|junto|escondo|guardando|escondido|juntando|ahorrando ?las ?mis ?todas pastillas|medicamentos|somniferos|pildoras
    nadie ?me extranaria|lloraria|notaria|echaria|importaria ?mi|?de|?si|?que ?muerte|?muero|?menos
    carga|estorbo|peso para todos|mi|familia|ellos|los|mis
    non ?posso voglio|riesco|posso|desidero|sopporto ?piu ?a vivere|esserci|esistere|svegliarmi|continuare|viva|vivo|qui ?piu
    voglio|vorrei|preferirei|desidero|spero|merito|dovrei|volevo ?che ?di ?solo ?essere|?non ?mai ?essere morire|morto|morta|sparire|svegliarmi|finisca|nato|nata|esistere|addormentarmi|smettere|scomparire ?tutto ?per ?sempre
    morte|morire|suicidio ?sarebbe|?e|?sembra|?mi ?un|?lunica|?una|?la|?l ?unica|?mia sollievo|uscita|soluzione|pace|via|liberazione|attira|testa|riposo
    penso|pensavo|pensare|pensando|immagino|sogno ?spesso|?sempre|?di|?a|?al|?alla|?come|?ogni ?giorno ?di ?a|?al|?alla ?togliermi ?mia morte|suicidio|uccidermi|ammazzarmi|buttarmi|impiccarmi|farla|morire|finita|saltare|vita
    non|senza|nessun|nessuna ?ho|?vedo|?trovo|?ce|?piu ?piu ?nessuna|?nessun|?alcuna|?un motivo|motivi|ragione|ragioni|senso|scopo ?di|?per ?andare|?restare ?avanti|?in ?a vivere|vita|continuare|esistere|vivo
    meglio|felici|sollevati|liberi|tranquilli senza|se ?di me|morissi|sparissi|non ?ci ?fossi
    mi taglio|tagliavo|brucio|ferisco|faccio|graffio|colpisco|picchio ?del|?di|?le|?male|?da|?ancora ?male|?nuovo|?braccia|?sola|?solo|?apposta|?per
    nascosto|nascondo|conservo|accumulo|metto|raccolgo ?da ?parte ?le|?i ?delle|?dei|?mie pillole|farmaci|pastiglie|compresse|sonniferi
    nessuno ?mi sentirebbe|piangerebbe|accorgerebbe|mancherei|noterebbe ?la|?se|?della ?mia
    peso per tutti|la|mia|famiglia|loro|i|gli|miei
    nao quero|aguento|consigo|desejo|suporto ?mais ?continuar ?mais viver|existir|acordar|aqui|viva|vivo|continuar|estar|vivendo
    quero|queria|prefiro|preferia|desejo|mereco|devia|deveria|espero|gostaria ?que ?tudo ?so ?nao ?de ?estar ?ter ?nunca morrer|morta|morto|sumir|acordar|acabe|termine|nascido|existir|dormir|desaparecer ?mais ?para ?pra ?sempre
    morte|morrer|suicidio ?seria|?e|?parece|?me ?um|?a|?uma ?unica|?minha alivio|saida|solucao|paz|descanso|opcao|cabeca
    penso|pensava|pensando|imagino|pensei|fico ?muito|?sempre|?em|?no|?na|?como|?todo|?todos|?pensando ?o ?dia|?dias|?tempo ?em|?na|?no ?me ?minha morte|suicidio|matar|morrer|pular|enforcar|acabar|sumir|jogar|vida
    nao|sem|nenhum|nenhuma ?tenho|?vejo|?acho|?ha|?existe ?mais ?nenhum|?nenhuma motivo|razao|motivos|razoes|sentido|porque|vontade ?nenhum|?nenhuma ?pra|?para|?de|?em ?eu viver|continuar|aqui|viva|vivo|vivendo|existir
    melhor|felizes|aliviados|livres|tranquilos sem|se mim|eu ?morresse|?sumisse|?nao
    me corto|cortava|queimo|machuco|firo|bato|arranho|mutilo|cortei ?os|?de|?para|?quando|?com|?pra ?bracos|?novo
    guardei|guardo|escondo|escondi|junto|juntando|separei ?os|?meus|?uns remedios|comprimidos|pilulas
    ninguem ?vai|?ia|?me sentiria|choraria|notaria|falta|perceber|perceberia ?minha|?a|?se ?falta
    peso|fardo pra|para todos|minha|todo|eles|meus|mim
    मेरे मरने|बिना|जाने से|?के|?सब|?किसी|?परिवार ?सब|?किसी|?बाद ?को ?खुश|?फर्क|?अच्छा|?कोई खुश|फर्क|रहेंगे|पड़ेगा|रोएगा|होगा
    जीने|जिंदा|ज़िंदा का|की|रहने ?कोई|?का|?की ?मतलब|?वजह|?मन|?इच्छा नहीं|मतलब|वजह|मन
    mere|meri marne|bina|maut se|?sab|?kisi|?ke ?sab|?kisi ?ko ?khush|?farak khush|farak|rahenge|padega
    jeene|zinda|zindagi ka|ki|rehne|se ?koi|?ka ?matlab|?wajah|?mann|?man|?thak nahi|nahin|matlab|thak ?gaya
    khatam kar|karna|karne|karlun ?chahta|?chahti|?du|?hun khud|hun|chahta|chahti|hoon|du
    `,
  ),
  ...group(
    "watch",
    "distress",
    `
    suis|sens|me ?sens ?tellement|?si|?completement|?vraiment ?de|?a vide|perdu|perdue|brise|brisee|desespere|desesperee|coupable|angoisse|angoissee|bout|trop|epuise|epuisee|deprime|deprimee|nulle|nul|inutile|invisible|piege|piegee|rejete|rejetee|ecrase|ecrasee|abandonne|abandonnee
    plus|dors|mange|arrive ?a dors|mange|bouge|sors|pas|rien|plus ?de ?du ?rien ?lit ?tout|?depuis|?nuits
    rien ne|na|nest|me ?me ?va ?plus ?de sens|plaisir|plus|interesse|importe|marche|sauver
    personne ne|ne ?me ?se maime|aime|comprend|ecoute|soucie|voit|remarque|mecoute|mentend
    pleure|pleurer|pleurs|larmes ?tous|?tout|?sans|?chaque|?en ?les|?le|?sans ?cesse soirs|nuits|temps|nuit|jours|arret|raison|soir|dormir
    craque|effondre|meffondre|sombre|coule|noie|suffoque|etouffe|seffondre
    bois|boire|fume|drogue|alcool ?tous|?chaque|?pour|?de|?trop ?les|?plus ?en ?soirs|?soir|?plus pour|oublier|tenir|soirs|trop
    mari|mere|pere|copain|femme|conjoint|beaupere|ex|frere|il|elle ?me me|ma|ta frappe|menace|humilie|bat|insulte|enferme|gifle|fait|poursuit|harcele|rabaisse|controle ?peur
    peur de|quil|rentrer ?mon|?ma|?lui|?rentrer mari|pere|copain|lui|moi|tue|maison|frappe|rentrer|vivre
    ami|amie|soeur|frere|copine|copain|fille|fils|mere|pere|mari|femme ?ma|?mon ?ne ?dit|?a|?veut|?parle|?se|?sest|?pense|?voulait ?quil|?quelle|?de|?au|?fait ?ne|?veut|?une ?plus mourir|suicide|coupe|scarifie|suicider|vivre|tentative|tuer|mutile
    entends|voix|vois des|dans|me ?ma|?parlent voix|tete|parlent|choses ?dans
    crise|crises|attaque|attaques ?de panique|angoisse|dangoisse|anxiete
    ich|bin|fuhle|fuhl ?mich ?so|?vollig|?total|?nur|?nur|?einfach|?ganz|?wie ?mich am|leer|wertlos|einsam|nutzlos|hoffnungslos|verloren|uberflussig|allein|alleine|last|kaputt|gebrochen|gefangen|hilflos|verzweifelt|traurig|schuldig|niedergeschlagen|ausgebrannt|ungeliebt|tot ?ende|?innerlich
    am ende ?meiner|?mit ?kraft|?kraften|?den ?nerven
    kann|halte|schaffe|ertrage|pack|packe ?das|?es|?ich|?einfach|?alles ?einfach nicht|nichts|kaum ?mehr aus|mehr|schlafen|essen|weiter|atmen|aufstehen
    nichts|alles|gar ?nichts ?macht|?ist|?hilft|?hat|?fuhlt ?mir ?sich ?mehr|?einen|?keinen ?mir ?so sinn|freude|mehr|sinnlos|hoffnungslos|wichtig|egal|spass|leer|dunkel|zuviel
    niemand|keiner liebt|versteht|braucht|mag|hort|merkt|kummert|sieht ?sich ?mich|?mir|?um ?wie
    weine|heule|weinen|heulen ?jede|?jeden|?nur|?die|?ohne|?standig ?nacht|?tag|?noch|?ganze nacht|tag|noch|grund|standig|schlaf|ganze
    breche|zerbreche|versinke|ertrinke|falle|gehe ?innerlich ?langsam ?in ?daran zusammen|kaputt|traurigkeit|loch|unter|daran|auseinander
    trinke|saufe|kiffe|nehme ?jeden|?immer|?zu|?wieder|?taglich ?abend|?mehr|?viel um|damit|mehr|viel|abend
    mann|mutter|freund|vater|frau|partner|er|sie|stiefvater|ex schlagt|bedroht|sperrt|demutigt|beleidigt|kontrolliert|verprugelt|schubst|wurgt|macht|stalkt|verfolgt mich|mir ?angst ?ein
    angst vor|nach ?meinem|?ihm|?hause|?meiner mann|vater|ihm|freund|mir|menschen|zuhause|hause|allem|partner
    freund|freundin|schwester|bruder|kollege|tochter|sohn|mutter|vater|kollegin|frau|mann ?hat|?will|?ritzt|?redet|?spricht|?sagt|?denkt|?mochte ?nicht|?sich|?von|?an|?versucht|?er|?sie ?mehr|?sich|?will|?nicht leben|ritzt|sich|suizid|selbstmord|umzubringen|umbringen|sterben ?umzubringen|?umbringen
    hore stimmen
    stimmen in|die|sagen ?meinem|?mir kopf|nicht|reden|dass
    panikattacke|panikattacken|angstzustande|angststorung|depressionen|burnout
    me|estoy|soy ?siento|?muy|?tan|?completamente|?totalmente|?en|?una|?al|?un siento|vacia|vacio|sola|solo|inutil|rota|roto|hundido|hundida|perdido|perdida|desesperada|desesperado|carga|destrozada|destrozado|ansiosa|agotada|agotado|deprimida|atrapada|atrapado|limite|fracaso|estorbo|culpable|quebrada|triste ?sola|?vacia|?vacio|?culpable
    ya ?no no|aguanto|puedo ?puedo|?aguanto|?tengo|?se|?quiero mas|fuerzas|aguanto|que|salir|dormir|nada ?hacer
    no duermo|como|paro|dejo|tengo|consigo|logro ?nada|?de|?fuerzas|?ganas|?dormir nada|llorar|ganas|fuerzas|dormir|esperanza|comer|motivo
    nada|ya nada|tiene|me|va|vale ?ya ?tiene|?me ?hace sentido|importa|feliz|sirve|mejorar|llena|gusta|pena|interesa
    nadie ?me me|quiere|entiende|nota|se|le quiere|entiende|escucha|importa|ayuda|ve|extrana|importo|notaria
    lloro|llorando|llorar ?todas|?todo|?todos|?cada|?sin ?las|?el|?los noches|noche|dia|dias|parar|tiempo|motivo|dormir
    derrumbo|derrumbando|hundo|hundiendo|ahogo|desmorono|caigo
    bebo|tomo|fumo|bebiendo|tomando|drogo ?cada|?todas|?para|?mucho|?demasiado ?noche|?dia|?vez|?las ?mas|?noches para|mas|noches|olvidar|demasiado|alcohol
    marido|padre|novio|pareja|esposo|mama|madre|padrastro|ex|el|ella|papa me pega|amenaza|grita|golpea|controla|maltrata|encierra|insulta|humilla|persigue|acosa|ahorca|empuja
    miedo a|de|que ?mi|?volver|?el|?casa|?me|?lo|?de marido|padre|novio|casa|mate|pareja|esposo|el|mi|mismo|misma|pegue|haga
    amiga|amigo|hermano|hermana|hija|hijo|madre|padre|novio|novia|prima|primo|esposa ?quiere|?se|?habla|?intento|?dice|?ha|?piensa|?dijo|?me ?intentado|?que|?de|?del|?en|?dijo ?quiere|?no|?que ?matarse morirse|corta|suicidio|matarse|suicidarse|morir|vivir|muerto
    oigo|escucho|veo voces|cosas|gente
    voces en|que|me ?mi cabeza|nadie|dicen
    ataque|ataques|crisis de panico|ansiedad|angustia|pania
    mi|sono|sto ?sento|?cosi|?tanto|?completamente|?molto|?solo|?un|?allo sento|vuota|vuoto|sola|inutile|perso|persa|distrutta|distrutto|peso|disperato|disperata|crollando|spezzata|intrappolata|intrappolato|fallimento|stremo|esausta|colpa|depresso|depressa|invisibile ?sola|?vuota
    non ce ?la|?piu faccio|speranza|via|nessuno ?piu
    non|senza dormo|mangio|esco|riesco|ho|trovo|vedo ?piu|?nessuna|?a ?nulla|?pace|?forze|?speranza|?futuro|?dormire piu|nulla|niente|forze|speranza|dormire|futuro|mangiare|pace|smettere|uscire
    niente|nulla ?mi|?piu|?ha|?ha ?ha|?rende|?importa|?interessa ?piu ?piu senso|felice|importa|interessa|serve|aiuta|piu|migliorera
    nessuno ?mi mi|ama|capisce|si ama|capisce|ascolta|vuole|vede|accorgerebbe|aiuta|accorge
    piango|piangere|piangendo|pianto ?ogni|?tutte|?tutto|?di|?sempre ?le|?il notte|notti|giorno|sera|sempre|continuo
    crollo|crollando|affondo|annego|soffoco|sprofondo|impazzisco|impazzendo
    bevo|fumo|bere|bevendo|drogo ?ogni|?sempre|?per|?troppo ?sera|?di|?giorno|?notte ?piu per|piu|dimenticare|troppo|dormire
    marito|padre|ragazzo|compagno|madre|ex|lui|patrigno|fidanzato|moglie ?mi mi|spesso picchia|minaccia|fa|controlla|insulta|umilia|chiude|maltratta|schiaffeggia|perseguita|spinge ?paura
    paura di|che|del ?mio|?lui|?tornare|?mi marito|padre|lui|casa|ragazzo|uccida|compagno|me|tutto|picchi
    amica|amico|fratello|sorella|figlia|figlio|mamma|madre|padre|moglie|marito ?vuole|?si|?parla|?ha|?dice|?pensa ?tentato|?di|?che|?provato|?al|?parlato ?il|?vuole|?non|?del|?a ?voler morire|taglia|suicidio|uccidersi|ammazzarsi|vivere|farla|suicidarsi
    sento|vedo ?delle|?le voci|cose
    attacco|attacchi|crisi di panico|ansia
    me|estou|sou|to ?sinto|?muito|?tao|?completamente|?um|?uma|?no|?totalmente sinto|vazia|vazio|sozinha|sozinho|inutil|perdida|perdido|destruida|peso|desesperado|desesperada|quebrada|quebrado|exausta|exausto|limite|fracasso|desmoronando|presa|acabada|acabado|fardo|culpada|culpado|deprimida|triste ?sozinha|?vazia|?culpada
    nao ?eu aguento|suporto|consigo|tenho|durmo|sei|vejo|saio ?mais ?nada|?forcas|?dormir|?esperanca|?comer|?o|?saida|?futuro|?parar mais|forcas|dormir|esperanca|que|comer|saida|futuro|chorar|cama
    nada|mais nada|faz|me|vale|importa|da ?me ?mais sentido|feliz|importa|pena|alegria|certo|melhorar|mais|anima
    ninguem ?me me|ama|entende|liga|se|ia ama|entende|escuta|quer|importa|ajuda|ve|notar|mim|percebe|gosta
    choro|chorando|chorar ?todas|?toda|?todos|?o|?sem|?ate ?as|?os noites|noite|dias|dia|tempo|parar|dormir
    desmoronando|afundando|afogando|sufocando|desabando|enlouquecendo|surtando
    bebo|fumo|uso|bebendo ?toda|?todo|?cada|?muito|?demais|?para|?pra ?noite|?dia|?vez ?mais para|pra|mais|esquecer|demais|noite|dormir
    marido|pai|namorado|companheiro|mae|ex|ele|padrasto|esposo me|ja bate|ameaca|controla|humilha|xinga|tranca|agride|persegue|empurra|da|bateu ?medo
    medo de|do|que|dele ?meu|?voltar|?ele|?me marido|pai|namorado|casa|ele|mate|mim|tudo|dele|bata|morrer
    amiga|amigo|irmao|irma|filha|filho|mae|pai|esposa|namorada|namorado|prima ?quer|?se|?fala|?tentou|?disse|?diz|?pensa|?falou ?em|?que|?se|?de ?quer|?nao|?quer morrer|corta|suicidio|matar|suicidar|viver|sumir|vida
    ouco|escuto|vejo vozes|coisas|vultos
    crise|crises|ataque|ataques de panico|ansiedade|choro
    मैं ?बहुत ?अब बहुत|थक|टूट|हार|अकेला|अकेली|परेशान|दुखी ?गया|?गई|?चुकी|?चुका|?हो ?अकेला|?परेशान|?दुखी|?उदास गया|गई|चुका|चुकी|हूँ|हूं|महसूस|अकेली
    कोई ?भी मुझे|मेरी|नहीं ?से ?बात ?नहीं ?प्यार समझता|प्यार|नहीं|परवाह|सुनता ?करता
    कुछ ?भी अच्छा|ठीक|सही नहीं ?लगता
    किसी ?को मेरी|मुझसे परवाह|प्यार|चिंता नहीं
    रोता|रोती|रोना ?रहता|?रहती|?रात|?हर|?आता ?भर ?हूँ|है|हूं|रात|रहता|रहती
    bahut|main|mai ?main|?main|?ab|?se ?bahut akela|akeli|udaas|pareshan|toot|thak|dukhi|haar ?gaya|?gayi|?chuka|?mehsoos hun|hoon|gaya|gayi|hu|mehsoos|chuka
    koi ?mujhe nahi|mujhe ?samajhta|?pyar ?nahi|?karta samajhta|pyar|karta|nahi
    pati|papa|husband mujhe maarta|maarte|dhamki|peet~
    पति|पिता|पापा मुझे मारता|मारते|पीटता|धमकी
    `,
  ),
];
