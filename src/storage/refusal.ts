import { TrainingReadyError } from "../shared/index.ts";

// Amazon refuses a signature that is more than a quarter of an hour off.
const mostSkewMs = 15 * 60_000;
const mostBody = 16 * 1024;
// S3 answers these by 400, as it answers calls that are wrong in themselves ("Error responses", API reference).
const runOut = new Set(["ExpiredToken", "InvalidToken", "TokenRefreshRequired", "RequestExpired"]);

/** What an answer that is no success means; its body is read, or let go. */
export type Refusal = {
  status: number;
  /** Asking again later may help. */
  isTransient: boolean;
  /** The one who asks is not let in. */
  isDenied: boolean;
  said: string;
  hint?: string;
};

/** What to do about a refusal by credentials: the clock, where the server's time tells, else renewing them. */
function deniedHint(response: Response, now: number): string {
  const skew = now - Date.parse(response.headers.get("date") ?? "");
  if (Math.abs(skew) > mostSkewMs) {
    const minutes = Math.round(Math.abs(skew) / 60_000);
    return `This machine's clock is ${minutes} minutes ${skew > 0 ? "ahead of" : "behind"} the server's: set it right, a signature holds for 15 minutes.`;
  }
  return "Check the credentials: they are missing, wrong or have run out. Then run the command again; what is finished is kept.";
}

/** The code in an error document of S3. */
async function codeOf(response: Response): Promise<string | undefined> {
  const length = Number(response.headers.get("content-length") ?? mostBody);
  if (response.body === null || length > mostBody) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text().catch(() => "");
  return /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1];
}

/** Reads an answer that is no success. `isSigned`: the request said who asks. */
export async function readRefusal(
  response: Response,
  isSigned: boolean,
  now: number = Date.now(),
): Promise<Refusal> {
  const { status } = response;
  const code = await codeOf(response);
  // To HEAD comes no body: S3 then answers credentials that ran out by a mere 400.
  const isDenied =
    status === 401 ||
    status === 403 ||
    (status === 400 && (code === undefined ? isSigned && response.body === null : runOut.has(code)));
  const isTransient = status === 408 || status === 429 || status >= 500 || code === "RequestTimeout";
  const said = `the server answered ${status}${code === undefined || status === 404 ? "" : ` (${code})`}`;
  return { status, isTransient, isDenied, said, ...(isDenied ? { hint: deniedHint(response, now) } : {}) };
}

/** The error of a place that lets nobody in with these credentials. */
export const deniedError = (url: URL, refusal: Refusal): TrainingReadyError =>
  new TrainingReadyError("E_DATA_REFUSED", `${url.origin}${url.pathname}: ${refusal.said}`, {
    exitCode: 1,
    ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
  });
