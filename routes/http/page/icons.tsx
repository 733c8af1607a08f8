/**
 * The few signs that pages use, drawn for them. All stand beside words that
 * say the same.
 *
 * @module
 */

const SIGNS = {
  check: "M5 13l4.5 4.5L19 7.5",
  alert: "M12 7v6M12 17v.01",
  arrows: "M4 9h14l-3.5-3.5M20 15H6l3.5 3.5",
};

/** One of them, in the colour of the text. */
export function Icon({ sign, size = 24 }: { sign: keyof typeof SIGNS; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2.25"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={SIGNS[sign]} />
    </svg>
  );
}

const SEALS = { check: "seal good", alert: "seal warn", arrows: "seal" };

/** One of them over the heading of a page that says how something ended. */
export function Seal({ sign }: { sign: keyof typeof SIGNS }) {
  return (
    <span class={SEALS[sign]}>
      <Icon sign={sign} />
    </span>
  );
}
