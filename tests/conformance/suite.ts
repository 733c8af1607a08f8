/**
 * The public MCP conformance suite as a child process. It is an npm program
 * for Node 22 or later (it imports `globSync` from `fs`, which Node 20 has
 * not); Deno runs the same package, so that nothing else need be installed.
 * It runs in an empty folder: near a `package.json` it takes that for its own.
 *
 * @module
 */

const SUITE = "npm:@modelcontextprotocol/conformance@0.2.0-alpha.12";
/** Past this, something hangs. */
const DEADLINE_MS = 5 * 60_000;

/** A client scenario, with the start of a gateway. */
const CLIENT_MS = 60_000;
const CONFIG = fromFileUrl("../../deno.json");
const DRIVER = fromFileUrl("client_driver.ts");

/** One line of a scenario's result, as the suite writes it. */
export interface Check {
  id: string;
  status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  errorMessage?: string;
}

/** What a scenario found. */
export interface Outcome {
  scenario: string;
  checks: Check[];
}

/** The suite, in a folder of its own. */
export class Suite implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<Suite> {
    return new Suite(await Deno.makeTempDir({ prefix: "conformance_" }));
  }

  /** The names of the scenarios for servers. */
  async serverScenarios(): Promise<string[]> {
    const { output } = await this.#run(["list", "--server"], () => {});
    return [...output.matchAll(/^ +- (\S+)/gm)].map(([, name = ""]) => name);
  }

  /** All server scenarios of a revision of the protocol. */
  server(url: string, revision: string): Promise<Outcome[]> {
    const folder = `${this.#folder}/server-${revision}`;
    return this.#outcomes(["server", "--url", url, "--requirements", revision], folder, () => {});
  }

  /** The scenarios for authorization servers; `open` gets the URL for the person. */
  authorization(
    { issuer, clientId, resource, port, open }: {
      issuer: string;
      clientId: string;
      resource: string;
      port: number;
      open: (url: string) => void;
    },
  ): Promise<Outcome[]> {
    const args = ["--url", issuer, "--client-id", clientId, "--resource", resource];
    const folder = `${this.#folder}/authorization`;
    return this.#outcomes(["authorization", ...args, "--port", `${port}`], folder, (line) => {
      if (line.startsWith(`${issuer}/oauth/authorize?`)) open(line.trim());
    });
  }

  /** The names of the scenarios for clients that a revision requires, or runs beside those. */
  async clientScenarios(revision: string): Promise<string[]> {
    const { output } = await this.#run(["list", "--client", "--requirements", revision], () => {});
    const [, ofClients = ""] = /^Client scenarios(.*?)^Run and reported/ms.exec(output) ?? [];
    const required = [...ofClients.matchAll(/^ +- (\S+)$/gm)];
    const beside = [...output.matchAll(/^ +- (\S+) \[client\]$/gm)];
    return [...required, ...beside].map(([, name = ""]) => name);
  }

  /**
   * A scenario for clients. The client is a program that the suite starts, with the URL of its own
   * server. One at a time: the suite would start all of them at once, and each starts a gateway.
   */
  client(scenario: string, revision: string): Promise<Outcome[]> {
    const chosen = ["--scenario", scenario, "--spec-version", revision];
    const folder = `${this.#folder}/client-${revision}-${scenario.replaceAll("/", "-")}`;
    const command = [Deno.execPath(), "run", "-A", "--quiet", `--config=${CONFIG}`, DRIVER];
    const args = ["client", "--command", command.join(" "), "--timeout", `${CLIENT_MS}`];
    return this.#outcomes([...args, ...chosen], folder, () => {});
  }

  async #outcomes(
    args: string[],
    folder: string,
    onLine: (line: string) => void,
  ): Promise<Outcome[]> {
    const { output } = await this.#run([...args, "--output-dir", folder], onLine);
    const found: Outcome[] = [];
    for (const name of await foldersWith("checks.json", folder)) {
      const checks = JSON.parse(await Deno.readTextFile(`${folder}/${name}/checks.json`));
      // <kind>-<scenario>-<time>, a client's without its kind and in folders: auth/<scenario>-<time>
      const pattern = /^(?:authorization-server-|server-)?(.*?)-\d{4}-\d{2}-\d{2}T/;
      const [, scenario = name] = pattern.exec(name) ?? [];
      found.push({ scenario, checks });
    }
    if (found.length === 0) throw new Error(`The suite wrote no results. It said:\n${output}`);
    return found.sort((a, b) => a.scenario.localeCompare(b.scenario));
  }

  /** Its exit status says nothing: scenarios that do not apply fail, too. */
  async #run(args: string[], onLine: (line: string) => void): Promise<{ output: string }> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--no-lock", "--quiet", "-A", SUITE, ...args],
      cwd: this.#folder,
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(args[0] === "client" ? 2 * CLIENT_MS : DEADLINE_MS),
    }).spawn();
    const errors = new Response(child.stderr).text();
    let output = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const started = output.lastIndexOf("\n") + 1;
      output += text;
      for (const line of output.slice(started).split("\n").slice(0, -1)) onLine(line);
    }
    await child.status;
    return { output: output + await errors };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** The folders below one in which a file stands. */
async function foldersWith(file: string, folder: string, at = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${at}`)) {
    if (isDirectory) found.push(...await foldersWith(file, folder, `${at}${name}/`));
    else if (name === file) found.push(at.slice(0, -1));
  }
  return found;
}

/** The path of a file beside this one. */
function fromFileUrl(file: string): string {
  return decodeURIComponent(new URL(file, import.meta.url).pathname);
}
