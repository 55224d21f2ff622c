// The chosen filters, in order: selected by a click, moved by dragging the handle, by Alt with an arrow key or by buttons.
import { button, element, sign } from "./elements.js";
import { inWords } from "./filter-text.js";

export class Order {
    // `describe(call)` gives the words and the picture of a filter; `select`, `move` and `remove` are told of what is done.
    constructor({ describe, select, move, remove }) {
        Object.assign(this, { describe, select, move, remove });
        this.list = element("ol.order", { "aria-label": "The filters, in this order", keydown: (event) => this.key(event) });
        this.list.addEventListener("pointerdown", (event) => this.drag(event));
    }

    show(calls, selected) {
        this.list.replaceChildren(...calls.map((call, at) => this.row(call, at, calls.length, at === selected)));
    }

    row(call, at, count, selected) {
        const { title, picture, arguments: declared } = this.describe(call);
        const said = inWords(declared, call.arguments);
        const step = (words, name, to) => {
            const made = button(`btn tiny icon ghost step ${name}`, "chev", "", () => this.go(at, to, name));
            made.setAttribute("aria-label", `Move ${title.toLowerCase()} ${words}`);
            made.hidden = to < 0 || to >= count;
            return made;
        };
        const drop = button("btn tiny icon ghost", "x", "", () => this.remove(at));
        drop.setAttribute("aria-label", `Remove ${title.toLowerCase()}`);
        const name = element("button.name", { type: "button", "aria-current": selected ? "true" : null, click: () => this.select(at) },
            element("b", {}, title), said ? element("small", {}, said) : "");
        const grip = element("span.grip", { title: "Drag, or Alt with the arrow keys" }, sign("grip"));
        return element("li", { class: selected ? "selected" : null }, grip,
            picture ? element("img", { src: picture, alt: "", draggable: "false" }) : element("span.unseen", {}, sign("pic")),
            name, step("up", "up", at - 1), step("down", "down", at + 1), drop);
    }

    focus(at, control = "name") {
        const row = this.list.children[at];
        const found = row?.querySelector(`.${control}:not([hidden])`) ?? row?.querySelector(".name");
        found?.focus();
    }

    go(from, to, control) {
        this.move(from, to);
        this.focus(to, control);
    }

    key(event) {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        const rows = [...this.list.children];
        const from = rows.indexOf(event.target.closest("li"));
        if (step && event.altKey && from >= 0) {
            event.preventDefault();
            if (rows[from + step]) {
                this.go(from, from + step, "name");
            }
        }
    }

    // The row moves under the pointer, finger or pen, and is told of when it is let go.
    drag(event) {
        const row = event.target.closest(".grip")?.parentElement;
        if (!row || event.button) {
            return;
        }
        event.preventDefault();
        const from = [...this.list.children].indexOf(row);
        const { list } = this;
        row.classList.add("dragged");
        list.setPointerCapture(event.pointerId);
        const follow = ({ clientY }) => {
            const after = [...list.children].find((other) => other !== row && clientY < other.getBoundingClientRect().top + other.offsetHeight / 2);
            if (after !== row.nextElementSibling) {
                list.insertBefore(row, after ?? null);
            }
        };
        const ended = new AbortController();
        const end = ({ type }) => {
            ended.abort();
            const to = [...list.children].indexOf(row);
            row.classList.remove("dragged");
            this.move(from, type === "pointerup" ? to : from);
        };
        list.addEventListener("pointermove", follow, { signal: ended.signal });
        for (const happening of ["pointerup", "pointercancel"]) {
            list.addEventListener(happening, end, { signal: ended.signal });
        }
    }
}
