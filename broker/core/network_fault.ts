/**
 * Why another machine could not be reached, in own words: what the runtime
 * says of it quotes the address, which may hold a secret.
 *
 * @module
 */

/** What stood in the way, and what to do. */
export interface NetworkFault {
  /** The end of a sentence that begins with the other machine. */
  why: string;
  cure: string;
}

const BY_WORDS: [words: RegExp, fault: NetworkFault][] = [
  [
    /dns error|failed to lookup|name or service not known|nodename nor servname|no such host|ENOTFOUND/i,
    {
      why: "has a host name that nobody knows (DNS)",
      cure: "Compare the name letter by letter, and see whether this machine resolves others.",
    },
  ],
  [/NotValidForName|not valid for/i, {
    why: "shows a certificate of another host name (TLS)",
    cure: "Compare the name, and see to the certificate of the host.",
  }],
  [/certificate.{0,40}(expired|notvalidyet)/i, {
    why: "shows a certificate that is over, or not yet good (TLS)",
    cure: "Renew it there; where it is good, this machine's clock is wrong.",
  }],
  [/UnknownIssuer|certificate|self.signed/i, {
    why: "shows a certificate of nobody who is trusted here (TLS)",
    cure:
      "Let the host send its whole chain (nginx: fullchain.pem). Behind a proxy that reads along, or " +
      "with a CA of your own: DENO_TLS_CA_STORE=system,mozilla, or DENO_CERT.",
  }],
  [/tls|ssl|InvalidContentType|corrupt message|handshake/i, {
    why: "does not speak TLS at that port",
    cure: "Compare scheme and port: https is for a port that speaks TLS.",
  }],
  [/connection refused|ECONNREFUSED/i, {
    why: "takes no connection: nobody listens there",
    cure: "Start what should listen, or correct host and port.",
  }],
  [/timed? ?out|TimeoutError|aborted/i, {
    why: "does not answer in time",
    cure: "See whether a firewall is between, and whether the host is up.",
  }],
  [/unreachable|network is down|no route/i, {
    why: "cannot be reached from this network",
    cure: "See to the way out: a route, a firewall, HTTPS_PROXY.",
  }],
  [/NotCapable|requires net access|requires --allow-net/i, {
    why: "may not be asked: Deno's permissions do not allow it",
    cure: "Start the program with --allow-net.",
  }],
];

/** Of an error that `fetch` or a connection threw; it looks at causes, too. */
export function networkFaultOf(error: unknown): NetworkFault {
  const said: string[] = [];
  for (let at: unknown = error; at instanceof Error && said.length < 5; at = at.cause) {
    said.push(at.name, at.message);
  }
  const text = said.join(" ");
  const [, fault] = BY_WORDS.find(([words]) => words.test(text)) ?? [];
  return fault ??
    { why: "broke off the connection", cure: "Try it again; see whether a proxy is between." };
}
