/**
 * Who has access: apps, personal tokens, and what to paste into a new one.
 *
 * @module
 */

import type { GrantView } from "../../../gateway/gateway.ts";
import { shownDate } from "../../http/page/dates.ts";
import { ServiceBoxes } from "../../http/page/fields.tsx";
import { Form, lastUse, Places, TurnedAway } from "./dashboard_places.tsx";

/** What these sections show. */
export interface AccessProps {
  grants: GrantView[];
  /** What a personal token may be for. */
  allowable: { name: string; title: string }[];
  formToken: string;
  now: number;
}

export function Clients({ grants, formToken, now }: AccessProps) {
  const clients = grants.filter(({ clientId }) => clientId !== undefined);
  return (
    <section>
      <h2>Apps with access</h2>
      {clients.length === 0 && <p class="soft">None yet. Paste the address below into one.</p>}
      {clients.map((grant) => (
        <GrantRow key={grant.id} grant={grant} formToken={formToken} now={now} />
      ))}
    </section>
  );
}

export function PersonalTokens({ grants, allowable, formToken, now }: AccessProps) {
  const tokens = grants.filter(({ clientId }) => clientId === undefined);
  return (
    <section>
      <h2>Personal tokens</h2>
      <p class="soft">For voice agents and scripts that can only send a fixed header.</p>
      {tokens.map((grant) => (
        <GrantRow key={grant.id} grant={grant} formToken={formToken} now={now} />
      ))}
      <Form action="/dashboard/tokens" token={formToken} fields={{}}>
        <label>
          Name <input name="name" required maxlength={80} placeholder="Kitchen speaker" />
        </label>
        <ServiceBoxes services={allowable} />
        <label>
          <input type="checkbox" name="read_only" value="yes" /> Read only
        </label>
        <button type="submit">Make a token</button>
      </Form>
    </section>
  );
}

function GrantRow({ grant, formToken, now }: { grant: GrantView; formToken: string; now: number }) {
  const { id, name, scopes, usedAt, endsAt } = grant;
  return (
    <>
      <div class="row">
        <div>
          <strong>{name}</strong>
          <p class="soft">{scopes.join(", ")} · {lastUse(usedAt, now)} · {endOf(endsAt, now)}</p>
        </div>
        <Form action="/dashboard/grants/end" token={formToken} fields={{ id }}>
          <button type="submit" class="small quiet">Revoke</button>
        </Form>
      </div>
      <Places grant={grant} formToken={formToken} now={now} />
      <TurnedAway grant={grant} now={now} />
    </>
  );
}

function endOf(endsAt: number, now: number): string {
  const day = shownDate(endsAt);
  return endsAt <= now ? `ended on ${day}` : `ends on ${day} if it is not used`;
}

export function Snippets({ publicUrl }: { publicUrl: string }) {
  const config = { mcpServers: { switchboard: { url: `${publicUrl}/mcp` } } };
  return (
    <section>
      <h2>Add it to your app</h2>
      <p>Claude, ChatGPT, Cursor, VS Code: paste this address and sign in.</p>
      <p>
        <code>{publicUrl}/mcp</code>
      </p>
      <p class="soft">Cursor’s mcp.json:</p>
      <pre>{JSON.stringify(config, null, 2)}</pre>
      <p class="soft">A voice agent sends this header:</p>
      <pre>Authorization: Bearer sb_pat_…</pre>
    </section>
  );
}
