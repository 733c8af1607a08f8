/**
 * Runs in the page, where there are other types than the program's: the stops
 * of Tab, for `keyboard.ts`.
 */

globalThis.stops = (() => {
  const all = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]",
  )];
  const elements = all.filter(isStop);
  let pressed = null;

  document.activeElement?.blur();
  const looks = elements.map(look);
  // Tab begins at the top, also where something was pressed before.
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute("tabindex");
  getSelection()?.setPosition(document.body, 0);
  addEventListener("click", catchClick, { capture: true });

  /** Of radio buttons with one name Tab finds the chosen one, or the first. */
  function isStop(element) {
    if (element.tabIndex < 0 || element.matches(":disabled")) return false;
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type !== "radio") return true;
    const group = all.filter(({ type, name, form }) =>
      type === "radio" && name === element.name && form === element.form
    );
    return element === (group.find(({ checked }) => checked) ?? group[0]);
  }

  /** What of an element, or around it, a person sees change. */
  function look(element) {
    return [element, element.closest("label") ?? element].map((each) => {
      const style = getComputedStyle(each);
      const { outlineStyle, outlineWidth, outlineColor } = style;
      const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
      const outline = isOutlined ? `${outlineStyle} ${outlineWidth} ${outlineColor}` : "none";
      const { boxShadow, borderColor, borderWidth, backgroundColor } = style;
      return [outline, boxShadow, borderColor, borderWidth, backgroundColor].join("; ");
    }).join(" | ");
  }

  /** A click that a key makes does nothing but be seen. */
  function catchClick(event) {
    pressed = event.target;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** The keys that press an element of this kind. */
  function keysOf(element) {
    if (element.matches("button, [role=button], input[type=submit], summary")) {
      return ["Enter", "Space"];
    }
    if (element.matches("a[href]")) return ["Enter"];
    return element.matches("input[type=checkbox]") ? ["Space"] : [];
  }

  function saidOf(element) {
    const text = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ??
      element.textContent;
    return `<${element.localName}> "${text.trim().replaceAll(/\s+/g, " ").slice(0, 60)}"`;
  }

  return {
    list: () => elements.map((element) => ({ said: saidOf(element), keys: keysOf(element) })),
    /** Which one has the focus, -1 for none of them, and whether it looks another way with it. */
    focused: () => {
      const at = elements.indexOf(document.activeElement);
      return { at, isSeen: at >= 0 && look(elements[at]) !== looks[at] };
    },
    /** Whether the one that has the focus was pressed since this was asked. */
    wasPressed: () => {
      const was = pressed;
      pressed = null;
      return was !== null && was === document.activeElement;
    },
    end: () => {
      document.activeElement?.blur();
      removeEventListener("click", catchClick, { capture: true });
      delete globalThis.stops;
    },
  };
})();
