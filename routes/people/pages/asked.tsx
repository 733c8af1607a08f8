/**
 * What every page behind a link says first: who asks, for whom, for what, and
 * where.
 *
 * @module
 */

/** What is asked, in words. */
export interface AskedProps {
  /** The app that asks; absent where a signed-in person connects for themselves. */
  app?: string | undefined;
  userId: string;
  /** What the app asks: "asks to use your Google account for its user". */
  asks: string;
  /** After "will be able to": "do all that you can do there."; a list follows a colon. */
  can: string;
  /** The list. */
  shares: string[];
  /** The account that it is about, where it is one that is connected already. */
  account?: { of: string; label: string; then: string } | undefined;
  /** Where at the provider it leads, as far as that is known. */
  where: [title: string, value: string][];
}

/** The first part of such a page. */
export function Asked({ app, userId, asks, can, shares, account, where }: AskedProps) {
  return (
    <>
      <p>
        {app === undefined
          ? (
            <>
              You are signed in as <strong>{userId}</strong>. Your tools will be able to{can}
            </>
          )
          : (
            <>
              The app <strong>{app}</strong> {asks}{" "}
              <strong>{userId}</strong>. It will be able to{can}
            </>
          )}
      </p>
      {shares.length > 0 && (
        <ul>
          {shares.map((share) => <li key={share}>{share}</li>)}
        </ul>
      )}
      {account !== undefined && (
        <p>
          This is about your {account.of} account <strong>{account.label}</strong>: {account.then}
        </p>
      )}
      {where.map(([what, value]) => (
        <p key={what}>
          {what}: <strong>{value}</strong>
        </p>
      ))}
    </>
  );
}
