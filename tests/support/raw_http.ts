/**
 * HTTP as bytes, for what no client would send.
 *
 * @module
 */

/** Sends a text as it is, in pieces where it has several; returns all that comes until the end. */
export async function rawAnswer(port: string | number, ...pieces: string[]): Promise<string> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  socket.setNoDelay(true);
  for (const piece of pieces) {
    const bytes = new TextEncoder().encode(piece);
    for (let sent = 0; sent < bytes.length;) sent += await socket.write(bytes.subarray(sent));
    // The next piece goes when the other side has had time to see this one.
    await new Promise((resolve) => setTimeout(resolve));
  }
  const decoder = new TextDecoder();
  let text = "";
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const length = await socket.read(buffer).catch(() => null);
    if (length === null) return text + decoder.decode();
    text += decoder.decode(buffer.subarray(0, length), { stream: true });
  }
}
