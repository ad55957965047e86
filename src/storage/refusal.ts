// Amazon refuses a signature that is more than a quarter of an hour off.
const mostSkewMs = 15 * 60_000;

/** What to do about a refusal by 401 or 403: the clock, where the server's time tells, else the credentials. */
export function refusalHint(response: Response, now: number = Date.now()): { hint?: string } {
  if (response.status !== 401 && response.status !== 403) return {};
  const skew = now - Date.parse(response.headers.get("date") ?? "");
  if (Math.abs(skew) > mostSkewMs) {
    const minutes = Math.round(Math.abs(skew) / 60_000);
    return {
      hint: `This machine's clock is ${minutes} minutes ${skew > 0 ? "ahead of" : "behind"} the server's: set it right, a signature holds for 15 minutes.`,
    };
  }
  return { hint: "Check the credentials: they are missing, wrong or have run out." };
}
