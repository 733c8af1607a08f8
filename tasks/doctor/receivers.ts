/**
 * Receivers of events: whether each is there, and looks at signatures. Two
 * messages are sent of a type that is none, one with a signature that is made
 * up and one that is signed as events are.
 *
 * @module
 */

import { networkFaultOf } from "../../broker/core/network_fault.ts";
import type { Receiver } from "../../broker/core/events.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import type { PostEvent } from "../../events/deliverer.ts";
import { signedHeaders } from "../../events/sign.ts";
import type { Finding } from "./finding.ts";
import type { Ways } from "./ways.ts";

const WHAT = "receivers";
const TYPE = "switchboard.doctor";

/** Of one. */
export async function receiverFinding(
  receiver: Receiver,
  { now, patience }: Pick<Ways, "now" | "patience">,
  post: PostEvent,
): Promise<Finding> {
  const { name } = receiver;
  const send = async (secrets: string[]) => {
    const at = now();
    const body = JSON.stringify({ type: TYPE, timestamp: new Date(at).toISOString(), data: {} });
    const headers = signedHeaders({ id: `doctor_${randomSecret()}`, at, body }, secrets);
    const signal = AbortSignal.timeout(patience.answerMs);
    return await post(receiver, { headers, body }, signal);
  };
  const fault = (found: string, cure: string): Finding => ({
    ...{ what: WHAT, state: "fault", found: `${name}: ${found}`, cure },
  });
  const note = (found: string, cure: string): Finding => ({
    ...{ what: WHAT, state: "note", found: `${name}: ${found}`, cure },
  });
  let forged;
  try {
    forged = await send([`whsec_${btoa(randomSecret())}`]);
    if (forged.kind === "answered" && isRefusal(forged.status)) {
      const signed = await send(receiver.secrets);
      if (signed.kind !== "answered" || signed.status !== forged.status) return taken(name);
      return forged.status === 400 || forged.status === 422
        ? note("is there, and refuses a message of a type that it does not know.", "That is fine.")
        : fault(
          `refuses what is signed with its secret (status ${signed.status}).`,
          "Compare the secret in EVENTS with the receiver's, and its clock; it must check the body " +
            "as it came, byte for byte.",
        );
    }
  } catch (error) {
    const { why, cure } = networkFaultOf(error);
    return fault(`its address ${why}.`, `${cure} It is the url in EVENTS.`);
  }
  if (forged.kind !== "answered") {
    const why = forged.kind === "failed" ? forged.fault : "broken off";
    return fault(`cannot be reached: ${why}.`, "Compare its url in EVENTS.");
  }
  const { status } = forged;
  if (status < 300) {
    return note(
      "takes a message that nobody signed.",
      "Let it check webhook-signature, and answer 401 where that is wrong.",
    );
  }
  if (status < 400) return fault("leads on, and events follow no redirect.", "Set where it leads.");
  if (status < 500) {
    return fault(
      `takes no events at that address (status ${status}).`,
      "Compare the path of its url in EVENTS; it must take POST.",
    );
  }
  return note(`answers ${status}.`, "See its log; events are sent again for three days.");
}

function isRefusal(status: number): boolean {
  return [400, 401, 403, 422].includes(status);
}

function taken(name: string): Finding {
  return { what: WHAT, state: "ok", found: `${name}: is there, and looks at signatures.` };
}
