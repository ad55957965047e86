// Sentences of the offline templates, written for this project. What they make says generator "template": it is there
// to try the way out without a model and is no substitute for text with a mind behind it.

export const openings = [
  "I keep coming back to the same thing: {problem}. {detail}",
  "It is about {problem}. {detail}",
  "I nearly cancelled today. There is {problem}, and {detail}",
  "My week was ruled by {problem}. {detail}",
  "Since you asked: {problem}. {detail}",
];

export const details = [
  "I notice it most when the house gets quiet.",
  "Others tell me to relax, which makes it worse.",
  "I plan around it as if it were weather.",
  "On Tuesday it took up the whole afternoon.",
  "I have not told my family about it yet.",
  "It started small and now it decides what I do.",
  "By the evening I am worn out from hiding it.",
  "I laughed it off at work and then sat in the car for a while.",
];

export const receptions = [
  "Thank you for saying it so plainly. What goes through your mind in that moment?",
  "That sounds tiring to carry. Where in your body do you feel it first?",
  "I can hear how much effort this takes. What did you do the last time it came?",
  "That makes sense given the week you had. What would a slightly easier day look like?",
  "I am glad you came all the same. What matters most to you in all this?",
];

export const answers = [
  "Mostly the thought that I will not cope, and then my stomach tightens.",
  "I tell myself that everyone can see it, and I go quiet.",
  "I get busy with something useless until it fades.",
  "I would like one evening that belongs to me again.",
  "I think I am afraid that it says something about who I am.",
  "My shoulders go up and I stop listening to people.",
];

export const practices: Readonly<Record<"cbt" | "dbt" | "act" | "emdr", readonly string[]>> = {
  cbt: [
    "Let us write that thought down and look for what speaks for it and what speaks against it, as a thought record does.",
    "Shall we plan a small behavioural experiment: predict what will happen, try it once, and compare?",
    "This may be one of those thinking traps where only the worst reading counts. What other reading fits the facts?",
  ],
  dbt: [
    "When it peaks, try a distress tolerance skill first: cold water on the wrists and a slow breath out, then decide.",
    "Your feeling makes sense, and you could test opposite action: go towards the door instead of away, for five minutes.",
    "Let us do a chain analysis: what came just before the urge, and what came before that?",
  ],
  act: [
    "Try saying: I notice the thought that I will not cope. That is cognitive defusion; the thought can be there and you can still choose.",
    "If that feeling may sit in the room with us for a minute, what would your values have you do next?",
    "Name one committed action for this week that is small and yours, whatever the feeling does.",
  ],
  emdr: [
    "Before we touch the memory, let us practise a calm place exercise, so that you can return to it at any time.",
    "Which picture stands for the worst part, and what does it make you believe about yourself? In EMDR that is our target memory.",
    "Notice what comes after this short set of bilateral stimulation; we stop whenever you raise a hand.",
  ],
};

export const steps = [
  "Could you try that once before we meet again and note what you observe?",
  "Would it be all right to start with the smallest version of it?",
  "What might get in the way, and what would help you then?",
  "Who could you tell about this plan, so that you are not alone with it?",
];

export const agreements = [
  "Once, yes. I will write it on the back of my calendar.",
  "The small version I can do. The big one scares me.",
  "My neighbour knows me well; I could tell her.",
  "I do not believe in it yet, but I will try it on Thursday.",
];

export const closings = [
  "That is enough for today. Next time we look at what you noticed, whichever way it went.",
  "Good. Trying counts, not how it turns out.",
  "Then we have a plan that is yours. Be as patient with yourself as you would be with a friend.",
];

export const safetyReplies = [
  "Thank you for telling me; that took courage, and I take it seriously. Are you safe right now, and is anything near you that you could use to hurt yourself or someone else? If the danger is close, please call your local emergency number or a crisis line at once. Who could be with you in the next hours?",
  "I am staying with this, because your safety comes before anything else we planned. Are you in danger at this moment? Emergency services and a crisis line can be reached at any hour, and someone you trust can sit with you while you call. What would help you to get through tonight?",
];

export const steadyReplies = [
  "Let us slow down here. You are in this room, with your feet on the floor; can you name three things that you see? Are you safe where you are? Then we take one small step, and you decide the pace.",
  "I am glad that you brought this and not only the easy part. Before anything else: are you safe at home today? If so, let us look at one thing that would make tomorrow a little steadier, and whom you could ask for help.",
];
