/**
 * PDFs in Chinese, Japanese and Korean may leave it to their reader which characters their numbers
 * stand for, by the name of a table. The tables come with the library, a file each.
 *
 * @module
 */

/** The folder of the tables; nothing where packages are not kept as files. */
export function characterTables(): URL | undefined {
  const table = URL.parse(import.meta.resolve("pdfjs-dist/cmaps/90ms-RKSJ-H.bcmap"));
  return table?.protocol === "file:" ? new URL("./", table) : undefined;
}

/** As the library asks for what it has in files of its own; of these only the tables are there. */
export class CharacterTables {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    // The name stands in the file that is read.
    const folder = kind === "cMapUrl" ? characterTables() : undefined;
    if (folder === undefined || !/^[\w-]{1,64}\.bcmap$/.test(filename)) {
      throw new Error("there is no such table");
    }
    return await Deno.readFile(new URL(filename, folder));
  }
}
