// The filters that a field names, below it: each with a picture of what it does, to be changed or removed without reading the text.
import { button, element, sign } from "./elements.js";
import { inWords, read, write } from "./filter-text.js";
import { redraw } from "./kept-focus.js";

export class List {
    // `change(at)` opens the picker at one of the filters; `put(text)` writes into the field.
    constructor(filters, field, { change, put }) {
        Object.assign(this, { filters, field, change, put });
        this.element = element("ol.order", { "aria-label": "The chosen filters" });
        for (const happening of ["input", "change"]) {
            field.form.addEventListener(happening, () => this.draw());
        }
        this.draw();
    }

    // Of a text that cannot be read there is no list: what is wrong with it stands at the field.
    draw() {
        if (this.text === this.field.value) {
            return;
        }
        this.text = this.field.value;
        try {
            this.calls = read(this.text.replaceAll("\n", ""), this.filters.map(({ name }) => name));
        } catch {
            this.calls = [];
        }
        this.element.hidden = !this.calls.length;
        redraw(this.element, this.field, () => this.element.replaceChildren(...this.calls.map((call, at) => this.row(call, at))));
    }

    row(call, at) {
        const { title, picture, arguments: declared } = this.filters.find(({ name }) => name === call.name);
        const drop = button("btn tiny icon ghost", "x", "", () => this.remove(at));
        drop.setAttribute("aria-label", `Remove ${title.toLowerCase()}`);
        const said = inWords(declared, call.arguments);
        return element("li", {},
            picture ? element("img", { src: picture, alt: "" }) : element("span.unseen", {}, sign("pic")),
            element("button.name", { type: "button", title: "Change it", click: () => this.change(at) }, element("b", {}, title), said ? element("small", {}, said) : ""), drop);
    }

    remove(at) {
        this.put(write(this.calls.toSpliced(at, 1)));
        (this.element.children[Math.min(at, this.calls.length - 1)]?.querySelector(".name") ?? this.field).focus();
    }
}
