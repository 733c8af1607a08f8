/**
 * A signed-in person's page: what is connected, who has access, tokens,
 * snippets to paste.
 *
 * @module
 */

import type { ConnectionView } from "../../../broker/broker.ts";
import { type AccessProps, Clients, PersonalTokens, Snippets } from "./dashboard_access.tsx";
import { Form } from "./dashboard_places.tsx";
import { render } from "../../http/page/layout.tsx";

/** What the page shows. */
export interface DashboardProps extends AccessProps {
  label: string;
  publicUrl: string;
  services: { name: string; title: string; provider: string }[];
  connections: ConnectionView[];
  /** A new personal token, shown this once. */
  newToken?: string | undefined;
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
                  {saidOf(status)}
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
      {connections.map(({ provider, account, label, services, status }) => (
        <div class="row" key={`${provider} ${account}`}>
          <p class="soft">
            {label}: {services.length === 0 && status !== "active"
              ? `${provider}${saidOf(status)}`
              : services.join(", ")}
          </p>
          <Form action="/dashboard/disconnect" token={formToken} fields={{ provider, account }}>
            <button type="submit" class="small quiet">Disconnect</button>
          </Form>
        </div>
      ))}
    </section>
  );
}

/** What is to be said of a connection beside its name. */
function saidOf(status: ConnectionView["status"]): string {
  switch (status) {
    case "active":
      return "";
    case "reauthorization_required":
      return " – must be connected again";
    case "moved":
      return " – moved to another server";
  }
}
