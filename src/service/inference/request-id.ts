import { randomId } from "./random-id.ts";

/** A name for one request, in its answer and in the log. */
export const newRequestId = (): string => `req_${randomId()}`;
