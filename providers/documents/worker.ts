/**
 * Reads one file, says what it found, and ends. It is a worker's main file, without permissions.
 *
 * @module
 */

import type { DocumentTask, DocumentText } from "./document.ts";
import { startClock, thisWorker } from "./tripwire.ts";
import { Unreadable } from "./writer.ts";

// Until here it is the server's fault, and from here on the file's, if something breaks.
thisWorker.postMessage("ready");

thisWorker.onmessage = async ({ data }: MessageEvent<DocumentTask>) => {
  thisWorker.postMessage(await read(data));
  thisWorker.close();
};

async function read({ bytes, kind, maxText, ms }: DocumentTask): Promise<DocumentText> {
  const clock = startClock(ms);
  try {
    if (kind === "pdf") {
      const { readPdf } = await import("./pdf.ts");
      return await readPdf(bytes, maxText, clock);
    }
    const { readOffice } = await import("./office.ts");
    return await readOffice(bytes, maxText, clock);
  } catch (error) {
    const why = error instanceof Unreadable ? error.why : "It is damaged.";
    return { kind: "unreadable", why };
  }
}
