// The body of a function of whether the admin's sidebar shall be open. Returns what is wrong with where controls are.
const main = document.getElementById("main");
if (main && document.getElementById("toggle-nav-sidebar") && main.classList.contains("shifted") !== arguments[0]) {
    document.getElementById("toggle-nav-sidebar").click();
}
document.querySelectorAll("details:not(.menu)").forEach((one) => { one.open = true; }); // menus lie over the page
const wrong = [];
const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
if (wider > 0) {
    wrong.push(`the page is ${wider} pixels wider than the window`);
}
for (const list of document.querySelectorAll(".results")) {
    if (list.scrollWidth > list.clientWidth + 1) {
        wrong.push(`the list is ${list.scrollWidth - list.clientWidth} pixels wider than its frame`);
    }
}
for (const cell of document.querySelectorAll("#content table :is(td, th)")) {
    const [line, box] = [parseFloat(getComputedStyle(cell).lineHeight) || 18, cell.getBoundingClientRect()];
    if (cell.textContent.trim().length > 3 && box.height > 3 * line && box.width < 50 || cell.textContent.trim().length > 8 && box.height > 5 * line && box.width < 70) {
        wrong.push(`${described(cell)} has a word or a letter a line`);
    }
}
const content = document.getElementById("content");
const tall = content ? document.documentElement.scrollHeight - Math.max(content.getBoundingClientRect().bottom + scrollY, innerHeight) : 0;
if (tall > 150) {
    wrong.push(`the page is ${Math.round(tall)} pixels taller than what is on it`);
}
const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => !one.closest(".visually-hidden, .skip-to-content-link, [aria-hidden=true]"));

for (const control of controls) {
    control.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = control.getClientRects()[0];
    if (!box || box.width < 1 || box.height < 1) {
        continue;
    }
    const name = described(control);
    const edges = [0, document.documentElement.clientWidth, "the window"];
    for (let around = control.parentElement; around && around !== document.body; around = around.parentElement) {
        const style = getComputedStyle(around);
        const frame = around.getBoundingClientRect();
        if (style.overflowX !== "visible" && control.tagName !== "OPTION") {
            if (frame.left > edges[0] || frame.right < edges[1]) {
                edges.splice(0, 3, Math.max(edges[0], frame.left), Math.min(edges[1], frame.right), described(around));
            }
            if (["auto", "scroll"].includes(style.overflowX) && box.width > frame.width) {
                edges.splice(0, 3, -Infinity, Infinity, ""); // it is scrolled through
                break;
            }
        }
    }
    if (box.left < edges[0] - 1 || box.right > edges[1] + 1) {
        wrong.push(`${name} is cut off at ${Math.round(box.left)} to ${Math.round(box.right)} by ${edges[2]}, ${Math.round(edges[0])} to ${Math.round(edges[1])}`);
        continue;
    }
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const hit = document.elementFromPoint(x, y);
    if (hit && hit !== control && !control.contains(hit) && !hit.contains(control) && !hit.closest("label")?.contains(control)) {
        wrong.push(`${name} is covered by ${described(hit)} at ${Math.round(x)}, ${Math.round(y)}`);
    }
}
scrollTo(0, 0);
return wrong;

function described(one) {
    const words = (one.getAttribute("aria-label") || one.textContent || one.value || "").trim().replace(/\s+/g, " ").slice(0, 30);
    return `<${one.tagName.toLowerCase()} ${one.id ? `#${one.id}` : ""} ${one.name ? `name=${one.name}` : ""} .${one.className}> “${words}”`;
}
