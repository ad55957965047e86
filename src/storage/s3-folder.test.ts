import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { s3Folder } from "./s3-folder.ts";

let close: (() => void) | undefined;
afterEach(() => {
  close?.();
  vi.unstubAllEnvs();
});

async function serve(answer: RequestListener): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_ENDPOINT_URL_S3", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

describe("a prefix of a bucket", () => {
  it("tells a store that heeds conditions from one that does not", async () => {
    let heeds = false;
    const met: string[] = [];
    await serve((request, response) => {
      const { "if-match": match, "if-none-match": none } = request.headers;
      met.push(match === undefined ? `none ${none}` : "match");
      response.writeHead(heeds ? 412 : 200).end();
    });
    const folder = s3Folder("s3://data/set");
    expect(await folder.heedsConditions("a", "text", undefined)).toBe(false);
    heeds = true;
    expect(await folder.heedsConditions("a", "text", { text: "", tag: '"1"' })).toBe(true);
    expect(met).toEqual(["none *", "match"]);
  });

  it("takes a pointer that was removed or replaced meanwhile for a change", async () => {
    for (const status of [404, 412]) {
      await serve((request, response) => {
        if (request.method === "PUT") response.writeHead(status).end();
        else
          response.writeHead(status === 404 ? 404 : 200, { etag: '"2"', "content-length": 5 }).end("other");
      });
      await expect(
        s3Folder("s3://data/set").replacePointer("CURRENT", "own", { text: "", tag: '"1"' }),
      ).rejects.toMatchObject({ code: "E_DATA_REMOTE_CHANGED" });
      close?.();
    }
  });
});
