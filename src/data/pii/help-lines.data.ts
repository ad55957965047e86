/** Hosts of public help lines: kept, because a reply that names them must stay usable. A clinician must sign this off. */
export const helpLineHosts: ReadonlySet<string> = new Set([
  "988lifeline.org",
  "suicidepreventionlifeline.org",
  "crisistextline.org",
  "samaritans.org",
  "befrienders.org",
  "findahelpline.com",
  "rainn.org",
  "thehotline.org",
  "loveisrespect.org",
  "thetrevorproject.org",
  "translifeline.org",
  "nami.org",
  "samhsa.gov",
  "findtreatment.gov",
  "childhelp.org",
  "veteranscrisisline.net",
  "nationaleatingdisorders.org",
  "aa.org",
  "na.org",
]);

/** Short numbers of help lines, digits only. */
export const helpLineNumbers: ReadonlySet<string> = new Set([
  "988",
  "911",
  "112",
  "999",
  "116123",
  "741741",
  "211",
]);
