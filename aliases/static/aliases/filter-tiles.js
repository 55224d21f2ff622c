// What filters there are, as tiles with pictures of what they do: sifted by group or search, one tab stop for all of them.
import { element, sign } from "./elements.js";
import { matching } from "./filter-search.js";
import { makeStop, reached } from "./roving.js";

export class Tiles {
    // `choose` is called with the filter whose tile is pressed.
    constructor(filters, choose) {
        this.tiles = new Map(filters.map((one) => [one, tile(one, choose)]));
        this.element = element("div.effects", { role: "toolbar", "aria-label": "Filters", keydown: (event) => this.key(event), focusin: ({ target }) => makeStop(this.shown(), target) }, ...this.tiles.values());
    }

    shown() {
        return [...this.tiles.values()].filter((one) => !one.hidden);
    }

    // Show those of a group, or of all groups those that match what is asked for. Answers how many.
    sift(group, asked) {
        const all = [...this.tiles.keys()];
        const found = asked ? matching(all, asked) : all.filter((one) => !group || one.group === group);
        for (const [one, made] of this.tiles) {
            made.hidden = !found.includes(one);
        }
        const shown = this.shown();
        makeStop([...this.tiles.values()], shown.find((one) => one.getAttribute("aria-pressed") === "true") ?? shown[0]);
        return found.length;
    }

    mark(names) {
        for (const [one, made] of this.tiles) {
            made.setAttribute("aria-pressed", String(names.includes(one.name)));
        }
    }

    focus(one) {
        this.tiles.get(one).focus();
    }

    key(event) {
        const to = event.altKey || event.ctrlKey || event.metaKey ? undefined : reached(this.shown(), event.target.closest(".filter"), event.key);
        if (to) {
            event.preventDefault();
            to.focus();
        }
    }
}

function tile(one, choose) {
    return element("button.filter", { type: "button", "data-filter": one.name, title: one.help, "aria-pressed": "false", click: () => choose(one) },
        one.picture ? element("img", { src: one.picture, alt: "", loading: "lazy" }) : element("span.unseen", {}, sign("pic")),
        element("span", {}, one.title), element("small", {}, one.hint));
}
