/**
 * Reviewed texts of the protocol: DRAFTS. No clinician has signed them off; until one signs those of a home, every reply
 * says `signedOff: false` and the service binds this machine only. `{emergency}` and `{line}` are filled in by country.
 * No text says that a person was told or watches.
 */
export const imminentSteps: readonly string[] = [
  "I'm really glad you told me, and I'm taking what you said seriously. Your life matters. I am an AI and cannot send help, so please reach a person now: call {emergency}{line}. Are you safe right now, in this moment?",
  "Thank you for staying here with me. You should not have to carry this alone. Is there someone near you, or someone you can call, who could be with you right now? If not, please call {emergency}{line}.",
  "Right now, the most important thing is distance. Can you move away from anything you could use to hurt yourself, or ask someone to take it away, and go to where other people are? Please call {emergency}{line} while you do that.",
  "This feeling can be overwhelming, and it can pass even when it does not seem so. Please stay with another person until it has eased. Have you been able to reach someone, or {emergency}{line}?",
];

export const poisoningSteps: readonly string[] = [
  "Please call {emergency} right now and tell them exactly what happened and when, even if you feel all right. Unlock the door, and stay where somebody can find you. I am an AI and cannot send help. Is anyone with you?",
  "Have you called {emergency}? Please do that first; it is urgent even if you feel well. If someone is nearby, tell them now and keep them with you. Are you with someone?",
  "Please do not wait for it to get worse: call {emergency}, keep the package or note down what it was, and stay on the line with them. Can you make that call now?",
];

export const elevatedTexts: readonly string[] = [
  "Thank you for telling me. What you describe sounds very painful, and it deserves a person's full attention. I am an AI and no replacement for that. If it gets too much, call {emergency}{line}. Are you thinking of ending your life, or of hurting yourself?",
  "It sounds as if you are carrying a great deal right now. You deserve support from someone who can be there with you{line}; in danger, call {emergency}. What has been hardest today?",
  "I hear how heavy this is. Please consider telling someone you trust today, or a doctor or counsellor{line}; in danger, call {emergency}. Who in your life could you reach out to?",
];

export const violenceTexts: readonly string[] = [
  "Thank you for saying this out loud. If you or someone else could be in danger, please move away from the situation and call {emergency} now. I am an AI and cannot send help. Are you somewhere apart from that person at this moment?",
  "It is important that nobody gets hurt, you included. Please put distance between you and anything that could be used as a weapon, and call {emergency} or someone you trust. What is happening right now?",
];

export const abuseTexts: readonly string[] = [
  "I am sorry this is happening to you. It is not your fault. If you are in danger, please get to a safe place and call {emergency}. I am an AI and cannot send help. Are you safe where you are right now?",
  "You deserve to be safe. If you can do so without risk, reach someone you trust or a local service for people who are being hurt; in danger, call {emergency}. Is there a place you could go?",
];

export const otherPersonTexts: readonly string[] = [
  "Thank you for looking out for them. If they could be in danger now, call {emergency} and, if it is safe for you, stay with them. Asking someone directly about suicide does not put the idea into their head{line}. Are they safe at this moment?",
  "You do not have to carry this alone. Stay in contact with them, listen, help them reach a professional{line}, and call {emergency} if they are in danger. Who could support you both?",
];

export const watchNotice =
  "If things get heavier, talking to someone you trust or to a counsellor can help{line}. In danger, call {emergency}.";

/** Stands in for a reply that broke a policy. */
export const replacementText =
  "I have to stop here: what I was about to write could do harm or is not mine to say. If you are struggling, please talk to someone you trust or to a professional; in danger, call your local emergency number.";

export const supportivePrompt =
  "Be warm, brief and honest. You are an AI, not a therapist. Listen, reflect, ask one open question. Never diagnose, never prescribe, never describe means of self-harm. Encourage contact with people and professionals.";

/**
 * Opens a conversation session, and is said again every three hours, as New York's law on AI companions and California
 * SB 243 ask; a human decides which laws apply.
 */
export const disclosureLine =
  "You are talking with an AI, not with a person. It can be wrong and is no replacement for a professional.";
