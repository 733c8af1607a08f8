/**
 * What is said of a route that backends call.
 *
 * @module
 */

import type { z } from "zod";
import type { Route } from "../http/area.ts";
import type { Code } from "./codes.ts";

/** Parts of the page. */
export const GROUPS = ["Connecting", "Provider tokens", "Users", "Sessions", "Server"] as const;

/** One method at one address. */
export interface Operation extends Pick<Route, "method" | "path"> {
  /** `operationId`; clients name their functions by it. */
  id: string;
  group: (typeof GROUPS)[number];
  /** In a few words. */
  title: string;
  /** In Markdown, of which the page knows backticks alone. */
  text: string;
  /** Of each name in the path, what it stands for. */
  parts?: Record<string, string> | undefined;
  query?: z.ZodObject | undefined;
  headers?: z.ZodObject | undefined;
  body?: Media | undefined;
  answer: Media;
  /** What stands in each line, where lines of JSON are answered. */
  lines?: z.ZodType | undefined;
  /** Of another status than 200. */
  more?: Record<number, { text: string; answer: Media }> | undefined;
  /** An API key is needed, is not asked for, or is for what a parameter asks for. */
  key: "needed" | "none" | "optional";
  /** Beyond what every such route may say no with. */
  refuses: Code[];
}

/** Schemas by media type; text where it is no JSON. */
export type Media = Record<string, z.ZodType | string>;

/** JSON. */
export function json(schema: z.ZodType): Media {
  return { "application/json": schema };
}
