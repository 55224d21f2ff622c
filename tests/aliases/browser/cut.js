// The body of a function that opens all that is folded and returns what of a page's words is cut off, or has to be scrolled to
// sideways. The arguments are what may be: selectors of strips, and of words that are cut on purpose and told in full elsewhere.
const [strips, shortened] = arguments;
const LONG = 50; // characters of a name or a reason that a menu cannot show in one line
const ARROW = 18; // pixels of a menu's own
document.querySelectorAll("details:not(.menu)").forEach((one) => { one.open = true; });
const wrong = new Set();
const pen = document.createElement("canvas").getContext("2d");
const root = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

for (const one of root.querySelectorAll("*")) {
    if (!isSeen(one)) {
        continue;
    }
    const style = getComputedStyle(one);
    if (["auto", "scroll"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1 && !one.matches(strips)) {
        wrong.add(`${described(one)} scrolls sideways: ${one.scrollWidth} in ${one.clientWidth}`);
    }
    if (one.matches("select:not([multiple])") && one.selectedOptions.length) {
        fits(one, one.selectedOptions[0].text, style);
    } else if (one.matches("input:not([type=radio], [type=checkbox], [type=range], [type=color], [type=hidden])")) {
        fits(one, one.matches("[type=submit], [type=button]") ? one.value : one.value ? "" : one.placeholder, style);
    }
}
const words = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
while (words.nextNode()) {
    const node = words.currentNode;
    const holder = node.parentElement;
    if (!node.data.trim() || !isSeen(holder) || holder.closest("select, textarea, script, style, svg, datalist") || holder.closest(shortened)) {
        continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
        const out = outside(box, holder);
        if (out && box.width > 1) {
            wrong.add(`${described(holder)} ${out}`);
            break;
        }
    }
}
return [...wrong];

function isSeen(one) {
    return one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest(".visually-hidden, .skip-to-content-link");
}

// The room that a control has for a line of words.
function fits(one, text, style) {
    pen.font = style.font;
    pen.letterSpacing = style.letterSpacing;
    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - (one.tagName === "SELECT" && style.appearance !== "none" ? ARROW : 0);
    const long = pen.measureText(text).width;
    const wraps = one.matches("[type=submit], [type=button]") && style.whiteSpace === "normal";
    if (text && text.length <= LONG && !wraps && room > 0 && long > room + 1 && !one.matches(shortened)) {
        wrong.add(`${described(one)} has room for ${Math.round(room)} of the ${Math.round(long)} pixels of “${text.slice(0, 50)}”`);
    }
}

// By what the words are cut off, or beyond which edge they stand.
function outside(box, holder) {
    if (box.right > innerWidth + 1 || box.left < -1) {
        for (let around = holder; around; around = around.parentElement) {
            if (around.matches(strips)) {
                return "";
            }
        }
        return `is beyond the window, at ${Math.round(box.left)} to ${Math.round(box.right)}`;
    }
    for (let around = holder; around && around !== document.body; around = around.parentElement) {
        const style = getComputedStyle(around);
        const frame = around.getBoundingClientRect();
        if (style.position === "fixed" || around.matches(strips)) {
            return "";
        }
        if (style.display !== "inline" && ["hidden", "clip"].includes(style.overflowX) && (box.right > frame.right + 1 || box.left < frame.left - 1)) {
            return `is cut off by ${described(around)}, at ${Math.round(box.left)} to ${Math.round(box.right)} of ${Math.round(frame.left)} to ${Math.round(frame.right)}`;
        }
        if (style.display !== "inline" && ["hidden", "clip"].includes(style.overflowY) && box.bottom > frame.bottom + 3) {
            return `is cut off below by ${described(around)}, at ${Math.round(box.bottom)} of ${Math.round(frame.bottom)}`;
        }
        if (around.matches("button, .btn, .chip, td, th, label, legend") && style.display !== "inline" && box.right > frame.right + 2) {
            return `sticks out of ${described(around)} by ${Math.round(box.right - frame.right)}`;
        }
    }
    return "";
}

function described(one) {
    const said = (one.getAttribute("aria-label") || one.textContent || one.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${one.tagName.toLowerCase()}${one.id ? ` #${one.id}` : ""}${one.name ? ` name=${one.name}` : ""} .${one.className}> “${said}”`;
}
