/**
 * What changes connections, and what is done with all of a person's: loaded when
 * the first of it is asked for.
 *
 * @module
 */

export { beginAuthorization, beginConnecting, beginSignIn, openLink } from "./connect/begin.ts";
export { completeAuthorization } from "./connect/complete.ts";
export { declineLink } from "./connect/decline.ts";
export { disconnect, finishDisconnect, prefer } from "./connect/disconnect.ts";
export { erase } from "./connect/erase.ts";
export { createLink, cureLink } from "./connect/link.ts";
export { claimHandoff } from "./connect/new_connection.ts";
export { personData } from "./connect/person_data.ts";
export { connectBySecret, pasteSecret } from "./connect/secret_connection.ts";
export { endUnclaimed } from "./connect/unclaimed.ts";
export { importConnection } from "./moving/import.ts";
export { tellSecretEnds } from "./tokens/secret_ends.ts";
export { sweepDue } from "./tokens/sweep.ts";
