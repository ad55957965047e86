import type { SafetyTexts } from "./configuration.ts";

/**
 * The protocol's texts in other languages: DRAFTS, translated by no clinician and reviewed by none; what stands in
 * protocol-texts.data.ts on drafts holds for them too. A locale without texts gets English, and the reply says so.
 */
export const draftLanguages: Readonly<Record<string, SafetyTexts>> = {
  de: {
    disclosure:
      "Du sprichst mit einer KI, nicht mit einem Menschen. Sie kann sich irren und ersetzt keine Fachperson.",
    imminent: [
      "Ich bin froh, dass du mir das sagst, und ich nehme es ernst. Dein Leben zählt. Ich bin eine KI und kann keine Hilfe schicken; bitte sprich jetzt mit einem Menschen: Ruf {emergency}{line} an. Bist du gerade in Sicherheit?",
      "Danke, dass du hier bei mir bleibst. Du musst das nicht allein tragen. Ist jemand in deiner Nähe, oder kannst du jemanden anrufen, der jetzt bei dir sein kann? Wenn nicht, ruf bitte {emergency}{line} an.",
      "Das Wichtigste ist jetzt Abstand. Kannst du weggehen von allem, womit du dich verletzen könntest, oder jemanden bitten, es wegzunehmen, und dorthin gehen, wo andere Menschen sind? Ruf dabei bitte {emergency}{line} an.",
      "Dieses Gefühl kann überwältigend sein, und es kann vorübergehen, auch wenn es nicht danach aussieht. Bleib bitte bei einem anderen Menschen, bis es nachlässt. Hast du jemanden erreicht, oder {emergency}{line}?",
    ],
    poisoning: [
      "Ruf bitte jetzt sofort {emergency} an und sag genau, was passiert ist und wann, auch wenn du dich gut fühlst. Schließ die Tür auf und bleib, wo man dich finden kann. Ich bin eine KI und kann keine Hilfe schicken. Ist jemand bei dir?",
      "Hast du {emergency} angerufen? Bitte tu das zuerst; es eilt, auch wenn es dir gut geht. Wenn jemand in der Nähe ist, sag es jetzt und bitte darum zu bleiben. Bist du mit jemandem zusammen?",
      "Warte bitte nicht, bis es schlimmer wird: Ruf {emergency} an, heb die Packung auf oder schreib auf, was es war, und bleib am Telefon. Kannst du jetzt anrufen?",
    ],
    elevated: [
      "Danke, dass du mir das sagst. Was du beschreibst, klingt sehr schmerzhaft und verdient die volle Aufmerksamkeit eines Menschen. Ich bin eine KI und kann das nicht ersetzen. Wenn es zu viel wird, ruf {emergency}{line} an. Denkst du daran, dir das Leben zu nehmen oder dir etwas anzutun?",
      "Das klingt, als trügest du gerade sehr viel. Du verdienst die Hilfe von jemandem, der bei dir sein kann{line}; bei Gefahr ruf {emergency} an. Was war heute am schwersten?",
      "Ich höre, wie schwer das ist. Bitte überleg, ob du heute mit einem Menschen sprichst, dem du vertraust, oder mit einer Ärztin oder einem Berater{line}; bei Gefahr ruf {emergency} an. An wen könntest du dich wenden?",
    ],
    violence: [
      "Danke, dass du das aussprichst. Wenn du oder jemand anders in Gefahr sein könnte, geh bitte weg von dort und ruf jetzt {emergency} an. Ich bin eine KI und kann keine Hilfe schicken. Bist du gerade getrennt von dieser Person?",
      "Es ist wichtig, dass niemand verletzt wird, auch du nicht. Bitte bring Abstand zwischen dich und alles, was eine Waffe sein könnte, und ruf {emergency} oder jemanden an, dem du vertraust. Was geschieht gerade?",
    ],
    abuse: [
      "Es tut mir leid, dass dir das geschieht. Es ist nicht deine Schuld. Wenn du in Gefahr bist, geh bitte an einen sicheren Ort und ruf {emergency} an. Ich bin eine KI und kann keine Hilfe schicken. Bist du dort, wo du bist, in Sicherheit?",
      "Du verdienst es, sicher zu sein. Wenn es ohne Gefahr geht, wende dich an jemanden, dem du vertraust, oder an eine Stelle für Menschen, die verletzt werden; bei Gefahr ruf {emergency} an. Gibt es einen Ort, an den du gehen könntest?",
    ],
    other_person: [
      "Danke, dass du dich um diesen Menschen kümmerst. Wenn jetzt Gefahr bestehen könnte, ruf {emergency} an und bleib, wenn es für dich sicher ist. Offen nach Suizid zu fragen bringt niemanden auf den Gedanken{line}. Ist die Person gerade in Sicherheit?",
      "Du musst das nicht allein tragen. Bleib in Kontakt, hör zu, hilf dabei, eine Fachperson zu erreichen{line}, und ruf bei Gefahr {emergency} an. Wer könnte euch beide unterstützen?",
    ],
    watch_line:
      "Wenn es schwerer wird, kann es helfen, mit einem Menschen, dem du vertraust, oder einer Beratung zu sprechen{line}. Bei Gefahr ruf {emergency} an.",
    emergency_words: "die örtliche Notrufnummer",
    or_words: "oder",
    replacement:
      "Hier muss ich aufhören: Was ich schreiben wollte, könnte schaden oder steht mir nicht zu. Wenn es dir schlecht geht, sprich bitte mit jemandem, dem du vertraust, oder mit einer Fachperson; bei Gefahr ruf die örtliche Notrufnummer an.",
    supportive_prompt:
      "Sei warm, kurz und ehrlich. Du bist eine KI, kein Therapeut. Hör zu, spiegle, stell eine offene Frage. Stell nie Diagnosen, verschreib nichts, beschreib nie Mittel zur Selbstverletzung. Ermutige zum Kontakt mit Menschen und Fachleuten.",
  },
  es: {
    disclosure:
      "Estás hablando con una IA, no con una persona. Puede equivocarse y no sustituye a un profesional.",
    imminent: [
      "Me alegra mucho que me lo hayas contado, y me lo tomo en serio. Tu vida importa. Soy una IA y no puedo enviar ayuda; por favor, habla ahora con una persona: llama al {emergency}{line}. ¿Estás a salvo en este momento?",
      "Gracias por quedarte aquí conmigo. No tienes que llevar esto a solas. ¿Hay alguien cerca, o alguien a quien puedas llamar, que pueda estar contigo ahora? Si no, llama por favor al {emergency}{line}.",
      "Ahora lo más importante es la distancia. ¿Puedes alejarte de todo lo que podrías usar para hacerte daño, o pedir a alguien que se lo lleve, e ir donde haya otras personas? Por favor, llama al {emergency}{line} mientras lo haces.",
      "Este sentimiento puede ser abrumador, y puede pasar aunque no lo parezca. Por favor, quédate con otra persona hasta que se calme. ¿Has podido hablar con alguien, o con el {emergency}{line}?",
    ],
    poisoning: [
      "Por favor, llama ahora mismo al {emergency} y di exactamente qué ha pasado y cuándo, aunque te sientas bien. Abre la puerta y quédate donde puedan encontrarte. Soy una IA y no puedo enviar ayuda. ¿Hay alguien contigo?",
      "¿Has llamado al {emergency}? Por favor, hazlo primero; es urgente aunque te sientas bien. Si hay alguien cerca, díselo ahora y que se quede contigo. ¿Estás con alguien?",
      "Por favor, no esperes a que empeore: llama al {emergency}, guarda el envase o apunta qué era, y no cuelgues. ¿Puedes hacer esa llamada ahora?",
    ],
    elevated: [
      "Gracias por contármelo. Lo que describes suena muy doloroso y merece toda la atención de una persona. Soy una IA y no puedo sustituirla. Si se hace demasiado, llama al {emergency}{line}. ¿Estás pensando en quitarte la vida o en hacerte daño?",
      "Parece que llevas mucho encima ahora mismo. Mereces el apoyo de alguien que pueda estar contigo{line}; si hay peligro, llama al {emergency}. ¿Qué ha sido lo más difícil hoy?",
      "Noto lo pesado que es esto. Por favor, piensa en contárselo hoy a alguien de confianza, o a un médico o terapeuta{line}; si hay peligro, llama al {emergency}. ¿A quién podrías acudir?",
    ],
    violence: [
      "Gracias por decirlo en voz alta. Si tú u otra persona podéis estar en peligro, aléjate de la situación y llama ahora al {emergency}. Soy una IA y no puedo enviar ayuda. ¿Estás lejos de esa persona en este momento?",
      "Es importante que nadie salga herido, tú tampoco. Por favor, pon distancia con todo lo que pueda servir de arma y llama al {emergency} o a alguien de confianza. ¿Qué está pasando ahora?",
    ],
    abuse: [
      "Siento que te esté pasando esto. No es culpa tuya. Si estás en peligro, ve por favor a un lugar seguro y llama al {emergency}. Soy una IA y no puedo enviar ayuda. ¿Estás a salvo donde estás ahora?",
      "Mereces estar a salvo. Si puedes hacerlo sin riesgo, habla con alguien de confianza o con un servicio local para personas maltratadas; si hay peligro, llama al {emergency}. ¿Hay algún lugar al que puedas ir?",
    ],
    other_person: [
      "Gracias por cuidar de esa persona. Si puede estar en peligro ahora, llama al {emergency} y, si es seguro para ti, quédate a su lado. Preguntar directamente por el suicidio no mete la idea en la cabeza{line}. ¿Está a salvo en este momento?",
      "No tienes que llevar esto a solas. Mantén el contacto, escucha, ayúdale a llegar a un profesional{line} y llama al {emergency} si hay peligro. ¿Quién podría apoyaros a los dos?",
    ],
    watch_line:
      "Si todo se hace más pesado, hablar con alguien de confianza o con un profesional puede ayudar{line}. Si hay peligro, llama al {emergency}.",
    emergency_words: "número de emergencias de tu zona",
    or_words: "o",
    replacement:
      "Tengo que parar aquí: lo que iba a escribir podría hacer daño o no me corresponde. Si lo estás pasando mal, habla por favor con alguien de confianza o con un profesional; si hay peligro, llama al número de emergencias de tu zona.",
    supportive_prompt:
      "Sé cálido, breve y honesto. Eres una IA, no un terapeuta. Escucha, refleja, haz una pregunta abierta. Nunca diagnostiques, nunca recetes, nunca describas medios para hacerse daño. Anima al contacto con personas y profesionales.",
  },
  fr: {
    disclosure:
      "Vous parlez avec une IA, pas avec une personne. Elle peut se tromper et ne remplace pas un professionnel.",
    imminent: [
      "Je suis content que vous me l'ayez dit, et je le prends au sérieux. Votre vie compte. Je suis une IA et ne peux pas envoyer de secours ; parlez tout de suite à une personne : appelez le {emergency}{line}. Êtes-vous en sécurité en ce moment ?",
      "Merci de rester ici avec moi. Vous n'avez pas à porter cela seul. Y a-t-il quelqu'un près de vous, ou quelqu'un à appeler, qui pourrait être avec vous maintenant ? Sinon, appelez le {emergency}{line}.",
      "En ce moment, le plus important est la distance. Pouvez-vous vous éloigner de tout ce qui pourrait servir à vous faire du mal, ou demander à quelqu'un de l'enlever, et aller là où il y a d'autres personnes ? Appelez le {emergency}{line} en même temps.",
      "Ce sentiment peut être écrasant, et il peut passer même quand on n'y croit pas. Restez avec une autre personne jusqu'à ce qu'il s'apaise. Avez-vous pu joindre quelqu'un, ou le {emergency}{line} ?",
    ],
    poisoning: [
      "Appelez tout de suite le {emergency} et dites exactement ce qui s'est passé et quand, même si vous vous sentez bien. Déverrouillez la porte et restez où l'on peut vous trouver. Je suis une IA et ne peux pas envoyer de secours. Y a-t-il quelqu'un avec vous ?",
      "Avez-vous appelé le {emergency} ? Faites-le d'abord ; c'est urgent même si vous vous sentez bien. Si quelqu'un est proche, dites-le-lui maintenant et gardez-le près de vous. Êtes-vous avec quelqu'un ?",
      "N'attendez pas que cela s'aggrave : appelez le {emergency}, gardez l'emballage ou notez ce que c'était, et restez en ligne. Pouvez-vous appeler maintenant ?",
    ],
    elevated: [
      "Merci de me le dire. Ce que vous décrivez semble très douloureux et mérite toute l'attention d'une personne. Je suis une IA et ne peux pas la remplacer. Si c'est trop, appelez le {emergency}{line}. Pensez-vous à mettre fin à vos jours ou à vous faire du mal ?",
      "On dirait que vous portez beaucoup en ce moment. Vous méritez le soutien de quelqu'un qui puisse être là{line} ; en cas de danger, appelez le {emergency}. Qu'est-ce qui a été le plus dur aujourd'hui ?",
      "J'entends combien c'est lourd. Pensez à en parler aujourd'hui à une personne de confiance, à un médecin ou à un thérapeute{line} ; en cas de danger, appelez le {emergency}. Vers qui pourriez-vous vous tourner ?",
    ],
    violence: [
      "Merci de l'avoir dit. Si vous ou quelqu'un d'autre pouvez être en danger, éloignez-vous de la situation et appelez le {emergency} maintenant. Je suis une IA et ne peux pas envoyer de secours. Êtes-vous à l'écart de cette personne en ce moment ?",
      "Il est important que personne ne soit blessé, vous compris. Mettez de la distance avec tout ce qui pourrait servir d'arme, et appelez le {emergency} ou une personne de confiance. Que se passe-t-il en ce moment ?",
    ],
    abuse: [
      "Je suis désolé que cela vous arrive. Ce n'est pas votre faute. Si vous êtes en danger, allez dans un lieu sûr et appelez le {emergency}. Je suis une IA et ne peux pas envoyer de secours. Êtes-vous en sécurité là où vous êtes ?",
      "Vous méritez d'être en sécurité. Si c'est possible sans risque, parlez à une personne de confiance ou à un service local pour les personnes maltraitées ; en cas de danger, appelez le {emergency}. Y a-t-il un endroit où vous pourriez aller ?",
    ],
    other_person: [
      "Merci de veiller sur cette personne. Si elle peut être en danger maintenant, appelez le {emergency} et, si c'est sans risque pour vous, restez avec elle. Parler ouvertement du suicide n'en donne pas l'idée{line}. Est-elle en sécurité en ce moment ?",
      "Vous n'avez pas à porter cela seul. Gardez le contact, écoutez, aidez-la à joindre un professionnel{line}, et appelez le {emergency} en cas de danger. Qui pourrait vous soutenir tous les deux ?",
    ],
    watch_line:
      "Si cela devient plus lourd, parler à une personne de confiance ou à un professionnel peut aider{line}. En cas de danger, appelez le {emergency}.",
    emergency_words: "numéro d'urgence local",
    or_words: "ou",
    replacement:
      "Je dois m'arrêter ici : ce que j'allais écrire pourrait nuire ou n'est pas à moi de le dire. Si vous allez mal, parlez à une personne de confiance ou à un professionnel ; en cas de danger, appelez le numéro d'urgence local.",
    supportive_prompt:
      "Sois chaleureux, bref et honnête. Tu es une IA, pas un thérapeute. Écoute, reformule, pose une question ouverte. Ne pose jamais de diagnostic, ne prescris rien, ne décris jamais de moyens de se faire du mal. Encourage le contact avec des personnes et des professionnels.",
  },
};
