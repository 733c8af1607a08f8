/**
 * Google Drive with what its emulator lacks: copies, new content, places, and who has access. It
 * keeps what it is told, answers as www.googleapis.com does, and refuses what Google refuses.
 *
 * @module
 */

import { google } from "../../providers/google/google.ts";
import { answeredBy, type Json } from "./api.ts";

const APPS = "application/vnd.google-apps.";
const ME = "ana@example.com";

/** How it differs from the usual. */
interface DriveOptions {
  me?: string;
  now?: () => string;
  details?: (file: Json) => Json;
}

/** What happened to it, and what it holds. */
export class DriveDouble {
  readonly files = new Map<string, Json>();
  readonly asked: string[] = [];
  /** Called before each request is answered: something that happens in between. */
  before: (request: Request) => void = () => {};
  /** Files that the app did not make; with `drive.file` alone it may not change them. */
  readonly foreign = new Set<string>();
  /** Ids of permissions that stay as they are when they are deleted: a folder gives the same. */
  readonly lasting = new Set<string>();
  readonly #me: string;
  readonly #now: () => string;
  /** What Google tells of a file beside what it was told. */
  readonly #details: (file: Json) => Json;
  #revision = 0;

  constructor({ me = ME, now, details = () => ({}) }: DriveOptions = {}) {
    this.#me = me;
    this.#now = now ??
      (() => `2026-11-20T10:00:${String(this.#revision).padStart(2, "0")}.000Z`);
    this.#details = details;
  }

  /** Puts a file there; it is the person's own. */
  add(file: Json): Json {
    this.#revision += 1;
    const id = file.id ?? `new_${this.#revision}`;
    const whole = {
      name: "Untitled",
      mimeType: "text/plain",
      parents: ["top"],
      modifiedTime: this.#now(),
      content: "",
      permissions: [{ id: "p_me", type: "user", role: "owner", emailAddress: this.#me }],
      ...file,
      id,
    };
    if (!whole.mimeType.startsWith(APPS)) whole.headRevisionId = `r${this.#revision}`;
    this.files.set(id, whole);
    return whole;
  }

  /** A client of it, of one call. */
  get api() {
    return answeredBy(google, this.answer);
  }

  readonly answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const { method } = request;
    this.before(request);
    this.asked.push(`${method} ${url.pathname}`);
    if (url.searchParams.get("supportsAllDrives") !== "true" && !url.pathname.endsWith("/export")) {
      return refusal(404, "notFound", "Shared drives are not supported by this request.");
    }
    const [id, part, permission] = url.pathname.replace(/^(\/upload)?\/drive\/v3\/files\/?/, "")
      .split("/").map(decodeURIComponent);
    if (!id) {
      return method === "GET"
        ? this.#list(url)
        : Response.json(this.#shown(this.add(await this.#sent(request))));
    }
    const file = id === "root" ? this.files.get("top") : this.files.get(id);
    if (file === undefined) return refusal(404, "notFound", `File not found: ${id}.`);
    if (method !== "GET" && this.foreign.has(id)) {
      const message = `The user has not granted the app 123 write access to the file ${id}.`;
      return refusal(403, "appNotAuthorizedToFile", message);
    }
    if (part === "permissions") return await this.#permissions(file, permission, request);
    if (part === "export") return new Response(file.content);
    if (part === "copy") {
      const body = await request.json();
      const copy = { ...file, name: `Copy of ${file.name}`, ...body, id: undefined };
      return Response.json(this.#shown(this.add(copy)));
    }
    if (method === "GET") {
      return url.searchParams.get("alt") === "media"
        ? new Response(file.content)
        : Response.json(this.#shown(file));
    }
    return Response.json(this.#shown(this.#change(file, url, await this.#sent(request))));
  };

  async #sent(request: Request): Promise<Json> {
    const type = request.headers.get("Content-Type") ?? "";
    const boundary = /boundary=(\S+)/.exec(type)?.[1];
    if (boundary === undefined) return await request.json();
    const [, metadata = "", media = ""] = (await request.text()).split(`--${boundary}`);
    const [head = "", ...rest] = media.replace(/^\r\n/, "").replace(/\r\n$/, "").split("\r\n\r\n");
    return {
      ...JSON.parse(metadata.split("\r\n\r\n")[1]!),
      content: rest.join("\r\n\r\n"),
      sentAs: /Content-Type: ([^;\r]+)/.exec(head)?.[1],
    };
  }

  #shown({ content, permissions: _permissions, sentAs: _as, ...file }: Json): Json {
    return { ...file, ...this.#details({ ...file, content }) };
  }

  #change(file: Json, url: URL, sent: Json): Json {
    const list = (name: string) => url.searchParams.get(name)?.split(",") ?? [];
    const parents = [
      ...file.parents.filter((one: string) => !list("removeParents").includes(one)),
      ...list("addParents"),
    ];
    const changed = this.add({ ...file, modifiedTime: this.#now(), ...sent, parents });
    return changed;
  }

  #list(url: URL): Response {
    const terms = (url.searchParams.get("q") ?? "").split(" and ");
    const found = [...this.files.values()].filter((file) =>
      terms.every((term) => holds(term, file))
    );
    if (url.searchParams.get("orderBy") === "modifiedTime desc") {
      found.sort((a, b) => Date.parse(b.modifiedTime) - Date.parse(a.modifiedTime));
    }
    const from = Number(url.searchParams.get("pageToken") ?? 0);
    const to = from + Number(url.searchParams.get("pageSize") ?? 100);
    return Response.json({
      files: found.slice(from, to).map((file) => this.#shown(file)),
      ...(to < found.length ? { nextPageToken: String(to) } : {}),
    });
  }

  async #permissions(file: Json, id: string | undefined, request: Request): Promise<Response> {
    const { method } = request;
    const found = file.permissions.find((one: Json) => one.id === id);
    if (id !== undefined && found === undefined) {
      return refusal(404, "notFound", `Permission not found: ${id}.`);
    }
    if (method === "GET") {
      return Response.json(id === undefined ? { permissions: file.permissions } : found);
    }
    if (method === "POST") {
      this.#revision += 1;
      const sent = await request.json();
      if (sent.emailAddress?.endsWith("@outside.example")) {
        const message = "The administrator of example.com does not allow this.";
        return refusal(403, "shareOutNotPermitted", message);
      }
      const made = { id: `p_${this.#revision}`, ...sent };
      file.permissions.push(made);
      return Response.json(made);
    }
    if (method === "PATCH") {
      Object.assign(found, await request.json());
      return Response.json(found);
    }
    if (!this.lasting.has(found.id)) {
      file.permissions = file.permissions.filter((one: Json) => one !== found);
    }
    return new Response(null, { status: 204 });
  }
}

/** Whether a file is what one term of a search asks for. */
function holds(term: string, file: Json): boolean {
  if (term.startsWith("(")) return term.slice(1, -1).split(" or ").some((one) => holds(one, file));
  const value = /'(.*)'/.exec(term)?.[1]?.replaceAll(/\\(.)/g, "$1") ?? "";
  const has = (text: unknown) => String(text).toLowerCase().includes(value.toLowerCase());
  if (term.startsWith("name = ")) return file.name === value;
  if (term.startsWith("name contains ")) return has(file.name);
  if (term.startsWith("fullText contains ")) return has(file.name) || has(file.content);
  if (term.startsWith("mimeType = ")) return file.mimeType === value;
  if (term.startsWith("mimeType contains ")) return file.mimeType.includes(value);
  if (term.endsWith(" in parents")) return file.parents.includes(value);
  const [, flag = "", is] = /^(trashed|starred|sharedWithMe) = (true|false)$/.exec(term) ?? [];
  return flag === "" || String(Boolean(file[flag])) === is;
}

function refusal(status: number, reason: string, message: string): Response {
  return Response.json({ error: { code: status, message, errors: [{ reason }] } }, { status });
}
