/**
 * When and by whom a connection was last used, as pages say it.
 *
 * @module
 */

/** The last use of one account for one service. */
export interface LastUse {
  /** Epoch ms. */
  at: number;
  /** The app's name, where it is known. */
  app?: string | undefined;
  tool?: string | undefined;
}
