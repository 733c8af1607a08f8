/**
 * Errors that are answers: they say all there is to say, and nobody looks for
 * the place where they were thrown. Making a real one gathers that, which takes
 * longer than most of what a call does beside it, also where no line of it is
 * wanted (seen with Deno 2.9, November 2026).
 *
 * @module
 */

/** An error by what it is and does, `instanceof` included, and without a stack. */
export class StacklessError implements Error {
  readonly name: string;
  readonly message: string;
  declare readonly cause?: unknown;

  constructor(name: string, message: string, options?: ErrorOptions) {
    this.name = name;
    this.message = message;
    if (options !== undefined && "cause" in options) this.cause = options.cause;
  }

  static {
    Reflect.setPrototypeOf(this.prototype, Error.prototype);
  }
}
