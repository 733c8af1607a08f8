/**
 * What Gmail's methods ask for, the least first; as its own description of them
 * has it (checked November 2026). `gmail.metadata` is no way to search: with it
 * Gmail refuses a query.
 *
 * @module
 */

const AUTH = "https://www.googleapis.com/auth/";
const [READONLY, SEND, COMPOSE, MODIFY, LABELS] = [
  `${AUTH}gmail.readonly`,
  `${AUTH}gmail.send`,
  `${AUTH}gmail.compose`,
  `${AUTH}gmail.modify`,
  `${AUTH}gmail.labels`,
];
/** All of Gmail: it implies the others. */
const EVERYTHING = [["https://mail.google.com/"]];

/** Searching and reading messages, threads, drafts and attachments. */
export const TO_READ = [[READONLY], [MODIFY], ...EVERYTHING];
export const TO_SEND = [[SEND], [COMPOSE], [MODIFY], ...EVERYTHING];
/** Writing drafts, and sending one that is there. */
export const TO_DRAFT = [[COMPOSE], [MODIFY], ...EVERYTHING];
/** Sending what refers to a message that must be read first. */
export const TO_READ_AND_SEND = [[READONLY, SEND], [READONLY, COMPOSE], [MODIFY], ...EVERYTHING];
export const TO_READ_AND_DRAFT = [[READONLY, COMPOSE], [MODIFY], ...EVERYTHING];
export const TO_LABEL = [[MODIFY], ...EVERYTHING];
export const TO_LIST_LABELS = [[LABELS], [READONLY], [MODIFY], ...EVERYTHING];
