/**
 * What `/services` answers.
 *
 * @module
 */

import { z } from "zod";
import { AccountId, Kind, Label, Provider, Status } from "./parts.ts";

const Named = z.strictObject({
  name: z.string().describe("As requests name it."),
  title: z.string().describe("As people read it."),
});

const Service = z.strictObject({
  name: z.string().describe("For `service` in requests, and `{service}` in paths."),
  title: z.string().describe("As people read it, such as `Google Calendar`."),
  provider: Provider,
  provider_title: z.string().describe("As people read it."),
  kind: Kind,
  mark: z.strictObject({
    letters: z.string().describe("One or two, where no picture is shown."),
    color: z.string().describe("`#rrggbb`; white letters on it can be read."),
    svg: z.string().describe("48 by 48, without scripts and without anything from elsewhere."),
  }).describe("A mark to know it by."),
  scopes: z.array(z.strictObject({
    name: z.string().describe("For `scope` in requests."),
    title: z.string().describe("In words for the user."),
    default: z.boolean().describe("Whether a link that names no scope asks for it."),
  })),
  params: z.array(Named).describe("What `params` of a link must say, or its page asks for."),
  connections: z.array(z.strictObject({
    account: AccountId,
    label: Label,
    default: z.boolean().describe("Whether it is meant where no account is named."),
    status: Status,
  })).optional().describe("With `user_id`: what this user has connected of it."),
}).meta({ id: "Service" });

export type ServicesAnswer = z.infer<typeof ServicesAnswer>;
export const ServicesAnswer = z.strictObject({
  services: z.array(Service).describe("All that your API key is for."),
}).meta({ id: "Services" });
