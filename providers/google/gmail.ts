import type { Tool } from "../provider.ts";
export const gmailTools: Tool[] = [];
