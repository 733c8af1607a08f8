/**
 * Runs in the page, where there are other types than the program's: how wide it
 * is where it is wider than the window, and what sticks out; nothing where it is not.
 */

(() => {
  const { scrollWidth } = document.scrollingElement;
  if (scrollWidth <= innerWidth) return [];
  const range = document.createRange();
  /** What can be scrolled by itself may hold what is wider. */
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  /** An element, or a text, which may stick out of its element. */
  const isOut = (node) => {
    for (let each = node.parentElement; each !== null; each = each.parentElement) {
      if (scrolls(each)) return false;
    }
    range.selectNodeContents(node);
    const box = node instanceof Text ? range : node;
    const { left, right } = box.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1;
  };
  const walker = document.createTreeWalker(
    document.body,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
  );
  const out = [];
  while (walker.nextNode()) if (isOut(walker.currentNode)) out.push(walker.currentNode);
  const names = out.map((node) => {
    const { localName } = node instanceof Text ? node.parentElement : node;
    return `<${localName}> "${node.textContent.trim().slice(0, 40)}"`;
  });
  return [`${scrollWidth} px`, ...names.slice(-3)];
})();
