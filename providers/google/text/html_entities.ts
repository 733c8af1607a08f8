/**
 * Character references of HTML, as mails have them.
 *
 * https://html.spec.whatwg.org/multipage/named-characters.html
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";

/** `name=character`; of the 2,231 names those that mails and their editors write. */
const NAMED = 'amp=& lt=< gt=> quot=" apos=\' AMP=& LT=< GT=> QUOT=" ' +
  "ndash=– mdash=— horbar=― hellip=… lsquo=‘ rsquo=’ sbquo=‚ ldquo=“ rdquo=” bdquo=„ laquo=« " +
  "raquo=» lsaquo=‹ rsaquo=› bull=• middot=· copy=© COPY=© reg=® REG=® trade=™ euro=€ pound=£ yen=¥ " +
  "cent=¢ curren=¤ sect=§ para=¶ deg=° times=× divide=÷ plusmn=± minus=− frac12=½ frac14=¼ " +
  "frac34=¾ frac13=⅓ frac23=⅔ sup1=¹ sup2=² sup3=³ micro=µ ordf=ª ordm=º not=¬ brvbar=¦ macr=¯ " +
  "acute=´ cedil=¸ uml=¨ iexcl=¡ iquest=¿ szlig=ß aelig=æ AElig=Æ oelig=œ OElig=Œ oslash=ø " +
  "Oslash=Ø eth=ð ETH=Ð thorn=þ THORN=Þ lstrok=ł Lstrok=Ł dstrok=đ Dstrok=Đ inodot=ı imath=ı " +
  "aogon=ą Aogon=Ą eogon=ę Eogon=Ę sect=§ dagger=† Dagger=‡ permil=‰ prime=′ Prime=″ oline=‾ " +
  "larr=← uarr=↑ rarr=→ darr=↓ harr=↔ lArr=⇐ rArr=⇒ hArr=⇔ check=✓ checkmark=✓ cross=✗ star=☆ " +
  "starf=★ phone=☎ hearts=♥ spades=♠ clubs=♣ diams=♦ infin=∞ ne=≠ le=≤ ge=≥ asymp=≈ equiv=≡ " +
  "sum=∑ prod=∏ radic=√ part=∂ int=∫ loz=◊ fnof=ƒ circ=ˆ tilde=˜ numero=№ " +
  "excl=! num=# dollar=$ percnt=% lpar=( rpar=) ast=* plus=+ comma=, period=. sol=/ colon=: semi=; " +
  "equals== quest=? commat=@ lsqb=[ bsol=\\ rsqb=] lowbar=_ grave=` lcub={ verbar=| vert=| rcub=} " +
  "Alpha=Α Beta=Β Gamma=Γ Delta=Δ Epsilon=Ε Theta=Θ Lambda=Λ Pi=Π Sigma=Σ Phi=Φ Psi=Ψ Omega=Ω " +
  "alpha=α beta=β gamma=γ delta=δ epsilon=ε zeta=ζ eta=η theta=θ iota=ι kappa=κ lambda=λ mu=μ " +
  "nu=ν xi=ξ omicron=ο pi=π rho=ρ sigma=σ sigmaf=ς tau=τ upsilon=υ phi=φ chi=χ psi=ψ omega=ω";

const ENTITIES: Record<string, string> = {
  nbsp: " ",
  ensp: " ",
  emsp: " ",
  emsp13: " ",
  emsp14: " ",
  numsp: " ",
  puncsp: " ",
  thinsp: " ",
  hairsp: " ",
  Tab: " ",
  NewLine: " ",
  NonBreakingSpace: " ",
  shy: "",
  zwnj: "\u200C",
  zwj: "\u200D",
  lrm: "",
  rlm: "",
  ZeroWidthSpace: "",
  NoBreak: "",
  ...Object.fromEntries(
    NAMED.split(" ").map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  ),
};

/** Combining characters by the ending of an entity's name: `&eacute;` is e and U+0301. */
const ACCENTS: Record<string, string> = {
  grave: "\u0300",
  acute: "\u0301",
  circ: "\u0302",
  tilde: "\u0303",
  macr: "\u0304",
  breve: "\u0306",
  dot: "\u0307",
  uml: "\u0308",
  ring: "\u030A",
  dblac: "\u030B",
  caron: "\u030C",
  cedil: "\u0327",
};

/** Without a semicolon only these are known, as in browsers. */
const REFERENCE =
  /&(?:#x([0-9a-f]{1,6});?|#(\d{1,7});?|([a-z]{2,20}\d{0,2});|(nbsp|amp|lt|gt|quot)(?![a-z0-9=]))/gi;

/** The character references that mails have in them; others stay as they are. */
export function decodeEntities(text: string): string {
  return text.replace(
    REFERENCE,
    (whole, hex?: string, decimal?: string, name?: string, bare?: string) => {
      const named = name ?? bare?.toLowerCase();
      if (named !== undefined) return lookUp(ENTITIES, named) ?? accented(named) ?? whole;
      return character(hex === undefined ? Number(decimal) : parseInt(hex, 16));
    },
  );
}

/** Numbers from 128 to 159 mean the bytes of windows-1252, as in browsers. */
function character(code: number): string {
  if (code >= 0x80 && code <= 0x9F) {
    return new TextDecoder("windows-1252").decode(Uint8Array.of(code));
  }
  const valid = code > 0 && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
  return valid ? String.fromCodePoint(code) : "";
}

function accented(name: string): string | undefined {
  const accent = lookUp(ACCENTS, name.slice(1));
  return accent === undefined ? undefined : (name.charAt(0) + accent).normalize("NFC");
}
