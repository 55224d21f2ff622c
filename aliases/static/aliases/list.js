// The list of aliases: ticks and the bar of what can be done with them, the order, menus, and “/” for the search.
import "./copy.js";
import "./small-pictures.js";

const form = document.getElementById("changelist-form");
const bar = document.getElementById("bulk");
const all = document.getElementById("all");
const boxes = form ? [...form.querySelectorAll("[name=_selected_action]")] : [];
const search = document.getElementById("searchbar");
let last = null; // the box that was ticked last, from which Shift ticks a range

document.getElementById("order")?.addEventListener("change", ({ target }) => target.form.requestSubmit());
for (const box of boxes) {
    box.addEventListener("click", (event) => {
        if (event.shiftKey && last) {
            const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
            boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
        }
        last = box;
        show();
    });
}
all?.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    show();
});
document.getElementById("clear")?.addEventListener("click", clear);
document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "/" && !typing && !document.querySelector(".ask input")) {
        event.preventDefault();
        search?.focus();
    } else if (event.key === "Escape") {
        const open = document.querySelector("details.menu[open]");
        if (open) {
            open.open = false;
            open.firstElementChild.focus();
        } else if (!typing) {
            clear();
        }
    }
});
document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
        if (!menu.contains(event.target)) {
            menu.open = false;
        }
    }
});
addEventListener("pageshow", show); // a browser that goes back ticks again what was ticked

function clear() {
    boxes.forEach((box) => { box.checked = false; });
    show();
}

function show() {
    const ticked = boxes.filter((box) => box.checked);
    for (const box of boxes) {
        box.closest("tr").classList.toggle("on", box.checked);
    }
    if (all) {
        all.checked = ticked.length > 0 && ticked.length === boxes.length;
        all.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
    }
    if (bar) {
        bar.classList.toggle("any", ticked.length > 0);
        const words = ticked.length ? `${ticked.length} selected` : "Tick aliases to do something with many at once";
        const said = document.getElementById("selected");
        if (said.textContent !== words) {
            said.textContent = words;
        }
    }
}
