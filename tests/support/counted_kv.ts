/**
 * A KV that says what is asked of it: each operation that goes to the database,
 * by the kinds of its keys.
 *
 * @module
 */

/** Anything of Deno's KV that the program calls. */
type Method = (...args: unknown[]) => unknown;

/** The same database, and what it was asked since the last look, in order. */
export interface CountedKv {
  kv: Deno.Kv;
  /** What was asked, such as `list connections`, and begins to count anew. */
  asked(): string[];
}

/** Counts what goes to `kv`. A list counts for each batch that it reads. */
export function countedKv(kv: Deno.Kv): CountedKv {
  let operations: string[] = [];
  const note = (what: string) => void operations.push(what);
  const counted = {
    get(key: Deno.KvKey, options?: { consistency?: Deno.KvConsistencyLevel }) {
      note(`get ${kindOf(key)}`);
      return kv.get(key, options);
    },
    getMany(keys: Deno.KvKey[], options?: { consistency?: Deno.KvConsistencyLevel }) {
      note(`get ${keys.map(kindOf).join(" + ")}`);
      return kv.getMany(keys, options);
    },
    list(selector: Deno.KvListSelector, options?: Deno.KvListOptions) {
      note(`list ${kindOf("prefix" in selector ? selector.prefix : selector.start)}`);
      return kv.list(selector, options);
    },
    atomic: () => countedCommit(kv.atomic(), note),
    watch: (keys: Deno.KvKey[]) => kv.watch(keys),
    commitVersionstamp: () => kv.commitVersionstamp(),
    close: () => kv.close(),
  };
  return {
    kv: counted as unknown as Deno.Kv,
    asked() {
      const seen = operations;
      operations = [];
      return seen;
    },
  };
}

/** A commit, by what it checks, sets and deletes. */
function countedCommit(operation: Deno.AtomicOperation, note: (what: string) => void) {
  const parts = new Set<string>();
  return new Proxy(operation, {
    get(_, verb: string) {
      const method = Reflect.get(operation, verb) as Method;
      return (...args: unknown[]) => {
        if (verb === "commit") note(`commit ${[...parts].join(", ")}`);
        else parts.add(`${verb} ${kindOf(keyOf(verb, args[0]))}`);
        return method.apply(operation, args);
      };
    },
  });
}

function keyOf(verb: string, first: unknown): Deno.KvKey {
  return verb === "check" ? (first as Deno.AtomicCheck).key : first as Deno.KvKey;
}

function kindOf([kind]: Deno.KvKey): string {
  return String(kind);
}
