/**
 * Which modules a running program has loaded, as its inspector tells.
 *
 * @module
 */

/** Their addresses; `port`: the one of `--inspect`. */
export async function loadedModules(port: number): Promise<string[]> {
  const [target] = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  const modules: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: "Debugger.enable" }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    // All that were loaded before come first, and then the answer.
    if (message.method === "Debugger.scriptParsed") modules.push(message.params.url);
    if (message.id === 1) resolve();
  };
  socket.onerror = () => reject(new TypeError("Cannot reach the inspector"));
  await promise;
  const closed = new Promise((done) => socket.onclose = done);
  socket.close();
  await closed;
  return modules;
}
