/** Small words by which a language is told; the first eight are those whose phrases the screen knows. */
export const smallWords: Readonly<Record<string, string>> = {
  en: "the a an and or but if of to in on at for with from by is are was were be been am i me my mine you your he him his she her it its we us our they them their this that these those not no do does did dont doesnt have has had can cant could will would should im ive its just so what when how why who where there here all some any very too more about up out now then than because as like get got go want need know think feel please thanks yes hi hello",
  fr: "le la les un une des du de et ou mais si dans sur pour avec par est sont suis etait je tu il elle on nous vous ils elles me te se mon ma mes ton ta son sa ses ce cette ca cela que qui quoi ne pas plus rien jamais tout tous tres ai as a avons avez ont fait faire peux veux au aux en y quand comment pourquoi parce comme bien",
  de: "der die das ein eine einen einem einer und oder aber wenn in auf fur mit von zu zum zur ist sind war bin bist ich du er sie es wir ihr mich mir dich dir sich mein meine dein seine ihre nicht kein keine nichts mehr auch noch schon nur sehr was wie warum wer wo habe hast hat haben kann will muss weil dass immer alles nie",
  es: "el la los las un una y o pero si en de del con por para es son soy estoy esta era yo tu el ella nosotros ellos me te se mi mis su sus que quien como cuando donde porque no nada nunca mas muy todo todos ya lo le les al ha he hay tengo quiero puedo hacer asi sin",
  it: "il lo la i gli le un uno una e o ma se in di del della con per da dal a al e sono sei ho hai ha io tu lui lei noi voi loro mi ti si mio mia suo sua che chi come quando dove perche non niente mai piu molto tutto tutti gia ci ne questo questa voglio posso fare cosi senza",
  pt: "o a os as um uma e ou mas se em no na nos nas de do da dos das com por para e sao sou estou esta era eu tu ele ela nos eles me te meu minha seu sua que quem como quando onde porque nao nada nunca mais muito tudo todos ja ao ha tenho quero posso fazer assim sem voce",
  hi: "hai hain hoon hun main mai mera meri mere mujhe tum aap kya kyun nahi nahin mat ka ki ke ko se mein par aur ya lekin bhi hi toh to tha thi the raha rahi kar karna hota ho gaya koi kuch sab bahut ab",
  nl: "ik niet het een van je dat wil meer voor mijn zijn heb naar ook maar geen kan met wat er nog zo aan bij dit hij zij wij ze we op te om als dan moet ben hebben worden deze",
  pl: "nie sie jest na w z do ze to jak ja ty mi mnie moj moja moje co ale juz tylko bardzo mam chce moge po przez dla od tak czy bo kiedy nic ich jego jestem",
  tr: "bir ve bu da de icin ben sen o ne cok daha ama degil var yok gibi kadar bana beni benim seni her sey artik nasil neden mi mu istiyorum",
  sv: "jag och att det som en ett inte ar pa av for med den till har de om sa men kan vill mig min mitt du han hon vi inte mer nar hur vad alla bara",
  da: "jeg og at det som en et ikke er pa af for med den til har de om sa men kan vil mig min mit du han hun vi mere nar hvordan hvad alle bare",
  fi: "ja on ei se etta mina sina han olen oli mutta kun niin jos mita miten miksi en minun enaa ole vain kaikki myos tama hyvin",
  ro: "si nu este sunt in la cu pe de din pentru eu tu el ea noi ma mi te se ce cum cand unde mai foarte tot dar sa am ai are vreau pot",
  cs: "a je na se ze to v s do jsem neni ale jak co my ty on ona mi me muj moje jen uz by tak kdyz protoze nic chci mam",
  hu: "a az es nem van hogy egy meg de csak mar mint en te mi ki ez ha vagy nagyon minden szeretnek vagyok sem el",
  id: "saya aku kamu dia kami kita mereka yang dan di ke dari untuk tidak bukan ini itu ada dengan akan sudah belum bisa ingin mau lagi sangat juga karena apa",
  vi: "toi ban la khong co cua va nhung mot cho voi trong nay do da dang se duoc nguoi muon rat cung gi nao tai sao em anh chi",
  tl: "ako ikaw siya kami tayo sila ang ng sa na ay at hindi wala may kung para pero lang naman din rin po ko mo niya gusto",
  sw: "mimi wewe yeye sisi wao na ya wa kwa ni si katika hii hiyo kama lakini sana yangu yako nataka kuwa",
};
export const supportedLanguages = ["en", "fr", "de", "es", "it", "pt", "hi", "th"] as const;

/**
 * Words for suicide, or for killing oneself, in languages that the screen does not read; a beginning ends in `~`. Such a
 * word alone counts as watch: what is said about it is not understood.
 */
export const suicideElsewhere: readonly string[] =
  "zelfmoord~ suicid~ sjalvmord~ självmord~ selvmord~ selbstmord~ itsemurh~ samoboj~ samobój~ sebevra~ sebevraž~ samovra~ samoubo~ intihar~ öngyilk~ ongyilk~ sinucid~ sinucig~ самоуб~ самогуб~ суицид~ суїцид~ αυτοκτον~ התאבד~ להתאבד انتحار~ الانتحار خودکشی~ خودکُشی 自殺~ 自杀~ 자살~ আত্মহত্যা~ தற்கொலை~ ఆత్మహత్య~ ആത്മഹത്യ~ ಆತ್ಮಹತ್ಯೆ~ ਖੁਦਕੁਸ਼ੀ~ આત્મહત્યા~ आत्महत्या~ bunuhdiri magpakamatay~ magpapakamatay~ kujiua~ enesetap~ pašnāv~ savižud~".split(
    " ",
  );
