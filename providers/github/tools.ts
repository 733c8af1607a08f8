import type { Tool } from "../provider.ts";
export const githubTools: Tool[] = [];
