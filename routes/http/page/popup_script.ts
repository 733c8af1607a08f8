/**
 * The script of pages that an app's page shows in a pop-up; `popup_script_hash.ts`
 * has its digest. It is the other half of `connect.js`
 * (`routes/people/connect_script.ts`), and has three things to do.
 *
 * On the page behind a link it keeps the nonce of the call that opened it. The
 * nonce comes in the fragment, which browsers send to nobody: neither servers
 * nor logs nor referrers have it (RFC 9110 §7.1, §10.1.3). On the way over the
 * provider it stays in `sessionStorage`: that is our origin's and this tab's
 * alone, and outlives whatever policies of the provider cut the tab off from
 * its opener, since those replace the browsing context and not the tab
 * (HTML, "traversable navigable" and its "storage shed"). `window.name` would
 * not: every page on the way can read it, and a provider's policy clears it.
 *
 * As long as that page is there it tells the app's page so: a pop-up that is
 * closed meanwhile was closed by the person.
 *
 * At the end it tells the app's page how it ended. The message is for the one
 * origin that the server has sealed in the link: the browser delivers it to no
 * other page, whoever has opened the link (HTML, "posting messages"). The
 * app's page answers, and the pop-up closes. One that hears nothing for
 * {@linkcode TOLD_MS} was not heard itself, and one that a provider has cut off
 * (`Cross-Origin-Opener-Policy`) or that no page has opened has nobody to tell:
 * it goes to the app's `return_to`, with the nonce in the fragment, by which a
 * page there may find the one that waits. Without one it says what to do.
 *
 * @module
 */

/** How long the app's page has to answer, before the pop-up goes to the app itself. */
export const TOLD_MS = 2000;

/** What it works with: the {@linkcode Popup} of the page, and where to go. */
export const POPUP_DATA_ID = "switchboard-popup";

/** Inline, on pages with {@linkcode POPUP_DATA_ID}. */
export const POPUP_SCRIPT = `
(() => {
  const { origin, trip, told, redirectTo } = JSON.parse(
    document.getElementById("${POPUP_DATA_ID}").dataset.popup,
  );
  const key = "switchboard:" + trip;
  let nonce;
  const keep = () => {
    const [, said] = /^#switchboard=([\\w-]{20,64})$/.exec(location.hash) || [];
    try {
      if (said) sessionStorage.setItem(key, said);
      nonce = sessionStorage.getItem(key);
    } catch {
      nonce = said;
    }
  };
  const tell = (message) => {
    if (!nonce || !opener) return false;
    opener.postMessage({ switchboard: nonce, ...message }, origin);
    return true;
  };
  const show = (when) => {
    for (const each of document.querySelectorAll("[data-when]")) {
      each.hidden = each.dataset.when !== when;
    }
  };
  const leave = () => {
    if (redirectTo) location.replace(redirectTo + (nonce ? "#switchboard=" + nonce : ""));
    else show("lost");
  };
  const arrive = () => {
    keep();
    tell({ here: true });
  };
  if (!told) {
    addEventListener("pageshow", arrive);
    addEventListener("submit", () => tell({ here: false }));
    return;
  }
  keep();
  if (!tell(told)) return leave();
  show("told");
  const unheard = setTimeout(leave, ${TOLD_MS});
  addEventListener("message", (event) => {
    if (event.source !== opener || event.origin !== origin || event.data !== nonce) return;
    clearTimeout(unheard);
    close();
  });
})();
`;
