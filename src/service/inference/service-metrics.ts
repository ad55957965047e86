import { Metrics } from "../../inference/index.ts";
import type { Service } from "./service.ts";

/** The families that a service publishes. */
export function serviceMetrics(service: Omit<Service, "metrics">): Metrics {
  const metrics = new Metrics();
  const { keeping, engine, admission, active } = service;
  metrics.declare("inference_requests_total", "counter", "Requests by route and outcome.");
  metrics.declare("inference_request_seconds", "histogram", "Time to the end of an answer, by route.");
  metrics.declare("inference_replies_total", "counter", "Replies by risk level and what was done.");
  metrics.declare(
    "inference_unsupported_language_total",
    "counter",
    "Replies to a turn in a language that the risk screen does not know.",
  );
  metrics.declare("inference_reply_seconds", "histogram", "Time to the end of a reply.");
  metrics.declare("inference_first_text_seconds", "histogram", "Time to a reply's first text.");
  metrics.declare("inference_tokens_total", "counter", "Tokens by kind: prompt, reused, completion.");
  metrics.declare("inference_replays_total", "counter", "Replies given again for an Idempotency-Key.");
  metrics.declare("inference_guard_total", "counter", "Turns by what the guard model said of them.");
  metrics.declare("inference_guard_readings_total", "counter", "Readings of replies by what the guard said.");
  metrics.declare("inference_shed_total", "counter", "Requests refused since the event loop was late.");
  metrics.gauge(
    "inference_loop_delay_seconds",
    "Delay of the event loop, 99th percentile.",
    () => service.loopDelayMs() / 1000,
    "most",
  );
  metrics.gauge("inference_active_replies", "Replies that are being made.", () => active.size);
  metrics.gauge("inference_queued_requests", "Requests that wait for a slot.", () => admission.queued);
  metrics.gauge(
    "inference_engine_ready",
    "1 if the engine is ready.",
    () => (engine.state() === "ready" ? 1 : 0),
    "least",
  );
  metrics.gauge(
    "inference_engine_zombies",
    "Cancelled requests that the engine works on all the same.",
    () => engine.zombies,
  );
  metrics.gauge(
    "inference_redis_down",
    "1 while limits are not shared over Redis.",
    () => (service.shared?.status().isUp === false ? 1 : 0),
    "most",
  );
  metrics.gauge(
    "inference_store_down",
    "1 while the store takes no writes.",
    () => (keeping.trail?.isDown() === true ? 1 : 0),
    "most",
  );
  metrics.gauge(
    "inference_emergency_notes",
    "Risk notes that had to wait outside the store.",
    () => keeping.trail?.counts.emergency ?? 0,
  );
  metrics.gauge(
    "inference_outbox_waiting",
    "Turns and detections that the tracker has not taken yet.",
    () => keeping.handOver?.waiting() ?? 0,
    "most", // all processes look at one outbox
  );
  return metrics;
}
