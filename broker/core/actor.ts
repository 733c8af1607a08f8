/**
 * Who acts in a request. Not the same as the subject, whom it is for: an app
 * acts for its users, an MCP client for the person who allowed it.
 *
 * @module
 */

import type { Subject } from "./subject.ts";

/** Who acts. */
export interface Actor {
  /**
   * `app`: a backend with its API key; `client`: an MCP client, or whoever holds
   * a personal token or a session token; `person`: somebody signed in in a browser; `operator`:
   * whoever runs the program.
   */
  kind: "app" | "client" | "person" | "operator";
  /** The name of the API key, the id of the grant or session token, the subject of the session, or `stdio`. */
  id: string;
  /** As people know it, where that is not its id: the grant's name, whose session token it is. */
  name?: string | undefined;
  /** The only accounts that it may use, by id or label; absent: all. */
  accounts?: string[] | undefined;
}

/** What every request says: whom it is for, and who makes it. */
export interface Acting {
  subject: Subject;
  actor: Actor;
}

/** The app behind an API key's name. */
export function appActor(realm: string): Actor {
  return { kind: "app", id: realm };
}

/** A person who is signed in. */
export function personActor(subject: Subject): Actor {
  return { kind: "person", id: subject };
}
