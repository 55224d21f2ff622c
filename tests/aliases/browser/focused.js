// The body of a function that returns why whoever has only a keyboard does not see where the focus is; empty where it is seen.
const one = document.activeElement;
if (!one || one === document.body) {
    return "nothing has the focus";
}
const shown = [one, one.closest("label"), one.firstElementChild].find((each) => each && rings(each));
if (!shown) {
    return "what has the focus has no ring around it";
}
const box = shown.getClientRects()[0];
if (!box || box.width < 1 || box.height < 1 || box.right <= 0 || box.left >= innerWidth || box.bottom <= 0 || box.top >= innerHeight) {
    return `what has the focus is out of sight, at ${box && [box.left, box.top, box.right, box.bottom].map(Math.round)}`;
}
const corners = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.1, 0.9].map((y) => [box.left + x * box.width, box.top + y * box.height]));
const hit = corners.map(([x, y]) => document.elementFromPoint(x, y)).filter(Boolean);
return hit.some((each) => shown.contains(each) || each.contains(shown)) ? "" : `what has the focus is covered by <${hit[0]?.tagName} .${hit[0]?.className}>`;

function rings(each) {
    const style = getComputedStyle(each);
    return style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
}
