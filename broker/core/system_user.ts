/**
 * Users of the machine, as whom local upstreams may run: what runs as the
 * gateway's own user reads the gateway's environment, memory and files.
 *
 * @module
 */

/** A user of the machine. */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

/** The users that this process can start others as. */
export interface SystemUsers {
  /** Whose process this is, as a number. */
  own: number;
  /** By name, or by number as a text. */
  find(nameOrNumber: string): SystemUser | undefined;
}

/** What is started. */
export interface ProcessSpec {
  command: string;
  args: string[];
  /** Of its own; it inherits where programs are and whose it is, and nothing else. */
  env: Record<string, string>;
  /** Absent: the gateway's own. */
  user?: SystemUser | undefined;
  /** What it may keep in memory, in MB; absent where there is no limit. */
  memoryMb?: number | undefined;
}

/** A process that was started. */
export interface StartedProcess {
  input: WritableStream<Uint8Array>;
  output: ReadableStream<Uint8Array>;
  /** Its standard error. Somebody must read it: a process whose pipe is full stands still. */
  errors: ReadableStream<Uint8Array>;
  /** Resolves when it has ended, however that was. */
  ended: Promise<void>;
  /** Ends it: politely, then by force. Resolves when it has ended. */
  end(): Promise<void>;
}

/** Starts a process. @throws where the command or the user does not exist, or no limit can be set. */
export type StartProcess = (spec: ProcessSpec) => StartedProcess;

/**
 * The users of a text like `/etc/passwd` (passwd(5)). A number that stands
 * nowhere is a user as well: containers have such, with the group of the same
 * number and no home.
 */
export function usersOf(passwd: string, own: number): SystemUsers {
  const users = passwd.split("\n").flatMap((line): SystemUser[] => {
    const [name = "", , uid = "", gid = "", , home = ""] = line.split(":");
    if (name === "" || !isNumber(uid) || !isNumber(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home: home || "/" }];
  });
  return {
    own,
    find(nameOrNumber) {
      const found = users.find(({ name, uid }) =>
        name === nameOrNumber || String(uid) === nameOrNumber
      );
      if (found !== undefined || !isNumber(nameOrNumber)) return found;
      const uid = Number(nameOrNumber);
      return { name: nameOrNumber, uid, gid: uid, home: "/" };
    },
  };
}

/** Below 2^32 - 1, which means "nobody in particular" to the system: the user stays as it is. */
function isNumber(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 - 1;
}
