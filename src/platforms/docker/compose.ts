import { stringify } from "yaml";
import type { RenderedFile } from "../rendered.ts";
import { imageOf } from "./dockerfiles.ts";
import type { DockerSettings } from "./schema.ts";

/** Secret with the tracker's database, `postgres://ready:PASSWORD@127.0.0.1:5432/ready`. */
export const databaseSecret = "PROGRESS_DATABASE_URL";
/** Secrets that the composition needs beside those of the settings. */
export const composeSecrets = ["POSTGRES_PASSWORD", databaseSecret];

const restart = "unless-stopped";
const hardened = {
  read_only: true,
  tmpfs: ["/tmp"],
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
};

/**
 * One GPU host: the service, PostgreSQL, Redis and the engine. The service stands in the host's network, since it binds
 * this machine only until it is signed off; the others are reached on loopback ports alone.
 */
export function composeFile(settings: DockerSettings): RenderedFile {
  const { port, gpus, secrets } = settings;
  const own = [databaseSecret, ...secrets];
  const files = [...composeSecrets, ...secrets];
  const enginePort = port === 8000 ? 8001 : 8000;
  const composition = {
    name: "training-ready",
    services: {
      service: {
        image: imageOf(settings, "inference"),
        network_mode: "host",
        command: [
          "--engine",
          `http://127.0.0.1:${enginePort}`,
          "--engine-kind",
          "llama-server",
          "--home",
          "/workspace/home",
          "--state",
          "/workspace/state",
          "--redis",
          "redis://127.0.0.1:6379",
          "--host",
          "127.0.0.1",
          "--port",
          String(port),
          "--context",
          String(settings.context),
          "--slots",
          String(settings.slots),
        ],
        healthcheck: {
          test: [
            "CMD",
            "node",
            "-e",
            `fetch('http://127.0.0.1:${port}/health').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))`,
          ],
          interval: "15s",
          timeout: "5s",
          retries: 3,
          start_period: "120s",
        },
        volumes: ["state:/workspace"],
        environment: { TRAINING_READY_PROGRESS_DATABASE: `file:/run/secrets/${databaseSecret}` },
        secrets: own,
        depends_on: {
          engine: { condition: "service_healthy" },
          postgres: { condition: "service_healthy" },
          redis: { condition: "service_healthy" },
        },
        stop_grace_period: "45s",
        restart,
        ...hardened,
      },
      engine: {
        image: settings.engine_image,
        command: [
          "--model",
          `/models/${settings.engine_model}`,
          "--host",
          "0.0.0.0",
          "--port",
          "8000",
          "--ctx-size",
          String(settings.context * settings.slots),
          "--parallel",
          String(settings.slots),
          "--cache-ram",
          "0",
          "--slots",
          "--metrics",
          ...(gpus === 0 ? [] : ["--n-gpu-layers", "999"]),
        ],
        user: "42420:42420",
        ports: [`127.0.0.1:${enginePort}:8000`],
        volumes: ["./models:/models:ro"],
        healthcheck: {
          test: ["CMD", "curl", "--fail", "--silent", "http://127.0.0.1:8000/health"],
          interval: "15s",
          timeout: "5s",
          retries: 3,
          start_period: "600s",
        },
        ...(gpus === 0
          ? {}
          : {
              deploy: {
                resources: {
                  reservations: { devices: [{ driver: "nvidia", count: gpus, capabilities: ["gpu"] }] },
                },
              },
            }),
        restart,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      },
      postgres: {
        image: settings.postgres_image,
        environment: {
          POSTGRES_USER: "ready",
          POSTGRES_DB: "ready",
          POSTGRES_PASSWORD_FILE: "/run/secrets/POSTGRES_PASSWORD",
        },
        secrets: ["POSTGRES_PASSWORD"],
        ports: ["127.0.0.1:5432:5432"],
        volumes: ["postgres:/var/lib/postgresql/data"],
        healthcheck: {
          test: ["CMD-SHELL", "pg_isready -U ready"],
          interval: "10s",
          timeout: "5s",
          retries: 5,
        },
        restart,
        security_opt: ["no-new-privileges:true"],
      },
      redis: {
        image: settings.redis_image,
        command: [
          "redis-server",
          "--save",
          "60",
          "1",
          "--appendonly",
          "yes",
          "--maxmemory-policy",
          "noeviction",
        ],
        ports: ["127.0.0.1:6379:6379"],
        volumes: ["redis:/data"],
        healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: "10s", timeout: "5s", retries: 5 },
        restart,
        security_opt: ["no-new-privileges:true"],
      },
    },
    secrets: Object.fromEntries(files.map((name) => [name, { file: `./secrets/${name}` }])),
    volumes: { state: {}, postgres: {}, redis: {} },
  };
  const text = `# Written by training-ready; settings make it anew. Secrets are files of mode 0600 in ./secrets.\n${stringify(composition, { lineWidth: 0 })}`;
  return { path: "compose.yaml", text };
}
