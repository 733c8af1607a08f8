/**
 * A signed-in person's page: what is connected, who has access, tokens,
 * snippets to paste.
 *
 * @module
 */

import type { ConnectionView } from "../../broker/connections.ts";
import type { Grant } from "../../broker/types.ts";
import { render } from "./layout.tsx";

/** What the page shows. */
export interface DashboardProps {
  label: string;
  publicUrl: string;
  services: { name: string; title: string; provider: string }[];
  /** What a personal token may be for. */
  allowable: { name: string; title: string }[];
  connections: ConnectionView[];
  grants: Grant[];
  formToken: string;
  /** A new personal token, shown this once. */
  newToken?: string;
  now: number;
}

/** The page as HTML. */
export function dashboardPage(props: DashboardProps): string {
  return render(
    "Switchboard",
    <>
      <h1>Switchboard</h1>
      <p class="soft">Signed in as {props.label}</p>
      {props.newToken !== undefined && <NewToken token={props.newToken} />}
      <Services {...props} />
      <Clients {...props} />
      <PersonalTokens {...props} />
      <Snippets publicUrl={props.publicUrl} />
      <Form action="/sign-out" token={props.formToken} fields={{}}>
        <button type="submit" class="quiet">Sign out</button>
        <button type="submit" class="quiet" name="everywhere" value="yes">
          Sign out everywhere
        </button>
      </Form>
    </>,
  );
}

function Form(props: {
  action: string;
  token: string;
  fields: Record<string, string>;
  // deno-lint-ignore no-explicit-any -- hono's own type for children
  children?: any;
}) {
  return (
    <form method="post" action={props.action}>
      <input type="hidden" name="form_token" value={props.token} />
      {Object.entries(props.fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {props.children}
    </form>
  );
}

function NewToken({ token }: { token: string }) {
  return (
    <section class="note">
      <h2>Your new token</h2>
      <p>Copy it now. It is not shown again.</p>
      <p>
        <code id="new-token">{token}</code>
      </p>
    </section>
  );
}

function Services({ services, connections, formToken }: DashboardProps) {
  return (
    <section>
      <h2>Services</h2>
      {services.map(({ name, title }) => {
        const accounts = connections.filter((connection) => connection.services.includes(name));
        return (
          <div class="row" key={name}>
            <div>
              <strong>{title}</strong>
              {accounts.map(({ label, status, account }) => (
                <p class="soft" key={account}>
                  {label}
                  {status === "active" ? "" : " – must be connected again"}
                </p>
              ))}
            </div>
            <Form action="/dashboard/connect" token={formToken} fields={{ service: name }}>
              <button type="submit" class="small">
                {accounts.length === 0 ? "Connect" : "Connect again"}
              </button>
            </Form>
          </div>
        );
      })}
      {connections.map(({ provider, account, label, services }) => (
        <div class="row" key={`${provider} ${account}`}>
          <p class="soft">{label}: {services.join(", ")}</p>
          <Form action="/dashboard/disconnect" token={formToken} fields={{ provider, account }}>
            <button type="submit" class="small quiet">Disconnect</button>
          </Form>
        </div>
      ))}
    </section>
  );
}

function Clients({ grants, formToken, now }: DashboardProps) {
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

function PersonalTokens({ grants, allowable, formToken, now }: DashboardProps) {
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
        <fieldset>
          <legend>Services</legend>
          {allowable.map(({ name, title }) => (
            <label key={name}>
              <input type="checkbox" name="service" value={name} checked /> {title}
            </label>
          ))}
        </fieldset>
        <label>
          <input type="checkbox" name="read_only" value="yes" /> Read only
        </label>
        <button type="submit">Make a token</button>
      </Form>
    </section>
  );
}

function GrantRow({ grant, formToken, now }: { grant: Grant; formToken: string; now: number }) {
  const { id, name, scopes, usedAt } = grant;
  return (
    <div class="row">
      <div>
        <strong>{name}</strong>
        <p class="soft">{scopes.join(", ")} · {lastUse(usedAt, now)}</p>
      </div>
      <Form action="/dashboard/grants/end" token={formToken} fields={{ id }}>
        <button type="submit" class="small quiet">Revoke</button>
      </Form>
    </div>
  );
}

function lastUse(usedAt: number | undefined, now: number): string {
  if (usedAt === undefined) return "never used";
  const hours = Math.floor((now - usedAt) / 3_600_000);
  if (hours < 1) return "used within the hour";
  return hours < 48 ? `used ${hours} hours ago` : `used ${Math.floor(hours / 24)} days ago`;
}

function Snippets({ publicUrl }: { publicUrl: string }) {
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
