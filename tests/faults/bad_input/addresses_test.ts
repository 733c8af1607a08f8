import { Dice } from "../../support/fuzz/dice.ts";
import { startRange } from "../../support/fuzz/range.ts";
import { latin1, sendBytes, type Shot } from "../../support/fuzz/shots.ts";
import {
  noRequest,
  page,
  pageOrTyped,
  refusal,
  typedRefusal,
} from "../../support/fuzz/verdicts.ts";
import { API_KEY, USER } from "../../support/gateway.ts";
import {
  everyRoute,
  FORM_TYPE,
  type Header,
  HTML,
  isForPeople,
  isMcp,
  KEY,
  NO_SECRET,
  PING,
  post,
} from "./requests.ts";
import { BAD_SERVICES, object } from "./values.ts";

Deno.test("a foreign host or origin is refused on every route", async () => {
  const own = "switchboard.example.com";
  await using range = await startRange({ env: { PUBLIC_URL: `https://${own}` } });
  const hosts = [
    null,
    "",
    "localhost",
    `localhost:${range.port}`,
    "127.0.0.1",
    "[::1]",
    "[::1",
    "evil.example",
    `evil.example:${range.port}`,
    `${own}.evil.example`,
    `evil${own}`,
    `${own}:99999`,
    `${own}:80:80`,
    `${own}, evil.example`,
    `${own}@evil.example`,
    "%zz",
    "a\\b",
    "\xe9vil",
    "x".repeat(5000),
  ];
  // Whoever is not meant learns not even what there is not.
  const get = everyRoute().find(({ method }) => method === "GET")!;
  const shots = [...everyRoute(), { ...get, target: "/nowhere" }];
  const foreign = shots.flatMap((shot) => hosts.map((host) => ({ ...shot, host })));
  await range.holds(foreign, refusal(403, "forbidden_host"));
  const origins = [
    "",
    "null",
    own,
    "file://",
    "http://localhost:3000",
    "https://evil.example",
    `https://${own}.evil.example`,
    `https://${own}@evil.example`,
    `https://${own}:8443`,
    `https://${own}, https://evil.example`,
    "data:text/html,x",
    "\xff",
    "x".repeat(5000),
  ];
  // A provider's form has the provider's origin; see `flows/form_post_test.ts`.
  const isAnswer = ({ method, target }: Shot) => method === "POST" && /^\/callback\//.test(target);
  const crossed = shots.filter((shot) => !isAnswer(shot)).flatMap((shot) =>
    origins.map((origin) => ({
      ...shot,
      host: own,
      headers: [...shot.headers!, ["Origin", origin] satisfies Header],
    }))
  );
  await range.holds(crossed, refusal(403, "forbidden_origin"));
});

Deno.test("a Host that is more than a host is refused on every route", async () => {
  const own = "switchboard.example.com";
  await using range = await startRange({ env: { PUBLIC_URL: `https://${own}` } });
  const hosts = ["evil.example@", "me:pw@"].map((user) => user + own)
    .concat(["/", "/auth", "?", "?x=", "#", "\\", " x", "\t"].map((more) => `${own}${more}${own}`));
  await range.holds(
    everyRoute().flatMap((shot) => hosts.map((host) => ({ ...shot, host }))),
    (reply, shot) => isForPeople(shot) ? pageOrTyped(reply, shot) : typedRefusal(reply, shot),
  );
});

Deno.test("a service that is none is refused wherever a path names one", async () => {
  await using range = await startRange({ connected: ["github"] });
  const dice = new Dice(5);
  const encoded = [
    ...BAD_SERVICES.filter((name) => name.isWellFormed() && name !== "" && name !== "sse")
      .map(encodeURIComponent),
    ...["..", ".", "%2e%2e", "..%2f..%2fhealth", "%2F", "a%2Fb", "%", "%zz", "%c3%28", "%ED%A0%80"],
    ...[
      "%00",
      "%0d%0aX:%20y",
      "*",
      ":service",
      "github;x",
      "github%20",
      "gith%FFub",
      "x".repeat(8000),
    ],
    ...Array.from(
      { length: 100 },
      () => dice.spoil("github", `%${dice.pick(["", "0", "g1", "80"])}`),
    ),
  ];
  const user = `user_id=${USER}`;
  await range.holds(
    encoded.flatMap((name) => [
      post(`/token/${name}`, object({ user_id: `"${USER}"` })),
      post(`/mcp/${name}`, PING),
      { method: "DELETE", target: `/connections/${name}?${user}`, headers: [KEY] },
    ]),
    typedRefusal,
  );
  await range.holds(
    encoded.flatMap((name): Shot[] => [
      { method: "GET", target: `/auth/${name}?${user}&link=${NO_SECRET}` },
      { method: "POST", target: `/auth/${name}`, headers: [FORM_TYPE], body: `${user}&link=x` },
      { method: "GET", target: `/callback/${name}?state=${NO_SECRET}&code=x` },
    ]).map((shot) => ({ ...shot, headers: [HTML, ...shot.headers ?? []] })),
    page,
  );
});

Deno.test("an address or a method that is not served is refused", async () => {
  await using range = await startRange();
  const targets = ["/links/", "/links/x", "/token", "/token/", "/token/a/b", "//token/github"]
    .concat([
      "/TOKEN/github",
      "/connections/",
      "/connections/a/b",
      "/callback",
      "/sse/",
      "/mcp/a/b",
    ])
    .concat([
      "/token/../links",
      "/%2e%2e/links",
      "/%6cinks%00",
      "/.env",
      "/x%zz",
      "/a%5cb",
    ]);
  const auth = ["/auth", "/auth/", "/auth/a/b", "/callback/", "/callback/a/b"];
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "post"];
  const shots = (paths: string[]) =>
    paths.flatMap((target) => methods.map((method): Shot => ({ method, target, headers: [KEY] })));
  await range.holds(shots(targets), refusal(404, "not_found"));
  await range.holds(shots(auth), pageOrTyped);
  const served = everyRoute().flatMap((shot) => methods.map((method) => ({ ...shot, method })))
    .filter((shot) =>
      !everyRoute().some((known) =>
        known.method === shot.method && known.target.split("?")[0] === shot.target.split("?")[0]
      )
    );
  // A browser's preflight is answered, with nothing.
  const preflight = (shot: Shot) => isMcp(shot) && shot.method === "OPTIONS";
  await range.holds(
    served.filter((shot) => !preflight(shot)),
    refusal(405, "method_not_allowed"),
  );
  await range.holds(
    served.filter(preflight),
    ({ status, text }) => status === 204 && text === "" ? undefined : "not empty",
  );
});

Deno.test("bytes that are no request end their connection and nothing else", async () => {
  await using range = await startRange();
  const dice = new Dice(6);
  const rest = `Host: localhost:${range.port}\r\nAuthorization: Bearer ${API_KEY}\r\n`;
  const ask = `GET /connections HTTP/1.1\r\n${rest}`;
  const tell = `POST /links HTTP/1.1\r\n${rest}Content-Type: application/json\r\n`;
  const attacks = [
    "\r\n\r\n",
    "\0\0\0\0\r\n\r\n",
    "GET\r\n\r\n",
    "GET /connections HTTP/9.9\r\n\r\n",
    "GET * HTTP/1.1\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    `${ask}no colon\r\n\r\n`,
    `${ask}A: \0\r\n\r\n`,
    `${ask}A : x\r\n\r\n`,
    `${ask}A: x\r\n y\r\n\r\n`,
    `${ask}Host: evil.example\r\n\r\n`,
    `${ask}${"A: x\r\n".repeat(2000)}\r\n`,
    `GET /${"x".repeat(70_000)} HTTP/1.1\r\n${rest}\r\n`,
    `${tell}Content-Length: 100\r\n\r\n{"user_id"`,
    `${tell}Content-Length: 99999999\r\n\r\n{}`,
    `${tell}Content-Length: -1\r\n\r\n{}`,
    `${tell}Content-Length: 2x\r\n\r\n{}`,
    `${tell}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `,
    `${tell}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    `${tell}Transfer-Encoding: gzip\r\n\r\n{}`,
    `${tell}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    `${tell}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n`,
    `${tell}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`,
    ...Array.from({ length: 100 }, () => `${dice.spoil(ask, dice.pick(["\0", "\x7f", "\r"]))}\r\n`),
  ];
  await range.holdsAgainst(attacks, (text) => sendBytes(range.port, latin1(text), true), noRequest);
});
