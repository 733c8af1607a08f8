import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { apiError, refusalIn } from "../../providers/google/api_error.ts";
import type { ApiFault } from "../../providers/provider.ts";
import type { Json } from "../support/api.ts";

const AUTH = "https://www.googleapis.com/auth/";

function fault(status: number, body: Json, headers: HeadersInit = {}): ApiFault {
  return apiError(status, new Headers(headers), body);
}

/** As Calendar v3, Drive v3 and Gmail say it. */
function old(code: number, reason: string, message = "No."): Json {
  return { error: { code, message, errors: [{ domain: "global", reason, message }] } };
}

/** As the newer APIs say it. */
function rpc(code: number, status: string, reason?: string, metadata: Json = {}): Json {
  const info = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, metadata };
  return { error: { code, message: "No.", status, details: reason ? [info] : [] } };
}

Deno.test("apiError() knows each reason, in the old style and in the new", () => {
  const cases: [number, string, ApiFault["kind"], retryAfter?: number][] = [
    [401, "authError", "unauthorized"],
    [401, "whatever", "unauthorized"],
    [403, "insufficientPermissions", "missing_scope"],
    [403, "insufficientScopes", "missing_scope"],
    [403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "missing_scope"],
    [403, "insufficientFilePermissions", "forbidden"],
    [403, "forbiddenForNonOrganizer", "forbidden"],
    [403, "domainPolicy", "forbidden"],
    [403, "appNotAuthorizedToFile", "missing_scope"],
    [403, "storageQuotaExceeded", "forbidden"],
    [403, "accessNotConfigured", "forbidden"],
    [403, "SERVICE_DISABLED", "forbidden"],
    [403, "unheardOf", "forbidden"],
    [403, "rateLimitExceeded", "rate_limited", 60],
    [429, "userRateLimitExceeded", "rate_limited", 60],
    [403, "userRateLimitExceeded", "rate_limited", 60],
    [429, "RATE_LIMIT_EXCEEDED", "rate_limited", 60],
    [403, "dailyLimitExceeded", "rate_limited", 3600],
    [403, "quotaExceeded", "rate_limited", 3600],
    [403, "calendarUsageLimitsExceeded", "rate_limited", 3600],
    [403, "sharingRateLimitExceeded", "rate_limited", 3600],
    [400, "timeRangeEmpty", "invalid"],
    [400, "unheardOf", "invalid"],
    [404, "notFound", "not_found"],
    [409, "duplicate", "conflict"],
    [409, "unheardOf", "conflict"],
    [410, "deleted", "not_found"],
    [410, "updatedMinTooLongAgo", "invalid"],
    [412, "conditionNotMet", "conflict"],
    [413, "uploadTooLarge", "invalid"],
    [416, "requestedRangeNotSatisfiable", "invalid"],
    [500, "backendError", "unavailable"],
    [503, "backendError", "unavailable"],
    [408, "", "unavailable"],
  ];
  for (const [status, reason, kind, retryAfter] of cases) {
    for (const body of [old(status, reason), rpc(status, "X", reason)]) {
      const found = fault(status, body);
      assertEquals([found.kind, found.retryAfter], [kind, retryAfter], `${status} ${reason}`);
      assert(/Google/.test(found.message) && found.message.length < 300, found.message);
    }
  }
});

Deno.test("apiError() knows a refusal by its status where nothing else can be read", () => {
  const cases: [number, ApiFault["kind"]][] = [
    [400, "invalid"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not_found"],
    [409, "conflict"],
    [410, "not_found"],
    [412, "conflict"],
    [413, "invalid"],
    [422, "invalid"],
    [429, "rate_limited"],
    [500, "unavailable"],
    [502, "unavailable"],
    [504, "unavailable"],
  ];
  // A page is read as an empty object.
  const bodies = [
    {},
    [],
    null,
    "x",
    { error: null },
    { error: 7 },
    { error: { errors: "none", details: { reason: 1 }, message: {} } },
    { error: { errors: [null, 7, { reason: {} }], details: [[]] } },
  ];
  for (const [status, kind] of cases) {
    for (const body of bodies) assertEquals(fault(status, body).kind, kind, JSON.stringify(body));
  }
});

Deno.test("apiError() reads lists of errors, errors as a text, and what one odd member hides", () => {
  assertEquals(fault(403, [old(403, "rateLimitExceeded")]).kind, "rate_limited");
  const grant = { error: "invalid_grant", error_description: "Token has been expired or revoked." };
  assertEquals(fault(400, grant).kind, "unauthorized");
  assertEquals(fault(401, { error: "invalid_token" }).kind, "unauthorized");
  assertEquals(fault(400, { error: "Bad request, it says" }).message.endsWith("it says"), true);
  const odd = { error: { code: {}, errors: [{ reason: 1 }, { reason: "quotaExceeded" }] } };
  assertEquals(fault(403, odd).kind, "rate_limited");
  assertEquals(fault(400, rpc(400, "UNAUTHENTICATED")).kind, "unauthorized");
  assertEquals(fault(403, rpc(403, "RESOURCE_EXHAUSTED")).kind, "rate_limited");
});

Deno.test("apiError() names the scope that Google names, and none where any of several would do", () => {
  const challenge = (scope: string) => ({
    "WWW-Authenticate":
      `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${scope}"`,
  });
  const one = fault(403, {}, challenge(`${AUTH}calendar.events`));
  assertEquals([one.kind, one.scopes], ["missing_scope", [`${AUTH}calendar.events`]]);
  const several = fault(403, {}, challenge(`${AUTH}calendar ${AUTH}calendar.readonly`));
  assertEquals([several.kind, several.scopes], ["missing_scope", undefined]);
  const wrong = fault(401, {}, challenge("https://evil.example/scope"));
  assertEquals([wrong.kind, wrong.scopes], ["missing_scope", undefined]);
  const dead = { "WWW-Authenticate": 'Bearer realm="x", error="invalid_token"' };
  assertEquals(fault(401, {}, dead).kind, "unauthorized");
  const words = "Request had insufficient authentication scopes.";
  assertEquals(fault(403, { error: { message: words } }).kind, "missing_scope");
});

Deno.test("apiError() waits as long as a limit lasts", () => {
  const after = (body: Json, headers: HeadersInit = {}) => fault(429, body, headers).retryAfter;
  assertEquals(after(old(429, "dailyLimitExceeded"), { "Retry-After": "120" }), 120);
  assertEquals(after({}, { "Retry-After": "9999999" }), 24 * 60 * 60);
  assertEquals(after({}, { "Retry-After": "0" }), 1);
  const perDay = { quota_limit: "DefaultPerDayPerProject", quota_unit: "1/d/{project}" };
  assertEquals(after(rpc(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", perDay)), 3600);
  const perMinute = {
    quota_limit: "defaultPerMinutePerUser",
    quota_unit: "1/min/{project}/{user}",
  };
  assertEquals(after(rpc(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", perMinute)), 60);
  const details = [{ "@type": "google.rpc.RetryInfo", retryDelay: "12.5s" }];
  assertEquals(after({ error: { details } }), 13);
  const at = new Date(Date.now() + 500_000).toISOString();
  const gmail = after(
    old(429, "userRateLimitExceeded", `User-rate limit exceeded. Retry after ${at}`),
  );
  assert(gmail! > 400 && gmail! <= 501, String(gmail));
});

Deno.test("an API that is not enabled is the operator's to mend, and no console is read aloud", () => {
  const message =
    "Google Calendar API has not been used in project 123456789 before or it is disabled. Enable " +
    "it by visiting https://console.developers.google.com/apis/api/calendar-json.googleapis.com/" +
    "overview?project=123456789 then retry.";
  const page = "https://console.cloud.google.com/apis/library/calendar-json.googleapis.com";
  const operator = `The Google Calendar API is not enabled in project 123456789: ${page}`;
  const older = fault(403, old(403, "accessNotConfigured", message));
  const newer = fault(
    403,
    rpc(403, "PERMISSION_DENIED", "SERVICE_DISABLED", {
      service: "calendar-json.googleapis.com",
      consumer: "projects/123456789",
    }),
  );
  for (const found of [older, newer]) {
    assertEquals([found.kind, found.operator], ["forbidden", operator]);
    assert(!/http|123456789|console/.test(found.message), found.message);
    assertStringIncludes(found.message, "Google Calendar API is not switched on");
  }
  const unknown = fault(
    403,
    rpc(403, "PERMISSION_DENIED", "SERVICE_DISABLED", { service: "evil\n" }),
  );
  assertEquals(
    unknown.operator,
    "An API of Google is not enabled in the project of this client: " +
      "https://console.cloud.google.com/apis/library",
  );
});

Deno.test("apiError() says what an account lacks", () => {
  const mail = rpc(400, "FAILED_PRECONDITION");
  mail.error.message = "Mail service not enabled";
  assertEquals(fault(400, mail).kind, "forbidden");
  assertStringIncludes(fault(400, mail).message, "no Gmail");
  const failed = fault(400, old(400, "failedPrecondition", "Precondition check failed."));
  assertEquals(failed.kind, "invalid");
  assertStringIncludes(failed.message, "Precondition check failed.");
});

Deno.test("what Google says is bounded, and holds nothing that a voice cannot read", () => {
  const long = `<b>{x}</b> see https://console.example/${"a".repeat(500)} ${"word ".repeat(200)}`;
  const { message } = fault(400, old(400, "invalid", long));
  assert(message.length < 300 && !/[{}<>]|https?:/.test(message), message);
});

Deno.test("refusalIn() finds an error where the answer should be, and nothing in an answer", () => {
  const headers = new Headers();
  assertEquals(refusalIn(old(403, "rateLimitExceeded"), headers)?.kind, "rate_limited");
  assertEquals(refusalIn([old(401, "authError")], headers)?.kind, "unauthorized");
  assertEquals(refusalIn(rpc(404, "NOT_FOUND"), headers)?.kind, "not_found");
  for (
    const body of [{}, [], null, "x", { items: [] }, { error: {} }, { error: "x" }, {
      calendars: { a: { errors: [{ reason: "notFound" }] } },
    }]
  ) assertEquals(refusalIn(body, headers), undefined);
});
