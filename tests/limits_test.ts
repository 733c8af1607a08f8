import { PROVIDER_KEYS_MS, PROVIDER_KEYS_RENEWAL_MS } from "../providers/remote_keys.ts";
import { OLDEST_ID_TOKEN_SECONDS } from "../providers/oidc/id_token.ts";
import {
  OIDC_FAILED_MS,
  OIDC_FOUND_MS,
  OIDC_MAX_BYTES,
  OIDC_TIMEOUT_MS,
} from "../providers/oidc/metadata.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { ACTIVITY_KEPT_MS, BLOCK_ENTRIES, BLOCK_MS, MOST_USES, SAME_MS } from "../audit/block.ts";
import { BLOCKS_OF_A_PAGE } from "../audit/reader.ts";
import {
  ACTIVITY_PATIENCE_MS,
  ANCHOR_MS,
  ANCHORS_AT_ONCE,
  MOST_OPEN,
} from "../audit/chain_writer.ts";
import { ACTIVITY_FLUSH_MS, MOST_WAITING } from "../audit/recorder.ts";
import { LONGEST_ACTIVITY_PAGE } from "../broker/core/activity.ts";
import {
  EVENT_KEPT_MS,
  FAREWELL_KEPT_MS,
  MOST_REPLAYED,
  MOST_TOLD,
} from "../broker/core/events.ts";
import {
  ATTEMPT_MS,
  FAILURES_TO_PAUSE,
  LANES_AT_ONCE,
  LONGEST_RETRY_AFTER_MS,
  PAUSE_MS,
  RETRY_MS as EVENT_RETRY_MS,
  TRIED_MS,
} from "../events/rules.ts";
import { EVENT_ANSWER_BYTES } from "../net/post_event.ts";
import { EVENTS_OF_A_PAGE } from "../routes/api/events.ts";
import { HOURS_SHOWN, LONGEST_DEAD_PAGE } from "../broker/core/counts.ts";
import { DEPLOY_DRAIN, DRAIN_DELAY_MS, DRAIN_MS } from "../broker/config/config.ts";
import { DEFAULT_TIMEOUT_MS } from "../broker/config/upstreams.ts";
import { LONGEST_PAUSE_MS, QUESTIONS_AT_A_TIME } from "../broker/moving/courtesy.ts";
import { IMPORTS_KNOWN, MOST_ACCOUNTS } from "../broker/moving/import.ts";
import { SAME_IMPORT_MS } from "../broker/moving/import_held.ts";
import { IMPORT_IDENTIFY_MS, IMPORT_WAIT_MS } from "../broker/moving/import_verify.ts";
import { OWNER_KNOWN_MS, UNDER_WAY_MS } from "../broker/moving/import_owner.ts";
import { MOVE_WAIT_MS } from "../broker/moving/move_out.ts";
import {
  IMPORT_SILENCE_MS,
  IMPORTED_AT_A_TIME,
  MAX_IMPORT_LINE,
  MAX_IMPORT_LINES,
} from "../routes/api/import_stream.ts";
import { LONGEST_CODE } from "../broker/connect/callback.ts";
import { LEAK_CONCURRENCY, REVOCATION_TRIES } from "../broker/connect/leak.ts";
import { UNCLAIMED_LIMIT } from "../broker/connect/unclaimed.ts";
import { HANDOFF_LIFETIME_MS, UNCLAIMED_MS } from "../broker/tokens/held.ts";
import { MAX_CLOCK_SKEW_MS } from "../broker/core/clock.ts";
import { GRANT_DAYS, SESSION_TOKEN_SECONDS } from "../broker/core/grant.ts";
import {
  LINK_LENGTHS,
  LINK_LIFETIME_MS,
  LINK_SECONDS,
  LONGEST_KEY,
  LONGEST_PARAM,
  PENDING_LIFETIME_MS,
} from "../broker/core/link_bounds.ts";
import { LONGEST_NAME } from "../broker/core/shown_name.ts";
import { BY_ID_MS, BY_KEY_MS, MAX_OUTCOME, RUNNING_MS } from "../broker/call_record.ts";
import { RECORD_PATIENCE_MS } from "../broker/remembered_calls.ts";
import { HELD_MS, MAX_HELD, MAX_PEOPLE as MAX_HELD_PEOPLE } from "../broker/held_accounts.ts";
import {
  ASSUMED_LIFETIME_MS,
  GIVEN_UP_MS,
  JUST_ISSUED_MS,
  LONGEST_HOLD_OFF_MS,
  LONGEST_LIFETIME_MS,
  REFRESH_MARGIN_MS,
} from "../broker/tokens/freshness.ts";
import {
  AHEAD_MS,
  HOLD_OFF_MS,
  LEASE_MS,
  LEASE_RENEWAL_MS,
  MAX_RENEWALS,
  STORE_PATIENCE_MS,
  USED_LATELY_MS,
} from "../broker/tokens/refresh_rules.ts";
import { CLIENT_REFUSED_NOTE_MS, CLIENT_REFUSED_TOLD_MS } from "../broker/tokens/provider_notes.ts";
import { KEPT_ALIVE_MS } from "../broker/tokens/known_ends.ts";
import { REFUSED_MS, TRIED_AGAIN_MS } from "../broker/tokens/refusals.ts";
import { PATIENCE_MS } from "../broker/tokens/refresher.ts";
import { TAKEN_MS } from "../broker/tokens/lanes.ts";
import { AT_ONCE, PER_SECOND } from "../broker/tokens/pace.ts";
import { RUN_MS } from "../broker/tokens/sweep.ts";
import { SWEPT_IN_A_RUN } from "../vault/expired.ts";
import { ACCESS_TOKEN_SECONDS } from "../gateway/grants/access_token.ts";
import { type BudgetSize, MAX_KEYS } from "../broker/core/budget.ts";
import { LIMIT_OUT_MS, LIMIT_PATIENCE_MS } from "../broker/core/leased_limit.ts";
import { LIMITS } from "../broker/core/limits.ts";
import { MOST_HELD, QUOTAS } from "../broker/core/quotas.ts";
import {
  CONNECTING,
  LINKS_ALIVE,
  SIGN_IN_STARTS,
  SIGNING_IN,
} from "../broker/connect/outstanding.ts";
import {
  MAX_REGISTRATION_BYTES,
  MAX_UNUSED_CLIENTS,
  UNUSED_CLIENT_MS,
  USED_CLIENT_MS,
} from "../gateway/clients/clients.ts";
import {
  DOCUMENT_LIMITS,
  DOCUMENT_RETRY_MS,
  DOCUMENT_TTL_MS,
  KEPT_DOCUMENT_MS,
  MAX_DOCUMENTS,
  STALE_DOCUMENT_MS,
} from "../gateway/clients/documents.ts";
import { ASSERTION_MS, MAX_JTI, PROOF_SKEW_MS } from "../gateway/clients/client_assertion.ts";
import { MAX_CLIENT_KEYS, RSA_BITS } from "../gateway/clients/client_keys.ts";
import { MAX_PROOF, PROOF_MS } from "../gateway/dpop/dpop.ts";
import { NONCE_EVERY_MS, NONCE_MS } from "../gateway/dpop/dpop_nonce.ts";
import { MAX_SEEN } from "../gateway/dpop/proofs.ts";
import { DOORS } from "../gateway/doors.ts";
import { GUESSES, KNOWN_MS } from "../gateway/guesses.ts";
import { KEYS_RENEWAL_MS } from "../gateway/clients/key_sets.ts";
import { CODE_MS } from "../gateway/grants/codes.ts";
import { MAX_BRANCHES } from "../gateway/grants/branches.ts";
import { FORK_MS, MAX_FORKS, ROTATION_GRACE_MS } from "../gateway/grants/refresh_tokens.ts";
import { LONGEST_QUERY } from "../gateway/resources.ts";
import { SETUP_CODE_MS, SETUP_MS } from "../gateway/setup.ts";
import { FRESH_MS, SESSION_MS } from "../gateway/sessions.ts";
import { MAX_LOGO_BYTES } from "../broker/core/app_face.ts";
import { MAX_SETTINGS_BYTES, SETTINGS_LIMITS } from "../broker/core/settings.ts";
import { LOOK_AGAIN_MS, LOOK_PATIENCE_MS } from "../start/living.ts";
import { CLOSED_MS, TOMBSTONE_MS } from "../broker/core/person_store.ts";
import { EXPORTED_RECORDS } from "../broker/connect/person_data.ts";
import { MAX_PERSON_FILE } from "../routes/http/person_file.ts";
import { END_PATIENCE_MS } from "../start/machine.ts";
import { MAX_PINNED } from "../broker/config/values.ts";
import { MAX_BATCH, MAX_BATCH_ANSWER } from "../mcp/batch.ts";
import { MAX_SCHEMA, NAMED, READY } from "../mcp/search/findings.ts";
import { MAX_LISTED_TOOLS } from "../mcp/search/search_catalogue.ts";
import { MAX_QUERY } from "../mcp/search/search_tools.ts";
import { LEAST_SECRET, MAX_ESCAPES } from "../mcp/secrets_in.ts";
import { MAX_ON_RECORD } from "../mcp/upstream/approval.ts";
import { LEAST_DIGITS, MAX_FORMS, MAX_KEPT } from "../mcp/upstream/review.ts";
import { MAX_ANSWER_BYTES } from "../mcp/api_answer.ts";
import {
  MOST_TURNS_WAITING,
  PAUSES_KNOWN_MS,
  PAUSES_WAIT_MS,
  PROVIDER_AT_ONCE,
  TURN_WAIT_MS,
} from "../mcp/provider_crowds.ts";
import { MAX_CALL_BYTES, MAX_CALL_REQUESTS } from "../mcp/api_client.ts";
import { CALL_TIMEOUT_MS } from "../mcp/call.ts";
import {
  MAX_EVENTS,
  MAX_MESSAGE_BYTES,
  MAX_REPLY_BYTES,
  MAX_REQUESTS,
} from "../mcp/upstream/bounded.ts";
import { MAX_ASKED, MAX_URL } from "../mcp/upstream/asked_input.ts";
import { LONGEST_RESUME_MS, RESUME_MS, TRAILING_MS } from "../mcp/upstream/exchange.ts";
import { ERA_KNOWN_MS, GREETING_KNOWN_MS, PROBE_MS } from "../mcp/upstream/http_session.ts";
import { MAX_ERROR_BYTES } from "../mcp/upstream/http_wire.ts";
import { LAST_LINE_LENGTH, LAST_LINES } from "../mcp/upstream/last_words.ts";
import { MAX_SILENT_STREAMS } from "../mcp/upstream/listening.ts";
import { MAX_UNREAD } from "../mcp/upstream/process_session.ts";
import {
  DEFAULT_PROCESSES,
  FIRST_REST_MS,
  LONGEST_REST_MS,
  MAX_PROCESSES,
  STEADY_MS,
} from "../mcp/upstream/processes.ts";
import { MAX_MESSAGE_VALUES } from "../mcp/upstream/rpc.ts";
import { MAX_SESSIONS, SESSION_IDLE_MS } from "../mcp/upstream/sessions.ts";
import { DISCOVERY_TIMEOUT_MS, FOUND_FOR_MS } from "../providers/discovered/finding.ts";
import { MAX_REGISTRATIONS, REGISTERING_MS } from "../providers/discovered/registering.ts";
import { TENANTS_RETRY_MS, TENANTS_WAIT_MS } from "../broker/connect/late_tenants.ts";
import { LONGEST_EXTRA } from "../broker/core/extra.ts";
import { MOST_EXTRA } from "../providers/configured_places.ts";
import { MAX_DEPTH, MAX_VALUES } from "../broker/core/json.ts";
import {
  MAX_DEFINITION_BYTES,
  MAX_LIST_BYTES,
  MAX_REMOTE_NAME,
  MAX_TOOLS,
  MOST_RECENT,
  MOST_RECENT_BYTES,
} from "../mcp/upstream/judge.ts";
import { MAX_PAGES } from "../mcp/upstream/list.ts";
import { LOG_LEVEL_MS, MAX_LOG_LEVELS } from "../mcp/eras/log_levels.ts";
import { MAX_QUESTIONS } from "../mcp/eras/questions.ts";
import {
  MAX_ASKED_FORMS,
  MAX_FORM_BYTES,
  MAX_LOG_LENGTH,
  MAX_LOG_MESSAGES,
  MAX_QUESTION,
} from "../mcp/upstream/conversation.ts";
import { ASIDE_MS } from "../mcp/upstream/aside.ts";
import { MAX_PARTS } from "../mcp/upstream/feature_results.ts";
import { MAX_OFFERS, MAX_OFFERS_BYTES } from "../mcp/upstream/features.ts";
import { MAX_FEATURE_DESCRIPTION } from "../mcp/upstream/judge_features.ts";
import { MAX_FEATURE_PAGES, MAX_FEATURES, MAX_OFFER_BYTES } from "../mcp/upstream/offer.ts";
import { MAX_ERROR_WORDS } from "../mcp/upstream/fault.ts";
import { MAX_URI } from "../mcp/upstream/uris.ts";
import { OFFER_TTL_MS, TOOLS_TTL_MS } from "../mcp/abilities.ts";
import { MAX_PROGRESS, MAX_PROGRESS_MESSAGE } from "../mcp/upstream/progress.ts";
import {
  LIST_PATIENCE_MS,
  LIST_TTL_MS,
  MAX_HELD_BYTES,
  MAX_PEOPLE,
  RETRY_MS,
} from "../mcp/upstream/lists.ts";
import { FINDING_MS, MAX_FINDINGS } from "../mcp/upstream/findings.ts";
import { KEPT_MS, PAGE_BYTES as LIST_PAGE_BYTES, SHOWN_MS } from "../mcp/upstream/kept_lists.ts";
import { LONGEST_SHOWN } from "../mcp/upstream/stand_ins.ts";
import { LONGEST_TIMES } from "../broker/core/upstream.ts";
import { CAREFUL_MAX_BYTES, CAREFUL_TIMEOUT_MS } from "../net/careful_fetch.ts";
import { MAX_BYTES, TIMEOUT_MS as DOCUMENT_TIMEOUT_MS } from "../net/client_document.ts";
import { MAX_HEADER_BYTES } from "../net/http_answer.ts";
import { DISCOVERY_REQUESTS, DOCUMENT_MAX_BYTES } from "../providers/discovered/documents.ts";
import {
  REGISTRATION_ANSWER_BYTES,
  REGISTRATION_TRIES,
  SECRET_MARGIN_MS,
} from "../providers/discovered/registration.ts";
import { MAX_FILE_BYTES } from "../providers/google/gmail/attachment.ts";
import { MAX_FORWARDED_BYTES, MAX_FORWARDED_FILES } from "../providers/google/gmail/forward.ts";
import { MAX_CHECKED, MAX_MESSAGES } from "../providers/google/gmail/labels.ts";
import { EXCHANGE_TIMEOUT_MS, REVOCATION_TIMEOUT_MS } from "../providers/oauth.ts";
import {
  DOCUMENT_MS,
  DOCUMENTS_AT_ONCE,
  DOCUMENTS_WAITING,
  MAX_DOCUMENT_BYTES,
} from "../providers/documents/documents.ts";
import { PDF_PAGES } from "../providers/documents/pdf.ts";
import { DOCUMENT_MEMORY } from "../providers/documents/tripwire.ts";
import { ARCHIVE_PARTS, MAX_UNPACKED } from "../providers/documents/zip.ts";
import { MAX_ANSWER_BYTES as MAX_TOKEN_ANSWER } from "../providers/post_form.ts";
import { LONGEST_TENANTS, MOST_TENANTS } from "../broker/core/tenants.ts";
import { MAX_TENANTS_BYTES } from "../providers/tenants.ts";
import { IDENTIFY_TIMEOUT_MS, MAX_ACCOUNT_BYTES } from "../providers/whose_account.ts";
import { REPLAY_BYTES, SILENCE_MS } from "../routes/api/proxy_forward.ts";
import { MOST_SERVICES } from "../routes/api/links.ts";
import { SESSION_LISTS } from "../routes/api/sessions.ts";
import { WAIT_MS } from "../routes/api/token.ts";
import { LONGEST_MIN_TTL } from "../routes/api/token_body.ts";
import { BODY_MS, REST_LIMIT } from "../routes/http/body.ts";
import { LONGEST_NAME as LONGEST_SERVICE } from "../routes/api/links.ts";
import { TOLD_MS } from "../routes/http/page/popup_script.ts";
import { ANSWER_LIMIT } from "../routes/people/callback.ts";
import { BACK_MS, MAX_SCRIPT_BYTES } from "../routes/people/connect_script.ts";
import { SCRIPT_SECONDS } from "../routes/people/script.ts";
import { MCP_LIMIT } from "../routes/mcp/answer.ts";
import { TIMEOUT_MS, VOICE_TIMEOUT_MS } from "../routes/mcp/wish.ts";
import { COUNTED_IN_A_RUN } from "../vault/recount.ts";
import { GIVE_UP_AFTER_MS } from "../vault/deno_kv.ts";
import { CHECKED_RECORDS } from "../vault/key_check.ts";
import { RELOAD_MS } from "../vault/key_ring.ts";
import { ANNOUNCE_AGAIN_MS, ANNOUNCED_MS } from "../vault/sealers.ts";
import { GETS_TOGETHER, TOLD_TOGETHER } from "../vault/kv_gets.ts";
import { COMMITS_AT_ONCE, READS_AT_ONCE } from "../vault/kv_turns.ts";
import { LOOK_EVERY_MS } from "../vault/vault.ts";
import { MAX_WAITING } from "../compose.ts";
import { MAX_BOX_BYTES, PIECE_BYTES } from "../vault/pieces.ts";
import { MAX_ACCOUNT_ID } from "../broker/connect/account.ts";
import { CONNECT_PATIENCE_MS, TAKE_BACK_MS } from "../broker/connect/take_back.ts";
import { MAX_SCOPE_CHARACTERS, MAX_TOKEN_SET_BYTES } from "../broker/tokens/size.ts";

/** What one row of the README's limits says, by the code's constants. */
type Row = [what: string, limit: string, ...more: string[]];

const bytes = (count: number) =>
  count >= 1024 * 1024 ? `${count / 1024 / 1024} MB` : `${count / 1024} KB`;
const plain = (count: number) => count.toLocaleString("en-US");

/** In the largest unit that leaves no fraction. */
function time(ms: number): string {
  const units: [unit: string, ms: number][] = [
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1_000],
  ];
  const [unit, length] = units.find(([, length]) => ms % length === 0) ?? ["second", 1_000];
  return `${ms / length} ${unit}${ms === length ? "" : "s"}`;
}
const days = (ms: number) => `${ms / 86_400_000} day${ms === 86_400_000 ? "" : "s"}`;

const often = ({ limit, windowMs }: BudgetSize) => `${limit} in ${time(windowMs)}`;
const limited = ({ limit, windowMs }: BudgetSize) =>
  `${plain(limit)} in ${windowMs % 86_400_000 === 0 ? days(windowMs) : time(windowMs)}`;
const per = ({ windowMs }: Pick<BudgetSize, "windowMs">) => time(windowMs).replace("1 ", "");

const ROWS: Row[] = [
  ["body of a backend's request, of `/oauth/register`", bytes(REST_LIMIT)],
  ["body at `/mcp`", bytes(MCP_LIMIT)],
  ["JSON of others", `${MAX_DEPTH} levels deep`, `${plain(MAX_VALUES)} values`],
  ["messages in one JSON-RPC batch", plain(MAX_BATCH)],
  ["tools that are listed; beyond them they are looked up", plain(MAX_LISTED_TOOLS)],
  [
    "what is found: with its schema, by name; a schema of that",
    plain(READY),
    plain(NAMED),
    plain(MAX_SCHEMA),
  ],
  ["a query, `PINNED_TOOLS`", plain(MAX_QUERY), plain(MAX_PINNED)],
  ["answers to one batch, together", bytes(MAX_BATCH_ANSWER)],
  ["a body arrives within", time(BODY_MS)],
  [
    "connect link",
    time(LINK_LIFETIME_MS),
    `${LINK_SECONDS.min} to ${LINK_SECONDS.max} seconds`,
  ],
  [
    "a provider's code; its answer as a form",
    `${plain(LONGEST_CODE)} characters`,
    bytes(ANSWER_LIMIT),
  ],
  ["time at the provider", time(PENDING_LIFETIME_MS)],
  ["code for `POST /links/claim`", time(HANDOFF_LIFETIME_MS)],
  [
    "`service`, `account`, `scope`, `return_to`, `origin`",
    [LONGEST_SERVICE, LINK_LENGTHS.account, LINK_LENGTHS.scope, LINK_LENGTHS.returnTo]
      .map(plain).join(", "),
    plain(LINK_LENGTHS.origin),
  ],
  [
    "a pop-up: the app's page answers within; it has the focus again for",
    time(TOLD_MS),
    time(BACK_MS),
  ],
  [
    "`connect.js`; it is kept by browsers for",
    bytes(MAX_SCRIPT_BYTES),
    time(SCRIPT_SECONDS * 1000),
  ],
  ["what no app has claimed by then", time(UNCLAIMED_MS), `${UNCLAIMED_LIMIT} hand-offs`],
  ["exchange of the provider's code", time(EXCHANGE_TIMEOUT_MS)],
  ["asking whose account it is", time(IDENTIFY_TIMEOUT_MS), bytes(MAX_ACCOUNT_BYTES)],
  ["an account's id", `${MAX_ACCOUNT_ID} characters`],
  ["a new connection that cannot be stored", time(CONNECT_PATIENCE_MS)],
  ["taking back access that was not kept", time(TAKE_BACK_MS)],
  ["signed in, on a person's page", days(SESSION_MS)],
  ["signed in just now, for whoever deletes their data", time(FRESH_MS)],
  ["a person's file", bytes(MAX_PERSON_FILE), `${plain(EXPORTED_RECORDS)} records`],
  ["nothing new is kept of a user who was deleted", time(CLOSED_MS)],
  ["that somebody was deleted is known for", days(TOMBSTONE_MS)],
  ["refreshed when less is left than", time(REFRESH_MARGIN_MS)],
  ["refused by the API although it was issued within the last", time(JUST_ISSUED_MS)],
  ["`min_ttl`", `${plain(LONGEST_MIN_TTL)} seconds`],
  ["life, where a provider does not say it", time(ASSUMED_LIFETIME_MS)],
  ["life, where a provider says more", days(LONGEST_LIFETIME_MS)],
  ["waiting for a refresh", time(WAIT_MS), time(PATIENCE_MS)],
  ["a provider that never answers a refresh", time(MAX_RENEWALS * LEASE_RENEWAL_MS)],
  ["lease of a process that died", time(LEASE_MS)],
  ["clocks may differ by", time(MAX_CLOCK_SKEW_MS)],
  ["hold-off after a failed refresh", time(HOLD_OFF_MS), time(LONGEST_HOLD_OFF_MS)],
  [
    "refused without a known reason while others of the provider are refreshed",
    days(REFUSED_MS),
    `once in ${days(GIVEN_UP_MS)}, for ${days(TRIED_AGAIN_MS)} though nobody asks`,
  ],
  [
    "told of a refused client: in the log, in `GET /health?deep`",
    `every ${time(CLIENT_REFUSED_NOTE_MS)}`,
    time(CLIENT_REFUSED_TOLD_MS),
  ],
  ["a new token that cannot be stored", time(STORE_PATIENCE_MS)],
  ["services that one link asks for", plain(MOST_SERVICES)],
  [
    "what is kept beside a token set",
    `${plain(LONGEST_EXTRA)} characters each, ${MOST_EXTRA} of a kind`,
  ],
  ["a value of `params`", `${LONGEST_PARAM} characters`],
  [
    "tenants that are not known, of a connection that is used",
    time(TENANTS_WAIT_MS),
    `once in ${time(TENANTS_RETRY_MS)}`,
  ],
  [
    "tenants of an account",
    plain(MOST_TENANTS),
    `${plain(LONGEST_TENANTS)} characters`,
    bytes(MAX_TENANTS_BYTES),
  ],
  [
    "an API key that is pasted, or handed over",
    `${plain(LONGEST_KEY)} characters of printable ASCII`,
  ],
  ["a client's id, and its secret", `${plain(LONGEST_KEY)} characters of printable ASCII each`],
  ["a token set", bytes(MAX_TOKEN_SET_BYTES)],
  ["lines of one import; a line", plain(MAX_IMPORT_LINES), bytes(MAX_IMPORT_LINE)],
  ["items under way, of one import", `${IMPORTED_AT_A_TIME} at a time`],
  ["nothing is sent, or no answer is taken", time(IMPORT_SILENCE_MS)],
  ["questions to one provider, of all imports", `${QUESTIONS_AT_A_TIME} at a time`],
  ["a pause that a provider asks for", time(LONGEST_PAUSE_MS)],
  [
    "a refresh, whose account it is, the same import elsewhere",
    time(IMPORT_WAIT_MS),
    time(IMPORT_IDENTIFY_MS),
    time(SAME_IMPORT_MS),
  ],
  [
    "connections, allowed MCP clients, personal tokens of one person",
    plain(QUOTAS.connections),
    plain(QUOTAS.clients),
    plain(QUOTAS.personal_tokens),
    plain(MOST_HELD),
  ],
  ["accounts of one user at one provider", plain(MOST_ACCOUNTS)],
  ["token sets that a connection remembers", plain(IMPORTS_KNOWN)],
  ["for whom a token set was imported", days(OWNER_KNOWN_MS)],
  ["the same refresh token for another user, whose import may be under way", time(UNDER_WAY_MS)],
  ["an export waits for a refresh", time(MOVE_WAIT_MS)],
  ["its scopes", `${plain(MAX_SCOPE_CHARACTERS)} characters`],
  [
    "refreshed ahead of need",
    `${AHEAD_MS.least / 60_000} to ${time(AHEAD_MS.most)}`,
    days(USED_LATELY_MS),
  ],
  ["kept alive though nobody uses it", days(KEPT_ALIVE_MS)],
  [
    "one round of it, every minute, in one process",
    time(RUN_MS),
    `${AT_ONCE} at a time`,
    `${PER_SECOND} a second`,
    time(TAKEN_MS),
  ],
  ["one round of housekeeping, every 5 minutes", `${plain(SWEPT_IN_A_RUN)} records`],
  ["a token endpoint's answer", bytes(MAX_TOKEN_ANSWER)],
  ["revocation", time(REVOCATION_TIMEOUT_MS)],
  [
    "`deno task leak`",
    `${LEAK_CONCURRENCY} connections`,
    `${REVOCATION_TRIES} tries`,
    time(LONGEST_HOLD_OFF_MS),
  ],
  ["authorization code", time(CODE_MS).replace("1 minute", "60 seconds")],
  ["access token", time(ACCESS_TOKEN_SECONDS * 1000)],
  [
    "a used refresh token again",
    `${time(FORK_MS)}, ${MAX_FORKS} times`,
    time(ROTATION_GRACE_MS).replace("1 minute", "60 seconds"),
  ],
  ["branches of what a person allowed a client", `${MAX_BRANCHES} beside`],
  [
    "what a person allowed a client, and a personal token",
    `${GRANT_DAYS.idle} days`,
    `${GRANT_DAYS.max} days`,
    `1 to ${plain(GRANT_DAYS.most)} days`,
  ],
  ["`api_key`", limited(LIMITS.api_key)],
  ["`subject`", limited(LIMITS.subject)],
  ["`client`", limited(LIMITS.client)],
  ["`person`", limited(LIMITS.person)],
  ["`connection`", limited(LIMITS.connection)],
  ["`address`", limited(LIMITS.address)],
  ["`token`", limited(LIMITS.token)],
  ["`link`", limited(LIMITS.link)],
  ["`oauth_token`", limited(LIMITS.oauth_token)],
  ["`registration`", limited(LIMITS.registration)],
  ["`sign_in`", limited(LIMITS.sign_in)],
  [
    "`session`, `code`, `personal_token`",
    limited(LIMITS.session),
    limited(LIMITS.code),
    limited(LIMITS.personal_token),
  ],
  ["`session_token`", limited(LIMITS.session_token)],
  ["`refresh`", limited(LIMITS.refresh)],
  [`registrations an ${per(DOORS.registration)}`, `${DOORS.registration.limit} per address`],
  ["registrations that nobody has agreed to yet", plain(MAX_UNUSED_CLIENTS)],
  ["a registration is kept", days(UNUSED_CLIENT_MS), days(USED_CLIENT_MS)],
  ["the copy of a document that somebody has agreed to", days(KEPT_DOCUMENT_MS)],
  ["a name of an app or account, a title", `${LONGEST_NAME} characters`],
  [
    "client id metadata document",
    bytes(MAX_BYTES),
    time(DOCUMENT_TIMEOUT_MS),
    time(DOCUMENT_TTL_MS),
  ],
  [
    `such documents an ${per(DOCUMENT_LIMITS)} that nobody has agreed to yet`,
    `${DOCUMENT_LIMITS.perAddress} per address`,
    `${DOCUMENT_LIMITS.perHost} per host`,
    `${DOCUMENT_LIMITS.newHosts} new hosts`,
  ],
  [
    "a document that was agreed to, while its host is out",
    days(STALE_DOCUMENT_MS),
    time(DOCUMENT_RETRY_MS),
  ],
  ["such documents in memory", plain(MAX_DOCUMENTS)],
  [
    "keys of a client",
    `${MAX_CLIENT_KEYS}, RSA of ${plain(RSA_BITS.least)} to ${plain(RSA_BITS.most)} bits`,
    time(DOCUMENT_TTL_MS),
    `after ${time(KEYS_RENEWAL_MS)}`,
    days(STALE_DOCUMENT_MS),
  ],
  [
    "a DPoP proof",
    `${plain(MAX_PROOF)} characters`,
    `of ${MAX_JTI}`,
    time(PROOF_MS),
    time(NONCE_MS),
    `each ${time(NONCE_EVERY_MS).replace("1 ", "")}`,
  ],
  ["DPoP proofs of calls that read, in memory", plain(MAX_SEEN)],
  ["a client's assertion", time(ASSERTION_MS), time(PROOF_SKEW_MS), `${MAX_JTI} characters`],
  ["assertions of one client", often(DOORS.assertion)],
  ["wrong API keys, wrong client secrets", often(GUESSES), days(KNOWN_MS)],
  ["wrong codes and refresh tokens", often(DOORS.wrong_token)],
  ["wrong connect links", often(DOORS.wrong_link)],
  ["wrong codes for `POST /links/claim`", often(DOORS.wrong_claim)],
  ["API keys and clients at `POST /connections` that are refused", often(DOORS.wrong_key)],
  [
    "connect links that are alive",
    `${LINKS_ALIVE.perSubject} per user`,
    `${plain(LINKS_ALIVE.perApp)} per API key`,
    `${plain(LINKS_ALIVE.all)} in all`,
  ],
  [
    "what `OIDC_ISSUER` says: a document, its keys, userinfo",
    bytes(OIDC_MAX_BYTES),
    time(OIDC_TIMEOUT_MS),
    time(OIDC_FOUND_MS),
    time(PROVIDER_KEYS_MS),
    time(OIDC_FAILED_MS),
    time(PROVIDER_KEYS_RENEWAL_MS),
  ],
  ["an ID token", time(OLDEST_ID_TOKEN_SECONDS * 1000)],
  ["sign-ins that are begun", often(SIGN_IN_STARTS)],
  [
    "sign-ins that are under way",
    `${SIGNING_IN.perBrowser} per browser`,
    `${plain(SIGNING_IN.all)} in all`,
  ],
  [
    "connecting that is under way",
    `${CONNECTING.perSubject} per user`,
    `${plain(CONNECTING.all)} in all`,
  ],
  [
    "a person's sign-ins, personal tokens",
    `${DOORS.session.limit}, ${DOORS.personal_token.limit} in ${days(DOORS.session.windowMs)}`,
    days(DOORS.personal_token.windowMs),
  ],
  ["MCP clients that a person allows", often(DOORS.code)],
  [
    "session tokens that a backend makes",
    `${plain(DOORS.session_token.limit)} in ${days(DOORS.session_token.windowMs)} per user`,
    `${SESSION_TOKEN_SECONDS.min} to ${plain(SESSION_TOKEN_SECONDS.max)} seconds`,
    `${SESSION_LISTS.services} services`,
    `${SESSION_LISTS.tools} tools`,
    `${SESSION_LISTS.accounts} accounts`,
  ],
  ["refreshes of one grant, in each branch", often(DOORS.refresh)],
  ["addresses, hosts, grants, … that are counted, of each kind", plain(MAX_KEYS)],
  ["a call", time(CALL_TIMEOUT_MS)],
  ["`?voice=true`", `${VOICE_TIMEOUT_MS / 1000} seconds`],
  ["`?timeout_ms`", `${TIMEOUT_MS.least} to ${plain(TIMEOUT_MS.most)} ms`],
  ["the same call again, under the same credential", time(BY_KEY_MS), time(BY_ID_MS)],
  ["an answer that is remembered", `${plain(MAX_OUTCOME)} characters`],
  ["an answer that cannot be recorded", time(RECORD_PATIENCE_MS)],
  ["a call whose process died", time(RUNNING_MS)],
  ["an API's answer", bytes(MAX_ANSWER_BYTES)],
  [
    "an attachment that is read or forwarded; all that are forwarded",
    `${MAX_FILE_BYTES / 1e6} MB; ${MAX_FORWARDED_BYTES / 1e6} MB, ${MAX_FORWARDED_FILES} files`,
  ],
  [
    "messages that are labelled at once; looked at again one by one",
    `${plain(MAX_MESSAGES)}; ${MAX_CHECKED}`,
  ],
  ["all answers of one call", bytes(MAX_CALL_BYTES), `${MAX_CALL_REQUESTS} requests`],
  [
    "a document whose text is read",
    bytes(MAX_DOCUMENT_BYTES),
    time(DOCUMENT_MS),
    `${plain(PDF_PAGES)} pages`,
  ],
  [
    "what it unpacks to; its parts; memory for it",
    bytes(MAX_UNPACKED),
    plain(ARCHIVE_PARTS),
    bytes(DOCUMENT_MEMORY),
  ],
  [
    "documents that are read at the same time; that wait",
    `${DOCUMENTS_AT_ONCE}, ${DOCUMENTS_WAITING}`,
  ],
  ["where an upstream's people sign in, as it was found", time(FOUND_FOR_MS)],
  ["a discovery, a registration", time(DISCOVERY_TIMEOUT_MS)],
  ["a registration that another process has begun", time(REGISTERING_MS)],
  ["registrations at an upstream that are kept", plain(MAX_REGISTRATIONS)],
  ["an upstream's call", time(DEFAULT_TIMEOUT_MS)],
  ["a call that tells its progress, a list of many pages", `${LONGEST_TIMES} times`],
  [
    "progress that is passed on",
    `${plain(MAX_PROGRESS)} notifications`,
    `${plain(MAX_PROGRESS_MESSAGE)} characters`,
  ],
  ["an upstream's message", bytes(MAX_MESSAGE_BYTES)],
  [
    "what one request to an upstream brings",
    bytes(MAX_REPLY_BYTES),
    `${plain(MAX_EVENTS)} events`,
    `${MAX_REQUESTS} requests`,
    `${plain(MAX_MESSAGE_VALUES)} values`,
  ],
  ["a stream is taken up again", time(RESUME_MS), time(LONGEST_RESUME_MS)],
  ["what comes behind an answer", time(TRAILING_MS)],
  [
    "an error's body; an error's words",
    bytes(MAX_ERROR_BYTES),
    `${plain(MAX_ERROR_WORDS)} characters`,
  ],
  ["what an upstream asks the person", `${MAX_ASKED} characters`, plain(MAX_URL)],
  ["a session with an upstream that nobody uses", time(SESSION_IDLE_MS), plain(MAX_SESSIONS)],
  [
    "a stream of what has changed",
    `opened again ${MAX_SILENT_STREAMS} times`,
    time(RESUME_MS),
    `${plain(MAX_EVENTS)} events`,
    bytes(MAX_REPLY_BYTES),
    `${MAX_REQUESTS} questions`,
  ],
  ["what a server without sessions said of itself", time(GREETING_KNOWN_MS)],
  ["which era a server speaks", time(ERA_KNOWN_MS), time(PROBE_MS)],
  ["local servers", `${MAX_PROCESSES} in all`, `${DEFAULT_PROCESSES} of one upstream`],
  ["a local server that fails", time(FIRST_REST_MS), time(LONGEST_REST_MS), time(STEADY_MS)],
  ["messages that a local server has not read", `${MAX_UNREAD}`],
  ["a local server's last words", `${LAST_LINES} lines`, `${LAST_LINE_LENGTH} characters`],
  ["a list is kept", time(LIST_TTL_MS)],
  ["pages of a list", plain(MAX_PAGES)],
  [
    "a tool's definition",
    bytes(MAX_DEFINITION_BYTES),
    `${MAX_DEPTH} levels`,
    `${MAX_REMOTE_NAME} characters`,
    bytes(MAX_LIST_BYTES),
  ],
  ["a caller's list waits", time(LIST_PATIENCE_MS)],
  ["an upstream that is down", time(RETRY_MS)],
  ["a client may keep its list of tools (2026-07-28)", time(TOOLS_TTL_MS)],
  [
    "an address's query that is repeated in metadata and in `WWW-Authenticate`",
    `${plain(LONGEST_QUERY)} characters`,
  ],
  [
    "prompts and resources are kept, for each person alone",
    time(OFFER_TTL_MS),
    `${plain(MAX_OFFERS)} people`,
    bytes(MAX_OFFERS_BYTES),
  ],
  [
    "prompts, resources, templates of one upstream",
    `${plain(MAX_FEATURES)} of each`,
    `${plain(MAX_FEATURE_PAGES)} pages`,
    bytes(MAX_OFFER_BYTES),
  ],
  ["a description of a prompt or resource", `${plain(MAX_FEATURE_DESCRIPTION)} characters`],
  ["a resource's URI", `${plain(MAX_URI)} characters`],
  [
    "what an upstream logs during a call",
    `${plain(MAX_LOG_MESSAGES)} messages`,
    `${plain(MAX_LOG_LENGTH)} characters`,
  ],
  [
    "forms that an upstream asks for during a call",
    plain(MAX_ASKED_FORMS),
    `${plain(MAX_QUESTION)} characters`,
    bytes(MAX_FORM_BYTES),
  ],
  ["the stream of what an upstream asks beside a call, to open", time(ASIDE_MS)],
  ["what was done for a person is kept", days(ACTIVITY_KEPT_MS), time(ACTIVITY_FLUSH_MS)],
  [
    "what is alike, of one person",
    `1 entry a ${time(SAME_MS).replace("1 ", "")}`,
    `${BLOCK_ENTRIES} entries in ${time(BLOCK_MS)}`,
  ],
  [
    "what waits to be written in one process; while the store is out",
    plain(MOST_WAITING),
    time(ACTIVITY_PATIENCE_MS),
  ],
  ["people whose record one process knows the end of", plain(MOST_OPEN)],
  ["what the records were, is written down", time(ANCHOR_MS), plain(ANCHORS_AT_ONCE)],
  ["a page of it", plain(LONGEST_ACTIVITY_PAGE), plain(BLOCKS_OF_A_PAGE)],
  ["accounts and services whose last use is known", plain(MOST_USES)],
  [
    "connections of an older version that one round of housekeeping counts",
    plain(COUNTED_IN_A_RUN),
  ],
  ["a page of what has to be connected again", plain(LONGEST_DEAD_PAGE)],
  ["figures of the hour", time(HOURS_SHOWN * 3_600_000)],
  ["questions that wait for people's answers", plain(MAX_QUESTIONS)],
  ["the log level that a client has set", time(LOG_LEVEL_MS), `${plain(MAX_LOG_LEVELS)} clients`],
  ["messages of a prompt, contents of a resource", plain(MAX_PARTS)],
  ["what is kept of a registration", bytes(MAX_REGISTRATION_BYTES)],
  [
    "finding out how a server signs people in",
    `${DISCOVERY_REQUESTS} requests`,
    bytes(DOCUMENT_MAX_BYTES),
  ],
  [
    "registering at its authorization server",
    `${REGISTRATION_TRIES} tries`,
    bytes(REGISTRATION_ANSWER_BYTES),
  ],
  ["a client's secret there that ends", time(SECRET_MARGIN_MS)],
  [
    "an answer from an address that a server names",
    bytes(CAREFUL_MAX_BYTES),
    bytes(MAX_HEADER_BYTES),
    time(CAREFUL_TIMEOUT_MS),
  ],
  [
    "a program that is told to end: it serves on, then what runs has",
    time(DRAIN_DELAY_MS),
    time(DRAIN_MS),
    `${(DEPLOY_DRAIN.delayMs + DEPLOY_DRAIN.graceMs) / 1000} seconds`,
  ],
  ["a local upstream, to end", time(END_PATIENCE_MS)],
  ["tools of one upstream", plain(MAX_TOOLS)],
  ["tools of one upstream that are remembered", plain(MAX_ON_RECORD)],
  ["forms of one tool that wait, of an upstream that is a person's own", plain(MAX_FORMS)],
  [
    "lists of one upstream in memory, where they are people's own",
    `${plain(MAX_PEOPLE)} people`,
    bytes(MAX_HELD_BYTES),
  ],
  [
    "what was made of tools for one person, for the next who is listed the same",
    `${plain(MOST_RECENT)} tools`,
    bytes(MOST_RECENT_BYTES),
  ],
  [
    "what people have connected, in memory for lists of tools",
    time(HELD_MS),
    `${plain(MAX_HELD_PEOPLE)} people`,
    `${plain(MAX_HELD)} accounts`,
  ],
  ["a person's list in KV, sealed", time(KEPT_MS), time(LIST_TTL_MS), bytes(LIST_PAGE_BYTES)],
  [
    "a definition that is one person's alone, in words",
    `${plain(LONGEST_SHOWN)} characters`,
    days(SHOWN_MS),
  ],
  [
    "what was left out of lists, for `deno task upstreams`",
    `${plain(MAX_FINDINGS)} of an upstream`,
    time(FINDING_MS),
  ],
  ["a definition that is kept to be compared", `${plain(MAX_KEPT)} characters`],
  ["a digest that is accepted", `${LEAST_DIGITS} digits`],
  ["a secret that is looked for in answers", `${LEAST_SECRET} characters`],
  ["escapes in an answer that is searched for secrets", plain(MAX_ESCAPES)],
  ["a body that can be sent again after a 401", bytes(REPLAY_BYTES)],
  ["silence, of the provider or of who sends a body", time(SILENCE_MS)],
  ["records that are looked at for a missing key", plain(CHECKED_RECORDS), "once an hour"],
  [
    "settings of the console",
    bytes(MAX_SETTINGS_BYTES),
    `${SETTINGS_LIMITS.apps} apps`,
    `${SETTINGS_LIMITS.upstreams} MCP servers`,
    `${SETTINGS_LIMITS.operators} operators`,
  ],
  [
    "an app of the console",
    `${SETTINGS_LIMITS.keysPerApp} keys`,
    `${SETTINGS_LIMITS.returnUrls} return URLs`,
    `${SETTINGS_LIMITS.services} services`,
    `${SETTINGS_LIMITS.tools} tools`,
  ],
  ["an app's picture", bytes(MAX_LOGO_BYTES)],
  ["a changed setting in other processes", time(LOOK_AGAIN_MS), time(LOOK_PATIENCE_MS)],
  ["a sign-in that settings are changed by", time(FRESH_MS)],
  ["the first setup: its code, its session", time(SETUP_CODE_MS), time(SETUP_MS)],
  ["wrong setup codes", often(DOORS.wrong_setup)],
  ["keys in a file", time(RELOAD_MS), time(LOOK_EVERY_MS)],
  ["a process says which keys it has", time(ANNOUNCE_AGAIN_MS), time(ANNOUNCED_MS)],
  ["a sealed record", bytes(MAX_BOX_BYTES), bytes(PIECE_BYTES)],
  [
    "at a SQLite file",
    `${READS_AT_ONCE} lists`,
    `${GETS_TOGETHER} single keys for ${TOLD_TOGETHER} who want them`,
    `${COMMITS_AT_ONCE} commits`,
  ],
  ["what waits there of one app, client or person", plain(MAX_WAITING)],
  [
    "requests of tools to one provider, in one process; a turn is waited for; of one person wait",
    plain(PROVIDER_AT_ONCE),
    time(TURN_WAIT_MS),
    plain(MOST_TURNS_WAITING),
  ],
  [
    "what other processes were asked by a provider is looked for; that takes",
    time(PAUSES_KNOWN_MS),
    time(PAUSES_WAIT_MS),
  ],
  ["what limits need of a store that is slow, or out", time(LIMIT_PATIENCE_MS), time(LIMIT_OUT_MS)],
  ["a locked SQLite file", time(GIVE_UP_AFTER_MS)],
  ["an event is kept, and can be read or sent again", days(EVENT_KEPT_MS), days(FAREWELL_KEPT_MS)],
  ["an event is tried", days(TRIED_MS)],
  [
    "between two tries of an event, growing",
    time(EVENT_RETRY_MS.first),
    time(EVENT_RETRY_MS.longest),
  ],
  ["a receiver that is down is left alone, growing", time(PAUSE_MS.first), time(PAUSE_MS.longest)],
  ["failures in a row that say so", plain(FAILURES_TO_PAUSE)],
  ["`Retry-After` of a receiver", time(LONGEST_RETRY_AFTER_MS)],
  ["one try, of it an answer", time(ATTEMPT_MS), bytes(EVENT_ANSWER_BYTES)],
  ["users whose events are sent to one receiver at a time", plain(LANES_AT_ONCE)],
  ["events of one page", plain(EVENTS_OF_A_PAGE.usual), plain(EVENTS_OF_A_PAGE.most)],
  ["events sent again by one press", plain(MOST_REPLAYED)],
  ["scopes and services told in one event", plain(MOST_TOLD)],
];

Deno.test("the README's limits are the code's", async () => {
  const [, section = ""] = /\n## Limits\n(.*?)\n## /s.exec(
    await Deno.readTextFile(new URL("../README.md", import.meta.url)),
  ) ?? [];
  for (const [what, ...limits] of ROWS) {
    const line = section.split("\n").filter((line) => line.startsWith(`| ${what} | `));
    assertEquals(line.length, 1, what);
    const said = line[0]!.slice(`| ${what} | `.length).split(" | ")[0]!;
    for (const limit of limits) {
      assertMatch(said, new RegExp(`(^|[^\\d.,])${limit}`), `the README's limit of ${what}`);
    }
  }
});
