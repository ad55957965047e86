import type { RiskCategory, RiskLevel } from "./risk-entry.ts";

type Entry = readonly [RiskLevel, RiskCategory, string];
const suicide = (level: RiskLevel, lines: string): Entry[] =>
  lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => [level, level === "watch" ? "distress" : "suicide", line.trim()]);

/** Short phrase lists of other languages, unreviewed: drafts that a clinician who speaks the language must sign off. */
export const otherLanguages: readonly Entry[] = [
  // French
  ...suicide(
    "imminent",
    `
    vais|va me|mourir|?me suicider|tuer|pendre|tirer|jeter|buter ?ce
    me|vais suicider|tuer ce soir|?soir
    ai|jai avale|pris|avaler tous|toute|trop|boite|plein ?les ?mes ?la ?de ?boite medicaments|comprimes|cachets|pilules|somniferes
    jai ecrit lettre|?ma|ma ?lettre adieu|?dadieu
    jai|ai avale|pris tout|toute|tous ?la ?le ?ma ?mes ?boite|flacon|plaquette ?de medicaments|comprimes|cachets|pilules|somniferes
    je|mouvre me suis ouvert|ouvre|taille les veines`,
  ),
  ...suicide(
    "elevated",
    `
    veux|voudrais|envie|aimerais|prefere|voulais ?plus ?de ?den mourir|crever|disparaitre|finir
    veux|envie|pense|penser|songe|voudrais|penses ?de ?a me|?a suicider|tuer|suicide|pendre
    me suicider|tuer|pendre
    idees suicidaires|noires
    plus|pas envie ?de vivre
    mendormir|dormir ?et ?ne plus|jamais ?jamais ?me reveiller
    mieux|tranquille|heureux|heureuse sans moi
    veux|peux|envie ?de plus|pas|?ne ?plus vivre|exister
    mettre|met fin a mes|ma|?tout jours|vie|?tout
    en finir
    serait|seraient|irait mieux sans moi
    me|fait|faire scarifie|scarifier|mutile|mutiler|mal|coupe`,
  ),
  ...suicide(
    "watch",
    `
    en peux|peut plus
    jen|nen peux plus
    desespere|desesperee|desespoir|deprime|deprimee|depression
    sers|sert|vaux a|?plus rien
    plus|aucun espoir|envie|raison ?de ?vivre
    me sens seul|seule|vide|nul|nulle|inutile`,
  ),
  // German
  ...suicide(
    "imminent",
    `
    werde|will heute|jetzt|nacht|mich|mir|gleich ?heute ?nacht ?mich ?jetzt ?das|?nacht umbringen|toten|leben|erschiessen|erhangen ?nehmen
    werde mich|mir|?heute umbringen|toten|erhangen|erschiessen
    bringe|bring mich ?heute|jetzt|gleich um
    habe|hab alle|viele|zu|ganze ?viele ?meine ?packung tabletten|pillen|schlaftabletten ?genommen|geschluckt
    abschiedsbrief geschrieben|ist|fertig
    springe|spring|stehe ?jetzt von|vor|auf ?der ?den ?einer brucke|zug|dach`,
  ),
  ...suicide(
    "elevated",
    `
    will|mochte|wollte|wurde|wunsche ?ich ?nur ?einfach ?am ?liebsten sterben|tot|umbringen
    will|mochte|kann|wollte ?ich nicht ?mehr leben|weiterleben|aufwachen
    nicht mehr leben|aufwachen
    mich|mir umbringen|toten|erhangen|?das|das ?leben ?nehmen
    leben beenden|nehmen
    denke|gedanken|dachte ?oft an|ans|uber selbstmord|suizid|tod|sterben
    selbstmordgedanken|suizidgedanken|suizidal|selbstmord|lebensmude
    ware ich|?am ?doch ?nur tot
    besser ohne|dran mich|?ohne ?mich
    ohne mich ware|waren|geht|ginge|sind ?es ?euch ?ihnen ?alle ?sie ?allen besser ?dran
    nie|nicht wieder|mehr aufwachen
    ritze|ritzen|verletze|schneide mich ?wieder|?selbst`,
  ),
  ...suicide(
    "watch",
    `
    hoffnungslos|verzweifelt|wertlos|depressiv|depressionen|sinnlos|einsam
    kann|halte ?es ?einfach nicht mehr ?aus
    alles sinnlos|egal|hoffnungslos
    keinen|kein sinn|ausweg|hoffnung ?mehr`,
  ),
  // Spanish
  ...suicide(
    "imminent",
    `
    voy a matarme|suicidarme|ahorcarme|tirarme|quitarme|matar
    me voy a|?a matar|suicidar|ahorcar|quitar ?la ?vida
    me quito|mato ?la ?vida hoy|esta|ahora ?noche
    tome|tomado|trague|he ?tomado todas|muchas|demasiadas|todo ?las ?mis pastillas|pildoras
    carta de despedida
    esta noche me mato|suicido|quito|acabo`,
  ),
  ...suicide(
    "elevated",
    `
    quiero|quisiera|quise|deseo|gustaria|ganas ?me ?de ?ya morir|morirme|matarme|suicidarme|desaparecer|muerto|muerta
    no quiero|deseo|puedo ?seguir ?mas vivir|viviendo|existir|despertar
    no quiero seguir|estar viviendo|aqui|vivo|viva
    pienso|pensando|pensado|pensamientos ?en ?de suicidarme|suicidio|matarme|morir|suicidas|quitarme
    quitarme la vida
    acabar|terminar con ?todo ?mi vida|todo
    suicidarme|matarme|ahorcarme
    estarian|estaria|estaran mejor sin mi
    no|nunca ?mas despertar|despertarme ?nunca ?mas
    mejor|felices sin mi
    me corto|lastimo|hago ?dano
    cortarme|lastimarme|autolesion~
    no vale|tiene ?la ?sentido pena|vivir ?vivir
    mejor muerto|muerta`,
  ),
  ...suicide(
    "watch",
    `
    no puedo|aguanto mas
    sin esperanza|salida|sentido
    desesperado|desesperada|deprimido|deprimida|depresion|inutil|carga|ansiedad
    me siento solo|sola|vacio|vacia|triste|inutil
    nadie me quiere|importa|entiende`,
  ),
  // Italian
  ...suicide(
    "imminent",
    `
    sto|vado per|ad|?per uccidermi|suicidarmi|ammazzarmi|impiccarmi|buttarmi
    mi ammazzo|uccido|suicido|impicco|butto ?stasera|?oggi
    ho preso|ingoiato|inghiottito tutte|troppe|tutti|troppi ?le ?i ?mie pillole|pastiglie|farmaci|compresse
    lettera di addio|daddio`,
  ),
  ...suicide(
    "elevated",
    `
    voglio|vorrei|desidero|preferirei|volevo ?solo ?essere morire|uccidermi|ammazzarmi|suicidarmi|sparire|morto|morta|farla
    non voglio|riesco|posso ?piu ?a vivere|esistere|svegliarmi
    penso|pensando|pensieri ?di ?a ?al ?spesso suicidio|suicidarmi|uccidermi|suicidi|morte|morire
    uccidermi|suicidarmi|ammazzarmi|impiccarmi|farla|?finita
    togliermi la vita
    farla finita
    meglio senza di me
    penso|pensando|pensieri * suicidio|suicidarmi|uccidermi
    non|mai svegliarmi ?piu ?mai
    mi taglio|ferisco
    tagliarmi|autolesion~`,
  ),
  ...suicide(
    "watch",
    `
    non ce|ne|posso ?la posso|faccio|piu ?piu
    disperato|disperata|depresso|depressa|depressione|inutile|disperazione
    senza|nessuna speranza|uscita
    mi sento solo|sola|vuoto|vuota`,
  ),
  // Portuguese
  ...suicide(
    "imminent",
    `
    vou me matar|suicidar|enforcar|jogar
    vou acabar|tirar|dar com|a|minha|fim ?com ?minha|?a ?tudo|?minha vida|tudo
    tomei|engoli todos|todas|muitos|muitas ?os ?as ?meus comprimidos|remedios|pilulas
    carta de despedida`,
  ),
  ...suicide(
    "elevated",
    `
    quero|queria|desejo|vontade|prefiro ?de ?me ?so morrer|matar|sumir|desaparecer|morto|morta
    me matar|suicidar|enforcar
    nao quero|aguento|consigo ?mais viver|existir|acordar
    nao quero|aguento mais viver|?viver
    penso|pensando|pensamentos ?em ?de ?no suicidio|suicidar|matar|morrer|suicidas|morte ?me
    tirar|acabar ?com ?a minha vida
    melhor sem mim
    nunca|nao mais|?mais acordar|?mais
    me corto|machuco
    me cortar|machucar
    automutil~`,
  ),
  ...suicide(
    "watch",
    `
    nao aguento|suporto|consigo mais
    desesperado|desesperada|deprimido|deprimida|depressao|inutil|esperanca
    me sinto sozinho|sozinha|vazio|vazia|triste|inutil
    ninguem se|me importa|ama|entende`,
  ),
  // Hindi, in Devanagari and in Latin letters
  ...suicide(
    "imminent",
    `
    मैं आज|अभी|आत्महत्या|खुद ?रात ?को|आत्महत्या मर|मार|आत्महत्या|करने|जान ?जाऊंगा|जाऊंगी|लूंगा|लूंगी|वाला|वाली
    आज|अभी ?रात ?ही ?मैं अपनी|खुद जान|को दे|ले|मार
    सारी|बहुत ?सारी गोलियां|गोलियाँ|दवाइयां खा
    aaj|abhi raat|main|?mai|suicide ?suicide ?apni|?khud ?ko|jaan|kar mar|maar|jaan|suicide|kar`,
  ),
  ...suicide(
    "elevated",
    `
    मरना|आत्महत्या|खुदकुशी चाहता|चाहती|करना|के|करने|का|की|है
    जीना|जीने नहीं|की|का ?चाहता|इच्छा|चाहती|मन ?नहीं
    मर जाना|जाऊं|जाऊँ ?चाहता ?चाहती
    खुद|अपने को ?आप मार|मारना|मारने|खत्म|नुकसान|काट
    अपनी जान|ज़िंदगी|जिंदगी ले|लेना|देना|दे|लेने|खत्म
    आत्महत्या|खुदकुशी
    जीने का|की कोई|?मन मतलब|वजह|इच्छा ?नहीं
    मेरे बिना सब|सबका|लोग|परिवार खुश|बेहतर|अच्छा
    marna|suicide|khudkushi|aatmahatya|mar chahta|chahti|karna|karne|jana|jaana|kar ?chahta ?chahti
    jeena|jina|jeene nahi|nahin|ka|ki ?man ?chahta|chahti|nahi
    khud ko maar|khatam|mar|nuksan|kaat`,
  ),
  ...suicide(
    "watch",
    `
    निराश|उदास|अकेला|अकेली|हताश|बेकार|डिप्रेशन|अवसाद
    सहा नहीं जाता|जा
    akela|akeli|udaas|nirash|depression ?mehsoos|?hu|hun|hoon|mein`,
  ),
];

/** Thai has no spaces: its phrases are looked for as characters. */
export const thai: readonly Entry[] = [
  ...suicide(
    "imminent",
    `
    กำลังจะฆ่าตัวตาย
    จะฆ่าตัวตายคืนนี้
    จะฆ่าตัวตายวันนี้
    จะฆ่าตัวตายแล้ว
    กินยาไปทั้งหมด
    กินยาเกินขนาด
    กินยาทั้งขวด
    กินยาไปทั้งขวด
    คืนนี้ฉันจะฆ่าตัวตาย
    คืนนี้จะฆ่าตัวตาย
    วันนี้ฉันจะฆ่าตัวตาย
    ฉันจะฆ่าตัวตายคืนนี้
    จะกระโดดตึก
    เขียนจดหมายลาตาย
    จะผูกคอตาย`,
  ),
  ...suicide(
    "elevated",
    `
    อยากตาย
    ฆ่าตัวตาย
    ไม่อยากมีชีวิต
    ไม่อยากอยู่
    จบชีวิต
    อยากหายไป
    ทำร้ายตัวเอง
    กรีดแขน
    ผูกคอตาย
    ไม่มีเหตุผลที่จะอยู่
    ตายไปดีกว่า
    ถ้าไม่มีฉันทุกคน
    ไม่มีฉันทุกคนคง
    ไม่อยากตื่น`,
  ),
  ...suicide(
    "watch",
    `
    สิ้นหวัง
    ซึมเศร้า
    ไม่ไหวแล้ว
    ไร้ค่า
    ท้อแท้
    เหนื่อยกับชีวิต
    โดดเดี่ยว
    ไม่มีใครรัก
    เครียดมาก`,
  ),
];
