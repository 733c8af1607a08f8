import type { Tool } from "../provider.ts";
export const calendarTools: Tool[] = [];
