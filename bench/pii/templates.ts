// Synthetic sentences with slots for personal data. Nobody is meant.

/** Names that are common in English lists. */
export const listedNames =
  "Anna Miller|Jessica Brown|Michael Johnson|Daniel Wilson|Sarah Davis|Kevin Moore|Laura Taylor|Brian Anderson|Emily Clark|Steven Lewis|Rachel Walker|Jason Hall|Megan Allen|Andrew Wright|Nicole Scott|Timothy Green".split(
    "|",
  );

/** Names of other origins, of which English lists know few. */
export const otherNames =
  "Oluwaseun Adeyemi|Zbigniew Kowalczyk|Thuy Nguyenova|Bjarte Haukeland|Xiomara Quispe|Farrukh Yusupov|Nkechi Obiora|Gintaras Petrauskas|Sunniva Brekke|Yerlan Abenov|Tuulikki Rantanen|Hrafnhildur Jonsdottir|Mbali Dlamini|Anahit Sargsyan|Siobhra Nicanna|Keoni Kahale".split(
    "|",
  );

export const templates = {
  usual: [
    "My name is {full} and I have not slept for a week.",
    "Hello, I'm {first}. It is about my mother.",
    "My husband {first} does not talk to me since March.",
    "Dr. {last} said that it would pass.",
    "Please write to {email} when you have a place for me.",
    "You can call me at {phone} after six.",
    "I was born on {date} and I still dream of that house.",
    "I live in {city} with two cats.",
    "We moved to {city} after the flood.",
    "Their address is {street}, the white door.",
    "My social security number is {ssn}, is that needed?",
    "They charged my card {card} twice.",
    "The transfer went to {iban} by mistake.",
    "The message came from {ip} at night.",
    "My routing number is {routing} if you need it.",
    "My NHS number is {nhs}, says the letter.",
    "The NPI {npi} is on the bill.",
    "My grandmother is {age} years old and sharp as ever.",
    "She told me her zip code {postcode} on the phone.",
    "The claim number is {record} and nobody answers.",
    "I read it on {url} last night.",
    "My sister {first} and I fight about the house, and {first} never calls.",
    "Best wishes,\n{full}",
    "I told {first} that I am leaving.",
  ],
  hard: [
    "my name is {lower} and i am tired",
    "{first} again, same trouble as last week.",
    "It was always {first} who decided, never me.",
    "Only {full} knows what happened.",
    "text me on {mobile} please",
    "Born {date}, moved twice, married once.",
    "We met in {city} in the rain.",
    "The parcel goes to {street} as always.",
    "It is {ssn} by the way.",
    "{email}",
  ],
} as const;

/** Sentences without personal data, full of words that are names elsewhere. */
export const traps = [
  "Will you hope for the best in May, or will April be too early?",
  "Grace and Joy are words that I like; Faith is another.",
  "Mark the date, bill the client, and rob no one of hope.",
  "In August the roses bloom and Dawn comes early.",
  "The Christian holidays are hard; Easter most of all.",
  "I scored 9 of 10 and then 12 of 27 on the PHQ in week 3.",
  "Take 2 breaths, count to 100, and repeat it 3 times at 18:30.",
  "Cognitive Behavioral Therapy, EMDR and DBT are three methods.",
  "My anxiety went from 80 to 45 percent in 2019.",
  "Call 988 or 911 when you are in danger; 1-800-273-8255 worked as well.",
  "The Hunter, the Mason and the Cook: a tale from the 1990s.",
  "God knows that Chase is a bank and Grant a kind of money.",
  "I paid 1,200 dollars for 24 sessions at 50 each.",
  "Version 10.4.2 of the app froze on page 35.",
  "Robin and Jay are birds; Heather grows on the moor.",
  "He is 35 years old and she is 41.",
  "On Monday, Wednesday and Friday I walk 10,000 steps.",
  "Miss the bus once and the whole Summer is ruined.",
  "Rich people, Frank words, Pat answers: none of it helped.",
  "Drew a picture, Sue them all, Art heals.",
] as const;
