/**
 * Much to do, some of it at a time.
 *
 * @module
 */

/** Does `work` for each item, for so many at a time; rejects with the first that fails. */
export async function sideBySide<T>(
  items: Iterable<T> | AsyncIterable<T>,
  atATime: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = Symbol.asyncIterator in items
    ? items[Symbol.asyncIterator]()
    : items[Symbol.iterator]();
  const worker = async () => {
    for (let next = await left.next(); !next.done; next = await left.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
