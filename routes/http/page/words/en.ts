/**
 * Every word that people read on a page, in English. Another language is one
 * more file of this shape, and a line in `language.ts`.
 *
 * What stands in braces is filled in; names in it are the same in each
 * language, which a test sees to.
 *
 * @module
 */

import type { Plural } from "./say.ts";

export const en = {
  lang: "en",
  dir: "ltr" as "ltr" | "rtl",

  frame: {
    skip: "Skip to the content",
    sections: "Sections",
    services: "Services",
    apps: "Apps",
    activity: "Activity",
    setUp: "Set up",
    you: "You",
    console: "Console",
    runBy: "Run by {operator}",
    privacy: "Privacy",
    copy: "Copy",
    copied: "Copied",
    cancel: "Cancel",
    back: "Back",
    home: "Go to your page",
    tryAgain: "Try again",
    forSupport: "For whoever helps you",
    search: "Search",
    tick: "Done",
  },

  time: {
    justNow: "just now",
    withinTheHour: "within the hour",
    hoursAgo: { one: "an hour ago", other: "{count} hours ago" } as Plural,
    daysAgo: { one: "a day ago", other: "{count} days ago" } as Plural,
    minutesAgo: { one: "a minute ago", other: "{count} minutes ago" } as Plural,
  },

  connect: {
    title: "Connect {service}?",
    asks: "The app {app} asks to use your {service} account for its user {user}.",
    asksForSecret: "The app {app} asks for {what} of your {service} account, for its user {user}.",
    self: "You are signed in as {user}.",
    appCan: "{app} will be able to:",
    toolsCan: "Your tools will be able to:",
    appCanAll: "{app} will be able to do all that you can do there.",
    toolsCanAll: "Your tools will be able to do all that you can do there.",
    appCanKey: "{app} will be able to use it to:",
    toolsCanKey: "Your tools will be able to use it to:",
    appCanAllKey: "{app} will be able to do with it all that the {thing} allows.",
    toolsCanAllKey: "Your tools will be able to do with it all that the {thing} allows.",
    about: "This is about your {provider} account {account}: sign in with that one.",
    aboutPasted: "This is about your {provider} account {account}: paste {thing} of that one.",
    mcpServer: "MCP server",
    go: "Continue to {provider}",
    goPaste: "Connect {service}",
    password:
      "You will sign in at {provider}; nobody here sees your password. You can disconnect at any time.",
    kept:
      "{service} is asked whose it is before it is kept, and it is not shown again. To end it, delete it at {service}.",
    notYou: "Did somebody send you this link, or are you not {user}? Then cancel.",
    makeOne: "Make {thing} at {service}",
    secrets: {
      api_key: { what: "an API key", thing: "a key", bare: "key" },
      client_credentials: { what: "a client id and secret", thing: "a client", bare: "client" },
    },
    fields: { key: "API key", client_id: "Client id", client_secret: "Client secret" },
  },

  connected: {
    done: "✓ {service} connected",
    nothing: "{provider}: nothing was allowed",
    as: "As {account}.",
    signedInAs: "Signed in as {account}.",
    renews: "It stays connected by itself until you end it.",
    goBack: "You can close this page and go back to your app.",
    close: "Close this page",
    home: "Back to your page",
    otherAccount:
      "You signed in as {account}, and not as {meant}, which this was about. {account} is connected beside it now, as another account; {meant} is as it was.",
    otherSecret: {
      key:
        "This is a key of {account}, and not of {meant}, which this was about. {account} is connected beside it now, as another account; {meant} is as it was.",
      client:
        "This is a client of {account}, and not of {meant}, which this was about. {account} is connected beside it now, as another account; {meant} is as it was.",
    },
    withheld: "You left this unticked at {provider}, so it cannot be used:",
    allowRest: "Try again and allow it",
    againAs: "Try again as {meant}",
    leave: "To leave it as it is, close this page.",
    keepBoth: "To keep {account} as another account, close this page.",
    beforeTitle: "This is done already",
    before: "{service} was connected as {account}. You can close this page.",
    beforeHandedOff: "You have signed in to {service} as {account}. Go on in your app.",
    relayTitle: "One more step",
    relay: "You are back from {provider}.",
    relayGo: "Continue",
    asAlready: "Already connected as {account}",
  },

  signIn: {
    title: "Sign in to Switchboard",
    nobody: "Nobody can sign in here yet: no provider for it is set up.",
    with: "Continue with {provider}",
    only: "Only your name and e-mail address are asked for, to know who you are.",
    what: "Connect your accounts once, and say which apps may use them.",
  },

  consent: {
    title: "Allow “{client}”?",
    wants: "It wants to use tools in your name. You are signed in as {user}.",
    verified: "Verified: {host} vouches for this app.",
    verifiedHere:
      "Verified: {host} vouches for this app. It runs on this device: go on only if you have just started it.",
    byOperator: "Verified: the operator of this Switchboard knows this app.",
    unverified:
      "Not verified: the app chose this name itself. Go on only if you have just started this.",
    sentTo: "You will be sent to {host}.",
    onDevice: "an app on this device ({scheme})",
    services: "Services",
    servicesHint: "Tick what it may use.",
    notConnected: "not connected yet",
    nothingTicked: "Nothing is ticked. Tick at least one service, or do not allow it.",
    readsOnly: "It asks to read, and to change nothing.",
    access: "Access",
    accessTo: "Access to {services}",
    readOnly: "Read only",
    readAndChange: "Read and change",
    widen: "Let it change things as well, if you want to",
    widenIn: "Change things in {service}",
    allow: "Allow",
    deny: "Do not allow",
    ends:
      "It ends by itself on {day}, or after {days} without use. You can take it back at any time on your Switchboard page.",
    days: { one: "{count} day", other: "{count} days" } as Plural,
  },

  home: {
    title: "Your services",
    signedInAs: "Signed in as {user}",
    lead: "Connect an account once; the apps below use it in your name.",
    needsYou: "Needs you",
    connected: "Connected",
    more: "More to connect",
    servers: "MCP servers",
    find: "Find a service",
    found: { one: "{count} service", other: "{count} services" } as Plural,
    none: "No service has this name.",
    all: "Show all",
    nothingHere: "No service is set up here yet.",
    state: {
      connectedAs: "Connected as {account}",
      connected: "Connected",
      accounts: { one: "{count} account", other: "{count} accounts" } as Plural,
      reconnect: "Needs you to reconnect",
      moved: "Moved to another server",
      none: "Not connected",
    },
    renews: "Refreshes by itself",
    lasts: "Lasts until you end it",
    endsOn: "Ends on {day}",
    reconnectWhy:
      "{provider} ended this connection. Nothing else was lost: sign in once more and it goes on.",
    movedWhy: "This connection was moved to another server.",
    since: "Connected since {day}",
    lastUsed: "Last used {when} by {app}",
    lastUsedTool: "Last used {when} by {app} ({tool})",
    neverUsed: "Not used in the last 30 days",
    shared: "What is shared",
    sharedAll: "Everything that you can do there",
    default: "default",
    connect: "Connect",
    connectThis: "Connect {service}",
    another: "Add another account",
    anotherOf: "Add another {service} account",
    preferred: "{account} is the default now.",
    makeDefault: "Make default",
    makeDefaultOf: "Make {account} the default",
    reconnect: "Reconnect",
    reconnectOf: "Reconnect {account}",
    disconnect: "Disconnect",
    disconnectOf: "Disconnect {account} from {service}",
  },

  disconnect: {
    title: "Disconnect {account} from {provider}?",
    what:
      "Apps that use it stop at once. {provider} is told, so that the access is over there as well.",
    also: "This ends all of it: {services}.",
    go: "Disconnect",
    keep: "Keep it",
    revoked: "Revoked at {provider}, {time}. {account} is disconnected.",
    deleted:
      "{account} is disconnected here, {time}. It could not be ended at {provider}: remove it in your account there as well.",
    kept:
      "{account} is disconnected here, {time}. At {provider} the access goes on, since another connection hangs on it.",
    gone: "This account is not connected any more.",
  },

  apps: {
    title: "Apps with access",
    none: "None yet. Set one up, and it appears here.",
    setUp: "Set up an app",
    full: "reads and changes",
    read: "reads only",
    can: "{services}: {access}",
    since: "Since {day}",
    neverUsed: "Never used",
    lastUsed: "Last used {when}",
    ended: "Ended on {day}",
    ends: "Ends on {day} if it is not used",
    narrow: "Narrow",
    narrowOf: "Narrow what {app} may use",
    end: "Revoke",
    endOf: "Revoke {app}",
    narrowTitle: "What may {app} use?",
    narrowLead: "You can only take away here. To give more, let the app ask again.",
    narrowSave: "Save",
    nothing: "Nothing",
    narrowed: "{app} may use less now.",
    narrowNothing: "Nothing is ticked: to end it all, revoke the app.",
    endTitle: "Revoke {app}?",
    endWhat: "It stops at once. It has to ask you again before it can use anything of yours.",
    endGo: "Revoke",
    endKeep: "Keep it",
    endDone: "{app} has no access any more, {time}.",
    places: "Used in {count} places since {time}",
    counts: ["no", "one", "two", "three", "four", "five"],
    several: "several",
    placesWhy:
      "Two windows or devices of yours may share one sign-in. If you do not know a place, end it: the app there has to sign in again. If you cannot tell which, revoke the app and sign in anew.",
    firstPlace: "The first one, since {time}",
    otherPlace: "Another one, since {time}",
    joined: ", with {count} more that came into it",
    endPlace: "End this one",
    turnedAway: "{who} and was turned away, last on {time}.",
    late: "Somebody came with an old key of this app",
    endedKey: "Somebody came with a key of this app that had been ended",
    otherApp: "Another app came with a key of this app",
  },

  tokens: {
    title: "Personal tokens",
    lead: "For voice agents and scripts that can only send a fixed header.",
    make: "Make a token",
    name: "Name",
    example: "Kitchen speaker",
    newTitle: "Your new token",
    newHint: "Copy it now. It is not shown again.",
    sentAs: "It is sent as {header}.",
    made:
      "This token was made already, and is shown only once. If you did not copy it, revoke it and make another one.",
  },

  activity: {
    title: "Activity",
    lead: "What was done in your name in the last 30 days. What was read or written is not kept.",
    none: "Nothing yet.",
    all: "Show all activity",
    older: "Older",
    newest: "Newest",
    time: "Time",
    app: "App",
    did: "What",
    service: "Service",
    outcome: "Outcome",
    ok: "done",
    times: "{count} times",
    you: "You",
    operator: "The operator",
    unknownApp: "An app",
    what: {
      connected: "Connected",
      disconnected: "Disconnected",
      refresh_failed: "Has to be connected again",
      token_handed_out: "Access handed out",
      tool_called: "Tool {tool}",
      signed_in: "Signed in",
      access_allowed: "Allowed access",
      access_ended: "Ended access",
    } as Record<string, string>,
    failed: "did not work ({code})",
  },

  you: {
    title: "You",
    signOut: "Sign out",
    signOutEverywhere: "Sign out everywhere",
    signOutHint:
      "“Everywhere” ends every browser in which you are signed in. Apps keep their access.",
    exportTitle: "Export my data",
    exportHint:
      "All that is kept about you, as JSON. Without secrets: no token and no key is in it.",
    exportGo: "Download",
    deleteTitle: "Delete my data",
    deleteHint:
      "Ends every connection at its provider, every app's access, and removes all that is kept about you.",
    deleteGo: "Delete my data",
    deleteAsk: "Delete everything about {user}?",
    deleteWhat: "This cannot be undone. It ends {connections} and the access of {apps}.",
    deleteConnections: { one: "{count} connection", other: "{count} connections" } as Plural,
    deleteApps: { one: "{count} app", other: "{count} apps" } as Plural,
    deleteType: "Type {word} to go on",
    deleteWord: "delete",
    deleteWrong: "Nothing was deleted: the word was not typed.",
    deleteKeep: "Keep my data",
    deleted: "Your data is deleted",
    deletedAt: "Deleted on {time}",
    revokedAt: "Revoked at {provider}",
    notRevokedAt: "{provider} could not be told: end the access in your account there.",
    removed: "Removed: {what}.",
    tombstone: "One line stays: that an account without a name was deleted at this time.",
    again: "You can sign in again at any time; you begin anew then.",
  },

  endings: {
    nothingNew: "Nothing new was connected",
    unchanged: "Nothing was changed.",
    unknown: "Something may have been changed: look at your connections first.",
    askApp: "To try again, ask your app for a new link.",
    startInApp: "To try again, start again in your app.",
    addAgain: "To try again, remove this server in your app and add it again.",
    reload: "Nothing was changed. Reload this page then.",
    later: "Not just now",
    laterText: "Too many requests of this kind came from here. Try again in {wait}.",
    seconds: { one: "{count} second", other: "{count} seconds" } as Plural,
    minutes: { one: "{count} minute", other: "{count} minutes" } as Plural,
    code: "Reason: {code}",
    detail: "Said to programs: {detail}",
    mendAt: "Mend it at {provider}",
    signInAgain: "Sign in again",
    otherAccount: "Sign in with another account",
    signOutFirst: "Sign out and open the link again",
    expired: {
      title: "This link is too old",
      text:
        "Links to connect an account work for a few minutes only, so that nobody can use them later.",
    },
    used: {
      title: "This link does not work any more",
      text:
        "This link is not valid, or it was used already. A link works once, and in one browser.",
    },
    changed: {
      title: "This link was changed on its way",
      text:
        "This link was changed: part of its address is missing or different. Copy all of it, or open it where you got it.",
    },
    withdrawn: {
      title: "This link may not be used any more",
      text: "The app or whoever runs this page has taken it back since it was made.",
    },
    otherBrowser: {
      title: "This was started in another browser",
      text:
        "This sign-in was started in another browser. For your safety it can be finished only there.",
    },
    doneElsewhere: {
      title: "This is done already",
      text: "This sign-in is not needed any more: another one was finished with the same link.",
    },
    finished: {
      title: "This sign-in is over",
      text: "This sign-in is unknown, or it was finished already.",
    },
    noState: {
      title: "This answer belongs to no sign-in",
      text: "The answer does not say which sign-in it belongs to: that one is unknown.",
    },
    tookTooLong: {
      title: "This sign-in took too long",
      text: "It has to be finished within ten minutes. Begin again, it is quick.",
    },
    otherService: {
      title: "This was another sign-in",
      text: "This sign-in was started for another service.",
    },
    otherIssuer: {
      title: "This answer came from elsewhere",
      text: "This answer came from another sign-in server. For your safety it was not taken.",
    },
    denied: {
      title: "You said no, and that is fine",
      text: "{provider} was not connected, as you chose.",
    },
    cancelled: {
      title: "You cancelled",
      text: "{service} was not connected, as you chose.",
    },
    providerDown: {
      title: "{provider} is not answering",
      text:
        "{provider} could not finish the sign-in at the moment. That is on its side, and mostly over in a few minutes.",
    },
    providerAsks: {
      title: "{provider} needs your answer",
      text: "{provider} did not ask you, and needs your answer.",
    },
    notInstalled: {
      title: "The app is not installed there",
      text:
        "The app is not installed there, or you may not see that it is. Install it first, then try again.",
    },
    notOwner: {
      title: "This takes somebody with more rights",
      text:
        "The app acts for all repositories that it was installed for. To connect it takes the owner of that account or organization, or somebody who administers each of these repositories.",
    },
    misconfigured: {
      title: "{provider} cannot be connected here at the moment",
      text:
        "{provider} does not accept this server's registration. The server's operator must act; connecting again does not help. You have done nothing wrong.",
    },
    providerRefused: {
      title: "{provider} did not finish the sign-in",
      text: "{provider} refused to finish the sign-in.",
    },
    unreadable: {
      title: "{provider} gave no usable answer",
      text:
        "{provider} may be out of order at the moment, and mostly answers again in a few minutes.",
    },
    unavailable: {
      title: "{provider} is not answering",
      text: "{provider} is not answering. Try again in {wait}.",
    },
    keyMalformed: {
      title: "This is no key of {provider}",
      text:
        "This is no API key of {provider}: it does not look like one. Copy all of it, and nothing else.",
    },
    keyRefused: {
      title: "{provider} does not accept this key",
      text: "{provider} does not accept this API key, or the key may not see whose it is.",
    },
    keyUnclear: {
      title: "Whose key is this?",
      text: "{provider} did not say whose API key this is.",
    },
    clientMalformed: {
      title: "This is no client of {provider}",
      text: "This is no client id and secret of {provider}. Copy all of both, and nothing else.",
    },
    clientRefused: {
      title: "{provider} does not accept this client",
      text:
        "{provider} issues no token for this client id and secret. They may be wrong, or the client may not do what is asked for.",
    },
    clientUnclear: {
      title: "Whose client is this?",
      text: "{provider} did not say whose client this is.",
    },
    notStored: {
      title: "{provider} could not be stored",
      text: "{provider} was not connected: it could not be stored.",
    },
    notKeepable: {
      title: "{provider} could not be kept",
      text: "{provider} was not connected: {detail}.",
    },
    access: {
      taken_back: "The access that was just given has been taken back.",
      not_taken_back:
        "The access that was just given could not be taken back: it can be removed in your account at {provider}.",
      held_before: "The connection that was there before is as it was.",
    },
    vault: {
      title: "Not at the moment",
      text: "The stored connection cannot be opened at the moment.",
    },
    store: {
      title: "Not at the moment",
      text: "The store is not answering. Try again in a few seconds.",
    },
    signInRefused: {
      title: "This account may not sign in here",
      text:
        "You signed in, but this account may not sign in here: it is not on the list. Use another account, or ask whoever runs this page to add yours.",
    },
    signInNeeded: {
      title: "Sign in first",
      text: "You are not signed in any more in this browser.",
    },
    otherPerson: {
      title: "This link is for somebody else",
      text: "This link is for another person than the one signed in.",
    },
    unknownApp: {
      title: "This app is not known here",
      text: "This app is not known here. It may have to register again.",
    },
    appDocuments: {
      title: "This app is not known here",
      text: "Apps with a client id metadata document are not known here: this app has to register.",
    },
    appDescription: {
      title: "This app cannot be used",
      text: "This app's description cannot be used: {detail}.",
    },
    appAddress: {
      title: "This app asked for the wrong way back",
      text:
        "This app may not send people back to that address. For your safety nobody is sent there.",
    },
    crossSite: {
      title: "This did not come from this page",
      text:
        "This request came from another site, or the page was open for too long. Open the page again, and press the button there.",
    },
    notFound: {
      title: "There is nothing here",
      text: "There is nothing at this address.",
    },
    wrongHost: {
      title: "This address is not served here",
      text: "This host name is not served here.",
    },
    unknownService: {
      title: "There is no such service here",
      text: "There is no service “{service}” here.",
    },
    notAllowed: {
      title: "This app may not use {service}",
      text: "Whoever runs this page has not allowed it.",
    },
    tooLarge: {
      title: "That is too long",
      text: "That is too large to be kept.",
    },
    wrongInput: {
      title: "Something is missing",
      text: "{detail}",
    },
    own: {
      title: "Something went wrong here",
      text: "That is our fault, not yours. Try again in a moment.",
    },
  },
};

type Words<T> = T extends string ? string : { [K in keyof T]: Words<T[K]> };

/** The shape of every language's words. */
export type Catalogue = Omit<Words<typeof en>, "dir"> & { dir: "ltr" | "rtl" };
