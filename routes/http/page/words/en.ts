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
    rawScope: "What {provider} calls “{scope}”",
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
      "Before it is saved, {service} is asked whose it is. It is not shown again. To end it, delete it at {service}.",
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
    goBack: "You can close this page and go back to your app.",
    close: "Close this page",
    home: "Back to your page",
    otherAccount:
      "You signed in as {account}, and not as {meant}, which this was about. {account} is connected as well now, as another account; {meant} is as it was.",
    otherSecret: {
      key:
        "This is a key of {account}, and not of {meant}, which this was about. {account} is connected as well now, as another account; {meant} is as it was.",
      client:
        "This is a client of {account}, and not of {meant}, which this was about. {account} is connected as well now, as another account; {meant} is as it was.",
    },
    withheld: "You left this unticked at {provider}, so it cannot be used:",
    withheldSecret: "This is not allowed to it at {provider}, so it cannot be used:",
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

  popup: {
    not: "{service} was not connected",
    goesBack: "You go back to your app now, and this window closes.",
    go: "Go back to your app",
    almost: "Almost connected",
    lost:
      "Your app's page, which this window belongs to, could not be reached: {service} is not connected. Close this window, and connect once more in your app.",
    close: "Close this window, and go back to your app.",
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
    needsYou: "Needs your attention",
    connected: "Connected",
    more: "More to connect",
    servers: "MCP servers",
    find: "Find a service",
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
    someApp: "an app",
    neverUsed: "Not used in the last 30 days",
    shared: "What is shared",
    sharedAll: "Everything that you can do there",
    default: "default",
    connect: "Connect",
    connectThis: "Connect {service}",
    another: "Add another account",
    anotherOf: "Add another account of {service}",
    preferred: "{account} is the default now.",
    makeDefault: "Make default",
    makeDefaultOf: "Make default: {account}",
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
    forgotten:
      "{account} is forgotten here, {time}. The server that it was moved to goes on using it.",
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
    narrow: "Limit",
    narrowOf: "Limit what {app} may use",
    end: "Revoke",
    endOf: "Revoke {app}",
    narrowTitle: "What may {app} use?",
    narrowLead: "Here you can only take away. To give more, let the app ask again.",
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
      "Two windows or devices of yours may share one sign-in. If you do not know a place, end it: the app there has to sign in again. If you cannot tell which, revoke the app and sign in again.",
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
    makeOne: "Make a new token",
    make: "Make a token",
    name: "Name",
    example: "Kitchen speaker",
    newTitle: "Your new token",
    newHint: "Copy it now. It is not shown again.",
    sentAs: "It is sent as {header}.",
    made:
      "This token was made already, and is shown only once. If you did not copy it, revoke it and make another one.",
  },

  setUp: {
    title: "Set up an app",
    lead:
      "Most apps need this address alone: paste it, then sign in here when the app asks you to.",
    tokens:
      "Apps that can only send a fixed header need a personal token: make one at the end of your services page.",
  },

  docs: {
    title: "REST API",
    lead: "What backends call, with their API key. For programs there is the same as {file}.",
    english: "Everything below is in English, as the API itself.",
  },

  activity: {
    title: "Activity",
    lead: "What was done in your name in the last 30 days. What was read or written is not kept.",
    none: "Nothing yet.",
    older: "Older",
    newest: "Newest",
    time: "Time",
    app: "App",
    did: "What",
    service: "Service",
    outcome: "Outcome",
    ok: "done",
    times: { one: "once", other: "{count} times" } as Plural,
    you: "You",
    operator: "The operator",
    system: "Switchboard",
    unknownApp: "An app",
    leftOut: {
      one: "{count} more line was not kept, since there were too many.",
      other: "{count} more lines were not kept, since there were too many.",
    } as Plural,
    what: {
      connected: "Connected",
      disconnected: "Disconnected",
      connect_failed: "Connecting",
      refresh_failed: "Has to be connected again",
      token_handed_out: "Access handed out",
      api_called: "Request passed on",
      tool_called: "Tool {tool}",
      signed_in: "Signed in",
      access_allowed: "Allowed access for {app}",
      access_narrowed: "Limited access of {app}",
      access_ended: "Ended access of {app}",
      changed_by_operator: "Changed by the operator",
      keys_rotated: "Sealed anew",
      user_deleted: "A user was deleted",
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
    deleteWhatElse:
      "Every browser is signed out, and for a quarter of an hour nothing new is kept about you.",
    deleteFresh:
      "So that nobody else can do this at a screen that you left open, sign in once more. You have five minutes then.",
    deleteFreshGo: "Sign in again",
    deleteConnections: { one: "{count} connection", other: "{count} connections" } as Plural,
    deleteApps: { one: "{count} app", other: "{count} apps" } as Plural,
    deleteType: "Type {word} to go on",
    deleteWord: "delete",
    deleteWrong: "Nothing was deleted: the word was not typed.",
    deleteKeep: "Keep my data",
    deleted: "Your data is deleted",
    deletedAt: "Deleted on {time}",
    revokedAt: "Revoked at {provider}, {time}.",
    notRevokedAt: "{provider} could not be told: end the access in your account there.",
    removed: "Removed: {what}.",
    removedNothing: "Nothing was kept about you any more.",
    removedSessions: { one: "{count} sign-in", other: "{count} sign-ins" } as Plural,
    removedOthers: { one: "{count} other record", other: "{count} other records" } as Plural,
    tombstone:
      "For a year one line stays: that an account was deleted at this time, without its name.",
    again: "You can sign in again from {time} on, and start from scratch.",
  },

  console: {
    title: "Console",
    sections: "Parts of the console",
    overview: "Overview",
    people: "People",
    apps: "Apps",
    providers: "Providers",
    servers: "MCP servers",
    events: "Events",
    you: "You run this Switchboard as {user}.",
    sure: "Yes, change this now",
    notSure: "Nothing was changed: tick that you are sure.",
    faster: "Nothing was changed: somebody was faster. This is how it is now.",
    staleTitle: "Sign in again to change this",
    stale: "What changes something here needs a sign-in that is less than five minutes old.",
    staleGo: "Sign in again",
    saved: "Saved, {time}. It applies from now on.",
    removed: "Removed, {time}.",
    byEnv: "Set by env, which takes precedence",
    byConsole: "Set here by {who}, {day}",
    faulty: "Not in effect: {fault}",
    unopened:
      "The settings that are kept here cannot be opened with the keys of this program. Nothing can be changed.",
    save: "Save",
    remove: "Remove",
    none: "None.",
    figures: {
      people: "People",
      connections: "Connections",
      needReconnect: "Need reconnecting",
      refreshes: "Refreshes, last 24 hours",
      failures: "Refreshes that failed, last 24 hours",
      calls: "Tool calls, last 24 hours",
      errors: "Tool calls that failed, last 24 hours",
      plot: "{what}: {sum} in all, {most} in the busiest hour",
    },
    counting: "What was here before is still being counted.",
    byService: "Connections by service",
    service: "Service",
    working: "Working",
    waiting: "Need reconnecting",
    moved: "Moved",
    changes: "What operators changed",
    deadTitle: "Connections that need reconnecting",
    deadNone: "None: all connections work.",
    user: "User",
    account: "Account",
    since: "Since",
    why: "Why",
    whys: {
      grant_over: "the provider ended it",
      refused: "the provider refuses to refresh it",
      moved: "it was moved to another server",
      ended: "it was ended here",
    },
    refusingTitle: "Providers that do not accept our client",
    refusing:
      "{provider} refuses the client id and secret that are set. Until that is mended nobody can connect it, and connections end when their tokens do.",
    refusingGo: "Set them again",
    withheldTitle: "Tools that wait for you",
    withheld: {
      one: "{count} definition of {upstream} has changed, and is withheld.",
      other: "{count} definitions of {upstream} have changed, and are withheld.",
    } as Plural,
    withheldGo: "Look at them",
    steps: {
      title: "Five steps to a Switchboard that works",
      done: "done",
      toDo: "to do",
      address: "It has an address and its keys",
      addressHint: "{url} · keys are set",
      provider: "Set up a provider",
      providerHint:
        "Register an app there with the redirect URI, and paste its client id and secret.",
      signIn: "Say who may sign in",
      signInHint:
        "SIGN_IN_ALLOW names them, by address or by domain. Without it only operators sign in.",
      app: "Make an API key for your app, or let people use their own clients",
      appHint: "A backend needs a key. Claude, Cursor and the like need none.",
      connect: "Connect something yourself",
      connectHint: "Try it with your own account: what works for you works for others.",
      go: "Do it",
    },
    peopleLead: "Look somebody up by the id that your app gives them, or by their sign-in.",
    realm: "Of which app, or signed in with",
    userId: "User id",
    lookUp: "Look up",
    nobody: "Nothing is kept about {user}.",
    connectionsOf: "Connections",
    appsOf: "Apps with access",
    sessionsOf: "Session tokens",
    activityOf: "Activity",
    disconnect: "Disconnect",
    disconnected: "{account} is disconnected, {time}.",
    disconnectTitle: "Disconnect {account} of {user}?",
    endGrant: "Revoke",
    endGrantTitle: "Revoke {app} of {user}?",
    grantEnded: "{app} has no access any more, {time}.",
    deleteUser: "Delete everything about {user}",
    deleteTitle: "Delete everything about {user}?",
    deleteWhat:
      "Connections are revoked at their providers, and all that is kept is removed. This cannot be undone.",
    deletedUser: "Everything about {user} is deleted, {time}.",
    makeLink: "Make a link",
    linkFor: "A link that connects",
    linkMade: "Send this link to {user}. It works once, for ten minutes.",
    appsLead:
      "An app is a backend with an API key. Its users are its own; people see its name and picture when it asks to connect something.",
    newApp: "New app",
    appName: "Name of the key: small letters, digits and dashes. It cannot be changed later.",
    faceTitle: "What people see",
    displayName: "Name",
    operator: "Who runs it",
    privacy: "Privacy page (https)",
    logo: "Picture (PNG, JPEG or WebP, 32 KB at most)",
    logoKeep: "Left empty, the picture stays.",
    logoRemove: "Take the picture away",
    rulesTitle: "What it may do",
    appServices: "Services that it may use, one per line; empty: all",
    appTools:
      "Tools that it may use, one per line; empty: all. With tools named it gets no provider tokens.",
    returnUrls: "Where people may be sent back to, one address per line",
    returnTo: "Where they are sent if a link does not say",
    handOffOnly: "Connect its users only by hand-off, which it has to claim",
    keysTitle: "API keys",
    keysLead: "At most two at a time, so that one can take the other's place.",
    keyEnv: "set by env",
    keyMade: "made {day} by {who}",
    makeKey: "Make a key",
    newKey: "The new key",
    newKeyHint: "Copy it now. It is not shown again; only its digest is kept.",
    withdraw: "Withdraw",
    withdrawTitle: "Withdraw this key of {app}?",
    withdrawWhat: "Whoever uses it is refused at once here, and within five seconds everywhere.",
    removeApp: "Remove the app",
    removeAppTitle: "Remove {app}?",
    removeAppWhat:
      "Its keys stop at once. What its users have connected stays in the vault, and works again with a key of the same name.",
    providersLead:
      "Register an app at the provider with the redirect URI, then paste its client id and secret. They are sealed, and not shown again.",
    setUpYes: "Set up",
    setUpNo: "Not set up",
    setItUp: "Set it up",
    replaceIt: "Replace client id and secret",
    registerAt: "Register an app at {provider}",
    redirectUri: "Redirect URI to register",
    clientId: "Client id",
    clientSecret: "Client secret",
    hasSecret: "A secret is set. Paste both to replace them.",
    noteIt: "Note when the secret ends",
    secretEnds: "The secret ends on",
    secretEndsOn: "Its secret ends on {day}.",
    isTesting: "The app is in test mode: the provider ends each connection after a week.",
    needsEnv: "This one needs variables of env; see the README.",
    tryIt: "Try it",
    tryHint: "Connects your own account, as a person would.",
    removeCredentialsTitle: "Remove the client of {provider}?",
    removeCredentialsWhat: "Nobody can connect it then, and connections end when their tokens do.",
    serversLead:
      "MCP servers that people connect: by a name that is known here, or by their public https address.",
    addKnown: "Add one that is known",
    addUrl: "Add one by its address",
    serverName: "Name: small letters, digits and underscores. Its tools begin with it.",
    serverTitle: "What people call it",
    serverUrl: "Address (https)",
    add: "Add",
    tools: { one: "{count} tool approved", other: "{count} tools approved" } as Plural,
    toolsWaiting: { one: "{count} waits", other: "{count} wait" } as Plural,
    leftOut: { one: "{count} left out", other: "{count} left out" } as Plural,
    notSeen: "Nothing was listed yet: connect it, and its tools are found.",
    changedSince: "{what} has changed since it was approved.",
    newSince: "{what} came after the first list.",
    instructions: "The server's instructions",
    accept: "Accept",
    acceptHint: "Read what it says to a model before you do.",
    accepted: "Accepted, {time}. It is listed again within five minutes.",
    acceptGone: "It has changed again meanwhile; this is how it is now.",
    switchedOn: "It is switched on, {time}. What waits for it is being sent.",
    sentAgain: "It is being sent once more, {time}.",
    replayed: "Events that are sent once more: {count} ({time}).",
    replayedPart:
      "Events that are sent once more: {count} ({time}). There are more: press again, from the cursor that stands there.",
    eventGone: "Nothing was changed: it is not there any more.",
    offTitle: "A receiver of events is switched off",
    off: "{receiver} answered 410. What happens meanwhile waits for it, for 30 days.",
    offGo: "Look at it",
    receivers: {
      lead: "What apps are told of their users' connections, and what came of it.",
      none: "Nobody is told of anything: {variable} names receivers.",
      ofPeople: "People who sign in",
      on: "On",
      off: "Switched off since {time}: it answered 410",
      failing: "Failing since {time}: {fault}",
      paused: "Left alone until {time}",
      waitingNone: "Nothing waits for it.",
      waiting: {
        one: "{count} event waits for it.",
        other: "{count} events wait for it.",
      } as Plural,
      waitingMost: "{most} events or more wait for it.",
      switchOn: "Switch it on again",
      nothing: "Nothing has happened in the last 30 days.",
      latest: "Last events of {receiver}",
      when: "When",
      what: "What",
      outcome: "Outcome",
      notYet: "Not sent yet",
      delivered: "Delivered, {time}",
      trying: "Not taken yet",
      gaveUp: "Given up",
      tries: { one: "tried {count} time", other: "tried {count} times" } as Plural,
      next: "again {time}",
      again: "Send again",
      againTitle: "Send this event once more?",
      againWhat:
        "It is sent with the id that it has, after what waits of the same person. A receiver that has had it may leave it out.",
      replayTitle: "Send events again from some time on",
      replayHint:
        "They come with the ids that they have, the oldest first, {most} at a time. Give a time, or a cursor of GET /events.",
      since: "Since (UTC)",
      after: "After this cursor",
      replay: "Send them again",
    },
    findings: "Not listed, with the server's own names",
    removeServerTitle: "Remove {server}?",
    removeServerWhat:
      "Its tools are not listed any more. What people have connected stays sealed, and works again if you add it at the same address.",
    operatorsTitle: "Operators",
    operatorsLead:
      "Who may open this console: a verified address at a provider that people sign in with.",
    addOperator: "Add an operator",
    address: "E-mail address",
    provider: "Provider",
    removeOperatorTitle: "Remove {who}?",
    removeOperatorWhat: "The console is closed to them at once.",
    setupTitle: "First set-up",
    setupLead: "Paste the code that {command} printed.",
    setupCode: "Code",
    setupGo: "Begin",
    setupWrong: "This code is not known, was used, or is too old. Print a new one.",
  },

  unready: {
    title: "Not set up yet",
    text:
      "This Switchboard is deployed and runs, but its operator has to set more before it can serve anybody:",
    example: "Example: {example}",
    database: "A KV database: it cannot be opened.",
    others: "Something else is wrong: the log says what, and the cure.",
    next: "Next, in the project's folder:",
    again: "It then starts anew by itself. The README has all steps, under “Deploy”.",
    silent: "The database does not answer",
    silentAgain: "Nothing is lost. Please try again in a moment.",
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
    reference: "Reference {id}",
    detail: "Said to programs: {detail}",
    mendAt: "Fix it at {provider}",
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
      title: "This needs somebody with more rights",
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
    full: {
      connections: {
        title: "You have as many connections as fit here",
        text:
          "{limit} accounts are connected, and there may be no more. Disconnect one on your page, then try again.",
      },
      clients: {
        title: "You have allowed as many apps as fit here",
        text:
          "{limit} apps may use your account, and there may be no more. End the access of one on your page, then try again.",
      },
      personal_tokens: {
        title: "You have as many tokens as fit here",
        text:
          "There are {limit} personal tokens, and there may be no more. End one on your page, then try again.",
      },
    },
    deletedJustNow: {
      title: "Your data was deleted just now",
      text:
        "Until everything that was under way is over, nothing new is kept about you. You can start again in {wait}.",
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
