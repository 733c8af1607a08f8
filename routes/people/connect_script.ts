/**
 * `connect.js`, which apps' pages load from here: it opens a link in a pop-up,
 * and gives the page what came of it. Served as it stands, by hand and in less
 * than {@linkcode MAX_SCRIPT_BYTES}; `routes/http/page/popup_script.ts` is the
 * other half, in the pop-up.
 *
 * What it takes for an answer comes from our origin, from the very window that it
 * has opened, and with the nonce of this call: a page that frames or opens
 * the app's, or that the pop-up is led to, has none of the three. It is no proof even so:
 * the code is worth something to the app's backend alone, for the user that the
 * link was made for.
 *
 * A provider may cut the pop-up off from the page (its
 * `Cross-Origin-Opener-Policy: same-origin`), and so may the app's own page.
 * From then on `popup.closed` is true, as if the person had closed it. So that
 * alone is an end only while our own page said last that it is there, or
 * before the link is opened. Later, it is one when the person has come back
 * to the app's page: as long as they are busy in the pop-up, the page has no
 * focus, and when a pop-up closes, the page gets it. Whoever looks back for
 * less than {@linkcode BACK_MS} has not come back.
 *
 * Such a pop-up ends at the app's `return_to`, with the nonce in the fragment.
 * Where that page loads this script, it hands what it was told to the page that
 * waits, by a channel of the app's own origin that only the nonce names
 * (HTML, "Broadcasting to other browsing contexts", which asks for the
 * same origin and no opener), and closes.
 *
 * @module
 */

/** As served, in bytes. */
export const MAX_SCRIPT_BYTES = 2048;
/** How long the page has the focus until a pop-up that seems closed is. */
export const BACK_MS = 5000;
const TICK_MS = 500;
/** How long a page that was returned to waits for the one that may wait for it. */
const HAND_ON_MS = 1000;

/** The script of a gateway, whose own `origin` this is. Indented here, and not as it is served. */
export function connectScript(origin: string): string {
  return source(JSON.stringify(origin)).replaceAll(/^\s+/gm, "");
}

const source = (origin: string) =>
  `// See "Connect in a pop-up" in Switchboard's README
(() => {
  const gateway = ${origin};
  const named = (nonce) => new BroadcastChannel("switchboard:" + nonce);
  let end;

  window.Switchboard = {
    connect: (url, { width = 520, height = 720 } = {}) => new Promise((resolve, reject) => {
      const nonce = crypto.randomUUID(), channel = named(nonce);
      if (end) end({ error: "superseded" });
      const popup = open("", "_blank", "popup,width=" + width + ",height=" + height);
      let here = true, back = 0;

      const done = end = ({ code, error, service, access }, cause) => {
        if (end != done) return;
        end = 0;
        clearInterval(timer);
        removeEventListener("message", hear);
        channel.close();
        if (popup) popup.close();
        if (!error) return resolve({ code, service });
        reject(Object.assign(Error(error, { cause }), { code: error, service, access }));
      };
      const hear = ({ origin, source, data }) => {
        if (origin != gateway || source != popup || !data || data.switchboard != nonce) return;
        if ("here" in data) return here = data.here;
        popup.postMessage(nonce, gateway);
        done(data);
      };
      const timer = setInterval(() => {
        back = popup.closed && document.hasFocus() ? back + 1 : 0;
        if (popup.closed && here || back > ${BACK_MS / TICK_MS}) done({ error: "closed" });
      }, ${TICK_MS});

      Promise.resolve(url).then((link) => {
        if (!link.startsWith(gateway + "/")) throw Error(link);
        here = false;
        popup.location = link + "#switchboard=" + nonce;
      }).catch((cause) => done({ error: "no_link" }, cause));
      if (!popup) return done({ error: "popup_blocked" });
      addEventListener("message", hear);
      channel.onmessage = ({ data }) => {
        channel.postMessage(1);
        done(data);
      };
    }),

    handedOn: new Promise((resolve) => {
      const [, nonce] = /^#switchboard=([\\w-]+)$/.exec(location.hash) || [];
      setTimeout(resolve, nonce ? ${HAND_ON_MS} : 0, false);
      if (!nonce) return;
      const channel = named(nonce);
      channel.onmessage = () => resolve(true, close());
      channel.postMessage(Object.fromEntries(new URLSearchParams(location.search)));
    }),
  };
})();
`;
