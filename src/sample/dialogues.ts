import { seededRandom } from "./random.ts";

const openings = [
  "Lately",
  "For some weeks now",
  "Since the summer",
  "Most evenings",
  "After what happened at work",
  "Ever since we moved",
  "On days like this",
  "Since my exams",
];
const situations = [
  "I lie awake and go over every conversation",
  "I put things off until it is too late",
  "I snap at people who only want to help",
  "I cannot enjoy what I used to enjoy",
  "I feel watched whenever I enter a room",
  "I cancel plans at the last minute",
  "I count my mistakes instead of sheep",
  "I miss my grandmother more than I can say",
  "I check my messages again and again",
  "I eat alone so that nobody asks questions",
  "I worry that my friends have had enough of me",
  "I feel tired before the day has begun",
];
const details = [
  "My sister says that I have changed.",
  "I have not told anybody yet.",
  "It is worst on Sundays.",
  "I used to be the calm one.",
  "Nobody at home has noticed.",
  "I tried running, and it helped a little.",
  "I keep thinking that others manage better.",
  "I would like to understand it.",
];
const reflections = [
  "That sounds heavy to carry on your own.",
  "You have been holding this for a while.",
  "It makes sense that this wears you out.",
  "I hear how much you want this to be different.",
  "Thank you for putting it into words.",
  "There is a lot of effort in what you describe.",
  "You notice it clearly, and that is a beginning.",
  "It seems that part of you is worn out and part of you keeps going.",
];
const thoughts = [
  "Thoughts at night often speak louder than they would at noon.",
  "Many people meet the same worry and seldom speak of it.",
  "A feeling can be true without being the whole story.",
  "Small steps count, even those that nobody sees.",
  "Being hard on yourself may once have kept you safe.",
  "Grief has no timetable, and it does not ask for permission.",
  "Avoiding something brings relief today and makes it larger tomorrow.",
  "Rest is not a prize that has to be earned first.",
];
const questions = [
  "When did you last have an hour in which it was lighter?",
  "What would you say to a friend who told you this?",
  "Which small part of it could we look at first?",
  "Who would you like to know about this?",
  "What happens in your body just before it begins?",
  "What would tomorrow look like if it were one step easier?",
  "What has helped before, even a little?",
  "How would you notice that things are getting better?",
];

/**
 * Synthetic dialogues in ChatML, one a line: put together by a seeded generator from the sentences above. Nobody said
 * them. The same seed and count give the same bytes.
 */
export function syntheticDialogues(seed: number, count: number): string {
  const random = seededRandom(`dialogues ${seed}`);
  const lines: string[] = [];
  const seen = new Set<string>();
  while (lines.length < count) {
    const pick = (list: readonly string[]): string => random.pick(list);
    const user = `${pick(openings)} ${pick(situations)}. ${pick(details)}`;
    const assistant = `${pick(reflections)} ${pick(thoughts)} ${pick(questions)}`;
    if (seen.has(user) || seen.has(assistant)) continue;
    seen.add(user).add(assistant);
    lines.push(
      JSON.stringify({
        messages: [
          { role: "user", content: user },
          { role: "assistant", content: assistant },
        ],
        synthetic: true,
      }),
    );
  }
  return `${lines.join("\n")}\n`;
}
