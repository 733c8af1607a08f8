import { assert, assertEquals, assertThrows } from "@std/assert";
import { afterChange, type ChangeContext } from "../../../broker/config/settings_change.ts";
import { MAX_LOGO_BYTES } from "../../../broker/core/app_face.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import {
  NO_SETTINGS,
  SETTINGS_LIMITS,
  type SettingsChange,
  type StoredSettings,
} from "../../../broker/core/settings.ts";
import { digestHex } from "../../../tasks/key.ts";
import { PNG } from "../../support/pictures.ts";

function context(more: Partial<ChangeContext> = {}): ChangeContext {
  let id = 0;
  return {
    changed: { at: 7, by: "github:1" },
    realmsByEnv: ["voice"],
    hasOperatorByEnv: false,
    urlOf: () => undefined,
    newId: () => String(++id),
    ...more,
  };
}

/** The settings after some changes, one after the other. */
function after(changes: SettingsChange[], more: Partial<ChangeContext> = {}): StoredSettings {
  const all = context(more);
  return changes.reduce((settings, each) => afterChange(settings, each, all), NO_SETTINGS);
}

function refused(changes: SettingsChange[], more: Partial<ChangeContext> = {}): string {
  const error = assertThrows(() => after(changes, more), Refusal);
  assert(error.reason.code === "invalid_request");
  return error.reason.detail;
}

const desk: SettingsChange = { kind: "app", realm: "desk", app: { name: "Desk" } };
const keyOf = (text: string): SettingsChange => ({
  kind: "key",
  realm: "desk",
  sha256: digestHex(text),
});

Deno.test("an app is said anew and keeps its keys and its picture", () => {
  const { apps: [app] } = after([
    { kind: "app", realm: "desk", app: { name: "Desk", logo: PNG } },
    keyOf("a"),
    { kind: "app", realm: "desk", app: { operator: "Example Inc." } },
  ]);
  assertEquals([app?.name, app?.operator, app?.keys.length], [undefined, "Example Inc.", 1]);
  assertEquals(app?.logo?.type, "image/png");
  assertEquals(app?.changed, { at: 7, by: "github:1" });
  const { apps: [bare] } = after([
    { kind: "app", realm: "desk", app: { logo: PNG } },
    { kind: "app", realm: "desk", app: { logo: null } },
  ]);
  assertEquals(bare?.logo, undefined);
});

Deno.test("an app has two keys at most, and none here where env has its key", () => {
  const two = [desk, keyOf("a"), keyOf("b")];
  assertEquals(after(two).apps[0]?.keys.map(({ id }) => id), ["1", "2"]);
  assertEquals(refused([...two, keyOf("c")]), '"desk" has 2 keys; withdraw one first.');
  const left = after([...two, { kind: "key_withdrawn", realm: "desk", id: "1" }, keyOf("c")]);
  assertEquals(left.apps[0]?.keys.map(({ id }) => id), ["2", "3"]);
  assertEquals(
    refused([{ ...desk, realm: "voice" } as SettingsChange, {
      kind: "key",
      realm: "voice",
      sha256: digestHex("a"),
    }]),
    'The key of "voice" is set by API_KEYS.',
  );
});

Deno.test("a picture is a small PNG, JPEG or WebP by its own bytes", () => {
  const bytes = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
  const large = new Uint8Array(MAX_LOGO_BYTES + 1);
  large.set(PNG);
  const others = [
    bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    bytes("<html><script>alert(1)</script>"),
    bytes("GIF89a"),
    bytes("\uFEFF<?xml version='1.0'?>"),
    new Uint8Array(),
    large,
  ];
  for (const logo of others) {
    const detail = refused([{ kind: "app", realm: "desk", app: { logo } }]);
    assertEquals(detail, "logo: must be a PNG, JPEG or WebP of at most 32 KB.");
  }
});

Deno.test("settings are bounded in number and in size", () => {
  const apps = Array.from({ length: SETTINGS_LIMITS.apps }, (_, at): SettingsChange => ({
    kind: "app",
    realm: `app${at}`,
    app: {},
  }));
  assertEquals(after(apps).apps.length, SETTINGS_LIMITS.apps);
  assertEquals(refused([...apps, desk]), "There are 100 of these, and no more can be added.");
  const huge = Array.from({ length: 20 }, () => `https://a.example/${"x".repeat(1900)}`);
  const many = apps.map((each): SettingsChange => ({
    ...each as Extract<SettingsChange, { kind: "app" }>,
    app: { returnUrls: huge },
  }));
  assertEquals(refused(many), "settings: all of them have more than 262144 bytes.");
});

Deno.test("the last operator stays, unless env names one", () => {
  const me = { provider: "github", email: "me@example.com" };
  const changes: SettingsChange[] = [{ kind: "operator", ...me }, {
    kind: "operator_removed",
    ...me,
  }];
  assertEquals(refused(changes), "This is the only operator; name another one first.");
  assertEquals(after(changes, { hasOperatorByEnv: true }).operators, []);
});

Deno.test("an MCP server takes the client that was set for it along", () => {
  const url = "https://notes.example.com/mcp";
  const client: SettingsChange = {
    kind: "credentials",
    provider: "notes",
    clientId: "id",
    clientSecret: "secret",
  };
  const changes: SettingsChange[] = [{ kind: "upstream", name: "notes", url }, client];
  const urlOf = () => url;
  assertEquals(after(changes, { urlOf }).credentials[0]?.url, url);
  const gone: SettingsChange = { kind: "upstream_removed", name: "notes" };
  assertEquals(after([...changes, gone], { urlOf }).credentials, []);
});

Deno.test("what is noted of credentials leaves them as they are, and goes with them", () => {
  const set = { provider: "github", clientId: "id", clientSecret: "its-secret" };
  const noted: SettingsChange = {
    ...{ kind: "credentials_noted", provider: "github", secretEnds: "2027-03-01" },
  };
  const [kept] = after([{ kind: "credentials", ...set }, noted]).credentials;
  const { changed: _, ...entry } = kept!;
  assertEquals(entry, { ...set, secretEnds: "2027-03-01", isTesting: undefined });
  // Another secret has another end.
  const [replaced] = after([
    { kind: "credentials", ...set },
    noted,
    { kind: "credentials", ...set, clientSecret: "other" },
  ]).credentials;
  assertEquals(replaced!.secretEnds, undefined);
});

Deno.test("what is not there cannot be taken away", () => {
  const gone: SettingsChange[] = [
    { kind: "app_removed", realm: "desk" },
    { kind: "credentials_removed", provider: "github" },
    { kind: "upstream_removed", name: "notes" },
    { kind: "operator_removed", provider: "github", email: "me@example.com" },
  ];
  for (const each of gone) assertEquals(refused([each]), "There is no such entry here.");
  const noted: SettingsChange = { kind: "credentials_noted", provider: "github" };
  assertEquals(refused([noted]), 'There are no credentials of "github" here.');
  assertEquals(refused([keyOf("a")]), 'There is no app "desk" here.');
});
