// The picker of filters: a button beside the field opens a dialog with what each filter does. The field follows at once, so
// that the sheet or the picture does, and gets back what it held where the changes are dropped.
import { button, element, sign } from "./elements.js";
import { inputOf } from "./filter-inputs.js";
import { List } from "./filter-list.js";
import { Order } from "./filter-order.js";
import { nearest } from "./filter-search.js";
import { WrongText, read, write } from "./filter-text.js";
import { Tiles } from "./filter-tiles.js";

for (const opener of document.querySelectorAll("button.filter-picker")) {
    const offered = JSON.parse(opener.dataset.offered);
    const field = document.getElementById(opener.dataset.for);
    opener.hidden = false;
    opener.textContent = `Choose from ${offered.filters.length} filters…`;
    opener.addEventListener("click", () => new Picker(offered, field, opener).open());
    const list = new List(offered.filters, field, { put: (text) => put(field, text), change: (at) => new Picker(offered, field, opener).open(at) });
    field.before(list.element);
}

class Picker {
    constructor({ groups, filters }, field, opener) {
        Object.assign(this, { groups, filters, field, opener, calls: [], selected: -1, group: "", before: field.value });
        this.order = new Order({
            describe: ({ name }) => this.declared(name),
            select: (at) => this.select(at, true),
            move: (from, to) => this.move(from, to),
            remove: (at) => this.remove(at),
        });
        this.make();
        this.follow(this.before);
        this.watch();
    }

    declared(name) {
        return this.filters.find((one) => one.name === name);
    }

    make() {
        this.search = element("input", { type: "search", placeholder: `Search ${this.filters.length} filters, such as “grey” or “logo”`, "aria-label": "Search filters", input: () => this.sift(), keydown: (event) => this.searchKey(event) });
        this.tiles = new Tiles(this.filters, (one) => this.choose(one));
        this.empty = element("p.quiet", { hidden: true });
        this.own = element("div.settings");
        this.none = element("p.quiet", {}, "None yet. Choose one, and it is added here.");
        this.hands = element("p.quiet.hands", {}, "Drag to reorder, or press ", element("kbd", {}, "Alt"), " with ", element("kbd", {}, "↑"), " or ", element("kbd", {}, "↓"), ".");
        this.text = element("textarea", { id: "filters-text", rows: 3, spellcheck: "false", "aria-describedby": "filters-wrong", input: () => this.typed() });
        this.wrong = element("p.bad-ink", { id: "filters-wrong", role: "alert" });
        this.seen = element("figure", { hidden: true }, element("img", { alt: "" }), element("figcaption", {}, "What it makes"));
        this.chosen = element("section.chosen-filters", { "aria-labelledby": "filters-order" },
            element("h3", { id: "filters-order" }, "In this order"), this.none, this.order.list, this.hands, this.own,
            element("label", { for: "filters-text" }, "As text"), this.text, this.wrong);
        this.status = element("span.chosen", { role: "status" });
        this.bar = element("div.acts");
        this.dialog = element("dialog.picker.filters", { "aria-labelledby": "filters-title", keydown: (event) => this.key(event), cancel: (event) => this.leave(event), close: () => this.closed() },
            element("header", {}, element("h2", { id: "filters-title" }, "Filters"), button("btn icon ghost", "x", element("span.visually-hidden", {}, "Close"), () => this.leave())),
            element("div.body", {}, element("div.choice", {}, this.menu(),
                element("div.offer", {}, element("div.find", {}, sign("search"), this.search), this.empty, this.tiles.element), this.seen, this.chosen)),
            element("footer", {}, this.status, this.bar));
    }

    menu() {
        const entry = (group, words) => element("button", { type: "button", "data-group": group, click: () => this.narrow(group) },
            words, element("b", {}, String(this.filters.filter((one) => !group || one.group === group).length)));
        this.nav = element("nav", { "aria-label": "Groups of filters" }, entry("", "All"), ...this.groups.map((group) => entry(group, group)));
        return this.nav;
    }

    // At one of the chosen filters, or at the search.
    open(at = -1) {
        document.getElementById("container").append(this.dialog);
        this.dialog.showModal();
        this.narrow("");
        this.acts();
        if (at < 0) {
            this.search.focus();
        } else {
            this.select(at, true);
        }
    }

    // What is offered.

    narrow(group) {
        this.group = group;
        this.search.value = "";
        this.sift();
    }

    sift() {
        const asked = this.search.value.trim();
        this.group = asked ? "" : this.group; // a search is through all
        const found = this.tiles.sift(this.group, asked);
        for (const entry of this.nav.children) {
            entry.toggleAttribute("aria-current", false);
            if (entry.dataset.group === this.group) {
                entry.setAttribute("aria-current", "true");
            }
        }
        this.empty.hidden = found > 0;
        if (asked) {
            this.say(found ? `${found} of ${this.filters.length} match` : this.miss(asked));
        }
    }

    // From the search to what it found, as in any list of suggestions.
    searchKey(event) {
        const [first] = this.tiles.shown();
        if (event.key === "Enter") {
            event.preventDefault(); // of the form that the dialog is in
        }
        if (first && (event.key === "ArrowDown" || (event.key === "Enter" && this.search.value.trim()))) {
            event.preventDefault();
            first.focus();
        }
    }

    miss(asked) {
        const near = nearest(this.filters, asked);
        this.empty.replaceChildren(`No filter matches “${asked}”. `, ...near.flatMap((one, at) => [at ? " and " : "", element("button.plain", { type: "button", click: () => this.lead(one) }, one.title)]), " are near.");
        return this.empty.textContent;
    }

    lead(one) {
        this.narrow("");
        this.tiles.focus(one);
    }

    // What is chosen. Nothing is changed while the text is wrong, which would lose it.

    choose(one) {
        const at = this.calls.findLastIndex(({ name }) => name === one.name);
        if (at >= 0) {
            this.select(at);
            this.say(`${one.title} is there already, ${at + 1} of ${this.calls.length}`);
        } else {
            this.add(one);
        }
    }

    add(one) {
        this.edit(() => {
            this.calls.push({ name: one.name, arguments: one.arguments.map(({ begin }) => begin) });
            this.selected = this.calls.length - 1;
        }, () => `${one.title} added, ${this.calls.length} of ${this.calls.length}`);
    }

    remove(at) {
        const { title } = this.declared(this.calls[at].name);
        if (this.edit(() => {
            this.calls.splice(at, 1);
            this.selected = Math.min(this.selected - (this.selected > at), this.calls.length - 1);
        }, () => `${title} removed, ${count(this.calls.length)} left`)) {
            this.calls.length ? this.order.focus(Math.min(at, this.calls.length - 1)) : this.search.focus();
        }
    }

    move(from, to) {
        if (from === to) {
            this.show(); // as it was before it was dragged
            return;
        }
        const kept = this.calls[this.selected];
        this.edit(() => {
            this.calls.splice(to, 0, ...this.calls.splice(from, 1));
            this.selected = this.calls.indexOf(kept);
        }, () => `${this.declared(this.calls[to].name).title}, ${to + 1} of ${this.calls.length}`);
    }

    select(at, focus = false) {
        this.selected = at;
        this.show();
        if (focus) {
            this.order.focus(at);
        }
    }

    edit(change, words) {
        if (this.wrong.dataset.at) {
            this.show();
            this.text.focus();
            this.say("Correct the text first: otherwise it would be lost");
            return false;
        }
        change();
        this.text.value = write(this.calls);
        this.show();
        this.send();
        this.say(words());
        return true;
    }

    typed() {
        if (this.follow(this.text.value)) {
            this.send();
            this.say(`${count(this.calls.length)} in the text`);
        }
    }

    // The list follows a text. A wrong one keeps the last good list, and is told of.
    follow(text) {
        this.text.value = text;
        try {
            this.calls = read(text, this.filters.map(({ name }) => name)).map((call) => {
                const missing = this.declared(call.name).arguments.slice(call.arguments.length);
                return { ...call, arguments: [...call.arguments, ...missing.map(() => "")] };
            });
            this.selected = Math.min(this.selected < 0 ? 0 : this.selected, this.calls.length - 1);
            this.tell("");
        } catch (error) {
            if (!(error instanceof WrongText)) {
                throw error;
            }
            this.tell(`${error.message}, at character ${error.at + 1}.`, error.at + 1);
        }
        this.show();
        return !this.wrong.dataset.at;
    }

    tell(words, at = "") {
        this.wrong.dataset.at = at;
        if (this.wrong.textContent !== words) {
            this.wrong.textContent = words;
        }
        this.text.setAttribute("aria-invalid", String(Boolean(words)));
    }

    show() {
        this.order.show(this.calls, this.selected);
        this.none.hidden = this.calls.length > 0;
        this.hands.hidden = this.calls.length < 2;
        this.tiles.mark(this.calls.map(({ name }) => name));
        this.settings();
    }

    settings() {
        const call = this.calls[this.selected];
        const one = call && this.declared(call.name);
        this.own.hidden = !one;
        if (one) {
            const inputs = one.arguments.map((declared, at) => inputOf(declared, call.arguments[at] ?? "", (text) => this.set(call, at, text), `filter-argument-${at}`));
            this.own.replaceChildren(element("h4", {}, one.title), element("p.quiet", {}, one.help), ...inputs, button("btn tiny", "plus", "Once more", () => {
                this.add(one);
                this.order.focus(this.selected); // this button is another by now
            }));
        }
    }

    // One argument. Its input stays as it is, since somebody types in it.
    set(call, at, text) {
        call.arguments[at] = text;
        this.text.value = write(this.calls);
        this.order.show(this.calls, this.selected);
        this.send();
    }

    // The form around it: it hears what changes, and its error and its picture are shown here too. Of a filter that is not
    // complete yet, such as a watermark before its picture is chosen, it hears nothing.

    send() {
        const { title, label } = this.missing() ?? {};
        this.tell(label ? `${title} still needs: ${label.toLowerCase()}.` : "");
        if (label) {
            return;
        }
        put(this.field, this.text.value);
    }

    missing() {
        for (const [at, call] of this.calls.entries()) {
            const { title, arguments: all } = this.declared(call.name);
            const argument = all.findIndex(({ usual }, position) => usual === undefined && !call.arguments[position]);
            if (argument >= 0) {
                return { at, argument, title, label: all[argument].label };
            }
        }
        return null;
    }

    watch() {
        const line = this.field.closest(".form-row, .field");
        const picture = document.querySelector("#sheet, #built");
        this.watcher = new MutationObserver(() => {
            if (!this.wrong.dataset.at && !this.missing()) {
                this.tell(line.querySelector(".live-error, .wrong")?.textContent ?? "");
            }
            this.look();
        });
        this.watcher.observe(line, { subtree: true, childList: true, characterData: true });
        if (picture) {
            this.watcher.observe(picture, { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] });
        }
        this.look();
    }

    look() {
        const made = document.querySelector("#sheet .tile .draft img[src], #built[src]");
        this.seen.hidden = !made;
        if (made && this.seen.firstChild.src !== made.src) {
            this.seen.firstChild.src = made.src;
        }
    }

    say(words) {
        this.status.textContent = words;
    }

    // Leaving it.

    acts() {
        this.bar.replaceChildren(
            button("btn to-chosen", "", "Settings", () => { this.chosen.scrollIntoView(); this.order.focus(this.selected); }),
            button("btn", "", "Cancel", () => this.leave()), button("btn primary", "", "Use these", () => this.use()));
        this.say(`${count(this.calls.length)} chosen`);
    }

    use() {
        if (this.wrong.dataset.at) {
            this.text.focus();
            return;
        }
        const missing = this.missing();
        if (missing) {
            this.select(missing.at);
            this.own.querySelector(`#filter-argument-${missing.argument}`).focus();
            return;
        }
        this.before = this.text.value;
        this.dialog.close();
    }

    key(event) {
        if (event.key === "Escape") {
            this.leave(event);
        }
    }

    leave(event) {
        event?.preventDefault();
        if (this.asking) {
            this.stay();
        } else if (this.text.value === this.before) {
            this.dialog.close();
        } else {
            this.asking = true;
            this.say("You changed the filters. Drop the changes?");
            const stay = button("btn primary", "", "Keep choosing", () => this.stay());
            this.bar.replaceChildren(button("btn danger", "", "Drop them", () => this.dialog.close()), stay);
            stay.focus();
        }
    }

    stay() {
        this.asking = false;
        this.acts();
        this.search.focus();
    }

    closed() {
        this.watcher.disconnect();
        this.dialog.remove();
        if (this.field.value !== this.before) {
            put(this.field, this.before);
        }
        this.opener.focus();
    }
}

function put(field, text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}

function count(number) {
    return number === 1 ? "1 filter" : `${number || "No"} filters`;
}
