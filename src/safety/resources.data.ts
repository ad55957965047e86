/** A line that people can call. `verifiedAt` stays null until a named person has called it or read its own page. */
export type Resource = {
  country: string;
  kind: "emergency" | "suicide";
  name: string;
  phone: string;
  verifiedAt: string | null;
  verifiedBy: string | null;
};

const row = (country: string, kind: Resource["kind"], name: string, phone: string): Resource => ({
  country,
  kind,
  name,
  phone,
  verifiedAt: null,
  verifiedBy: null,
});

/** Drafts from general knowledge, none verified: sign-off must check each before it is shown to people. */
export const resources: readonly Resource[] = [
  row("US", "emergency", "Emergency services", "911"),
  row("US", "suicide", "988 Suicide & Crisis Lifeline", "988"),
  row("CA", "emergency", "Emergency services", "911"),
  row("CA", "suicide", "9-8-8 Suicide Crisis Helpline", "988"),
  row("GB", "emergency", "Emergency services", "999"),
  row("GB", "suicide", "Samaritans", "116 123"),
  row("IE", "emergency", "Emergency services", "112"),
  row("IE", "suicide", "Samaritans", "116 123"),
  row("AU", "emergency", "Emergency services", "000"),
  row("AU", "suicide", "Lifeline", "13 11 14"),
  row("NZ", "emergency", "Emergency services", "111"),
  row("NZ", "suicide", "1737", "1737"),
  row("IN", "emergency", "Emergency services", "112"),
  row("IN", "suicide", "Tele-MANAS", "14416"),
  row("DE", "emergency", "Notruf", "112"),
  row("DE", "suicide", "TelefonSeelsorge", "0800 111 0 111"),
  row("FR", "emergency", "Urgences", "112"),
  row("FR", "suicide", "3114", "3114"),
  row("ES", "emergency", "Emergencias", "112"),
  row("ES", "suicide", "Línea 024", "024"),
  row("IT", "emergency", "Emergenze", "112"),
  row("IT", "suicide", "Telefono Amico", "02 2327 2327"),
  row("PT", "emergency", "Emergência", "112"),
  row("PT", "suicide", "SNS 24", "808 24 24 24"),
  row("BR", "emergency", "SAMU", "192"),
  row("BR", "suicide", "CVV", "188"),
  row("TH", "emergency", "Emergency medical services", "1669"),
  row("TH", "suicide", "Mental Health Hotline", "1323"),
];
