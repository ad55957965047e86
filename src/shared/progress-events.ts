/** Envelope of every event of a long job: `v` schema version, `seq` gap-free from 0, `t` UTC time, `attempt` from 1. */
export type EventEnvelope = { v: 1; seq: number; t: string; run: string; attempt: number };

/** What a job reports. `type` is noun-verb (`file-scanned`); no field holds a record's text. */
export type JobEvent = { type: string } & Record<string, unknown>;

/** Gives events their envelope: one stamper a run and attempt. The clock comes in, so that tests are exact. */
export function eventStamper(options: {
  run: string;
  attempt?: number;
  clock?: () => Date;
  firstSeq?: number;
}) {
  let seq = options.firstSeq ?? 0;
  const clock = options.clock ?? (() => new Date());
  return <E extends JobEvent>(event: E): EventEnvelope & E => ({
    v: 1,
    seq: seq++,
    t: clock().toISOString(),
    run: options.run,
    attempt: options.attempt ?? 1,
    ...event,
  });
}

/** Runs a generator to its end, hands each event on, and gives the summary that `for await` would throw away. */
export async function drain<E, S>(generator: AsyncGenerator<E, S>, onEvent?: (event: E) => void): Promise<S> {
  for (;;) {
    const step = await generator.next();
    if (step.done) return step.value;
    onEvent?.(step.value);
  }
}
