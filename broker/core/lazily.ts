/**
 * What is made when it is first asked for: a start waits for nothing that the
 * first request does not need.
 *
 * @module
 */

/** Makes it once; who asks again gets the same. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What is made in time. */
export interface Lazy<T> {
  /**
   * Who asks while it is being made waits for the same. Where that fails, all of them hear of it,
   * and whoever asks next has it tried again.
   */
  (): Promise<T>;
  /** It, where it is there already. */
  readonly made: T | undefined;
}

/** Loads or makes something at first use, such as a part of the program by `import()`. */
export function lazily<T>(make: () => Promise<T>): Lazy<T> {
  let coming: Promise<T> | undefined;
  let made: T | undefined;
  const ask = () =>
    coming ??= make().then((value) => made = value).catch((error) => {
      coming = undefined;
      throw error;
    });
  return Object.defineProperty(ask, "made", { get: () => made }) as Lazy<T>;
}

/**
 * A part of the program that is loaded at first use, with its type:
 * `part<typeof import(…)>(import(… as string))`. Not a bare literal: Deno would read
 * what stands behind that, and all that it imports, at every start (seen with 2.9.6, November 2026:
 * 40 ms for the providers alone, none of which was run).
 */
export function part<T>(loading: Promise<T>): Promise<T> {
  return loading;
}
