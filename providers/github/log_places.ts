/**
 * Where GitHub keeps the logs of its Actions: at storage of its own, to which
 * it sends on with an address that is good for a minute and names its own
 * right, so that no token goes along.
 *
 * https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run
 *
 * @module
 */

/** Hosts that GitHub asks runners to be let through to (its documentation, November 2026). */
const HOSTS =
  /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(actions\.githubusercontent\.com|blob\.core\.windows\.net)$/;

/** Whether an address is such a place. */
export function servesLogs({ protocol, hostname, port, username, password }: URL): boolean {
  return protocol === "https:" && port === "" && username === "" && password === "" &&
    HOSTS.test(hostname);
}
