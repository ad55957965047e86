// Synthetic sentences and names of many origins, written before the rules of that day were run on them. Nobody is meant.
export const freshNames =
  "Ngozi Eze|Wojciech Wrobel|Ayse Demir|Thandiwe Nkosi|Sigrun Thorvaldsdottir|Dmitri Volkov|Parisa Hosseini|Haruka Tanabe|Rajesh Iyer|Lakshmi Nair|Abebe Tesfaye|Gulnara Akhmetova|Marit Solberg|Teuvo Laine|Ioana Popescu|Zsofia Kertesz|Oisin Gallagher|Niamh Byrne|Tomasz Lis|Sanele Zulu|Chidi Okafor|Fatou Diallo|Leilani Kealoha|Bilal Rehman|Xiulan Zhao|Kerstin Lindqvist|Hyunwoo Baek|Nadezhda Sokolova|Itziar Etxeberria|Anouk Verhoeven|Tariq Mansour|Jelena Petrovic".split(
    "|",
  );

export const freshSentences = [
  "Yesterday {first} came over and we made soup.",
  "{first} and I have been friends since school.",
  "My neighbour {first} keeps knocking at night.",
  "I can't stop thinking about {first}.",
  "Do you think {first} will ever change?",
  "{first} says that I worry too much.",
  "The landlord, {full}, wants the flat back.",
  "There was a message from {first} this morning.",
  "If {first} finds out, I'm finished.",
  "I want {first} to hear it from me.",
  "It's because of {first} that I started therapy.",
  "We named the baby {first}.",
  "Thank you, {first}, for asking.",
  "Signed, {full}",
  "I live with {first} and two dogs.",
  "Without {first} the house feels empty.",
  "In the end {full} signed the papers.",
  "{first}'s lawyer rang twice.",
  "So I rang {first} at midnight and hung up.",
  "The children miss {first} and ask when she comes back.",
] as const;

/** Capitals that are no person's name. */
export const freshTraps = [
  "I take Zoloft and Lamictal every morning.",
  "We flew with Ryanair from Gatwick at six.",
  "I watch Netflix on my Samsung until two.",
  "The Tesco on the corner was closed, so we went to Lidl.",
  "Is Buddhism compatible with Stoicism, do you think?",
  "On Sundays the Anglican church is full.",
  "He plays Zelda and Minecraft all night.",
  "My Toyota broke down near the Costco yesterday.",
  "She studies Portuguese and Swahili at Leeds.",
  "At work they use Slack and Trello for everything.",
  "I read about the Holocaust and could not sleep.",
  "He voted Labour and I voted Tory, imagine.",
  "The Wi-Fi in the Airbnb was awful.",
  "We had Thai food and then a bottle of Rioja.",
  "My mother swears by Reiki and I prefer Pilates.",
  "It was like something out of Kafka or Orwell.",
  "Then Ramadan came and I felt better.",
  "I drive a Skoda and dream of a Porsche.",
  "She wants Botox and I want a Labrador.",
  "Is Seroquel stronger than Abilify at night?",
  "The Guardian said that Heathrow was shut.",
  "I grew up with Lego, Pokemon and Nintendo.",
  "We met on Bumble, then moved to Signal.",
  "Have you tried Headspace or the Calm app?",
] as const;
