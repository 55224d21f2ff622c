// Browses a bucket: folders, pictures and the facts of the chosen one. The page of a bucket's pictures is made of it, and the
// dialog that opens wherever a key is asked for. Keys are asked of the server by what they begin with, a page at a time.
import { button, element, sign } from "./elements.js";
import { Folders } from "./folders.js";
import { redraw } from "./kept-focus.js";
import { makeStop, reached } from "./roving.js";
import { LoggedOut, get, isAway, offerLogin } from "./session.js";
import { show } from "./thumbnails.js";

const DEBOUNCE = 250;
const SLOW = 4000; // after which a bucket is said to be slow
const PAGE = 48;
const MOST_DRAWN = 480; // of what was listed, so that no number of keys makes the page slow

export class Browser {
    // `urls` are those of the bucket; `root` is what all keys begin with, and is not left. With `many`, several can be
    // chosen. `use` is called with the keys when somebody confirms, `changed` whenever others are chosen; `actions`
    // makes the buttons below the facts of a key.
    constructor(place, { urls, name, root = "", prefix = root, key = "", many = false, use, changed, actions } = {}) {
        Object.assign(this, { urls, root, many, use, changed, actions });
        this.prefix = prefix;
        this.chosen = new Set(key ? [key] : []);
        this.pictures = true;
        this.entries = [];
        this.folders = [];
        this.from = 0; // the place of the first that is drawn
        this.made = new Map(); // the options of what was listed, so that more of it does not draw all anew
        this.tree = new Folders({ name, root, load: (folder, more) => this.ask(folder, more), open: (folder) => this.open(folder) });
        this.build(place, name);
        this.open(prefix).then(() => key && this.tell(key));
        if (prefix !== root) {
            this.tree.unfold(this.tree.top); // the folders beside it
        }
    }

    build(place, name) {
        this.crumbs = element("nav.crumb", { "aria-label": "Folder" });
        this.kinds = element("div.seg", { role: "group", "aria-label": "What is shown" }, ...["Pictures", "All files"].map((words, place) =>
            element("button", { type: "button", "aria-pressed": String(!place), click: () => this.showKinds(!place) }, words)));
        this.search = element("input", {
            type: "search", "aria-label": "Keys that begin with", placeholder: "Begins with…, such as people/a", spellcheck: "false",
            autocomplete: "off", maxlength: "1024", input: () => this.later(), keydown: (event) => this.searchKey(event),
        });
        this.list = element("div.keys", { role: "listbox", tabindex: "-1", "aria-label": `Pictures in ${name}`, keydown: (event) => this.listKey(event) });
        if (this.many) {
            this.list.setAttribute("aria-multiselectable", "true");
        }
        this.message = element("div.blank", { hidden: true });
        this.status = element("p.visually-hidden", { role: "status" });
        this.head = element("div.more");
        this.foot = element("div.more");
        this.facts = element("section.original", { "aria-label": "The chosen picture" });
        const help = element("p.hands", {}, ...[["←", ""], ["→", ""], ["↑", ""], ["↓", " move, "], ["Enter", " chooses, "], ["⌫", " goes up, "], ["/", " searches"]]
            .flatMap(([key, words]) => [element("kbd", {}, key), words]));
        const middle = element("div.middle", {},
            element("div.top", {}, this.crumbs, this.kinds),
            element("div.find", {}, sign("search"), this.search),
            this.message, this.head, this.list, this.foot, help, this.status);
        this.element = element("div.browser", { keydown: (event) => this.anyKey(event) }, this.tree.element, middle, this.facts);
        place.replaceChildren(this.element);
        this.drawFacts();
    }

    // Ask for a page of a folder, or of what begins with a text. Raises LoggedOut, and what fetch raises.
    async ask(prefix, more = "", signal = undefined) {
        const response = await get(`${this.urls.keys}?${new URLSearchParams({ prefix, more })}`, { signal });
        if (!response.ok) {
            throw new Error(`The service could not list the bucket (${response.status}).`);
        }
        return response.json();
    }

    later() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.open(this.search.value, { typed: true }), DEBOUNCE);
    }

    // Show what begins with a text.
    async open(prefix, { typed = false, focus = false } = {}) {
        clearTimeout(this.timer);
        const held = focus || this.redraws(document.activeElement);
        this.prefix = prefix.startsWith(this.root) ? prefix : this.root;
        if (!typed || this.search.value !== this.prefix) {
            this.search.value = this.prefix;
        }
        this.drawCrumbs();
        this.tree.mark(this.prefix.slice(0, this.prefix.lastIndexOf("/") + 1));
        await this.load("", held);
    }

    // Whether a control is of what is drawn anew with each page.
    redraws(control) {
        return [this.crumbs, this.message, this.head, this.list, this.foot].some((part) => part.contains(control));
    }

    // The focus stays here while one page goes and another comes.
    async load(more, focus = this.redraws(document.activeElement)) {
        this.stop(); // what is asked later wins, and a bucket that hangs holds no connections for what nobody awaits
        const asked = (this.asked = new AbortController());
        this.list.setAttribute("aria-busy", "true");
        const before = more ? this.found().length : 0;
        if (!more) {
            this.drawWaiting();
        }
        if (focus) {
            this.list.focus();
        }
        const slow = setTimeout(() => this.tellSlow(), SLOW);
        try {
            const page = await this.ask(this.prefix, more, asked.signal);
            this.take(page, more);
            this.draw();
            this.say(before);
            if (focus) {
                this.move(this.options()[before - this.from] ?? this.options().at(-1) ?? this.message.querySelector("button") ?? this.search);
            }
        } catch (error) {
            if (!asked.signal.aborted) {
                this.fail(error, more);
                if (focus) {
                    this.message.querySelector("a, button").focus();
                }
            }
        } finally {
            clearTimeout(slow);
            if (asked === this.asked) {
                this.list.removeAttribute("aria-busy");
            }
        }
    }

    // Await nothing of what was asked of the list.
    stop() {
        this.asked?.abort();
    }

    tellSlow() {
        this.message.hidden = false;
        this.message.replaceChildren(element("p", { role: "status" }, "The bucket answers slowly."), this.takeTyped());
    }

    take(page, more) {
        if (!more) {
            this.made.clear();
            this.from = 0;
        }
        this.entries = more ? [...this.entries, ...page.entries] : page.entries;
        this.folders = more ? [...this.folders, ...page.folders] : page.folders;
        this.more = page.more;
        this.page = page;
        this.from = Math.max(this.from, this.found().length - MOST_DRAWN);
        const folder = this.prefix.slice(0, this.prefix.lastIndexOf("/") + 1);
        if (folder === this.prefix) {
            this.tree.take(folder, page.folders);
        }
    }

    drawWaiting() {
        this.message.hidden = true;
        this.list.hidden = false;
        this.foot.replaceChildren();
        this.list.replaceChildren(...Array.from({ length: 8 }, () => element("div.key.waiting", { role: "presentation" }, element("span.pic"))));
    }

    // All folders and keys that were listed and are of the kind that is shown.
    found() {
        return [...this.folders, ...this.entries.filter((entry) => !this.pictures || entry.pictured)];
    }

    draw() {
        const found = this.found();
        const hidden = this.folders.length + this.entries.length - found.length;
        this.from = Math.max(0, Math.min(this.from, found.length - 1));
        const drawn = found.slice(this.from, this.from + MOST_DRAWN);
        const after = found.length - this.from - drawn.length;
        this.list.replaceChildren(...drawn.map((one) => (one.key ? this.once(one.key, () => this.option(one)) : this.once(one, () => this.folderOption(one)))));
        this.forgetUndrawn(drawn);
        const options = this.options();
        options.forEach((option, place) => {
            option.setAttribute("aria-posinset", this.from + place + 1);
            option.setAttribute("aria-setsize", this.more ? -1 : found.length);
            option.setAttribute("aria-selected", String(this.chosen.has(option.dataset.key)));
        });
        makeStop(options, options.find((option) => this.chosen.has(option.dataset.key)) ?? options[0]);
        this.list.hidden = !options.length;
        this.drawMessage(options.length, hidden);
        this.head.replaceChildren(this.from ? button("btn tiny", "", `Show ${Math.min(PAGE, this.from)} before`, () => this.shift(-PAGE)) : "");
        const more = after || this.more;
        const count = found.length > drawn.length ? `${this.from + 1} to ${this.from + drawn.length} shown` : found.length ? `${found.length} shown` : "";
        this.foot.replaceChildren(
            element("span.count", {}, count && `${count}${more ? ", more follow" : ""}`),
            more ? button("btn tiny", "", `Show ${PAGE} more`, () => (after ? this.shift(PAGE) : this.load(this.more))) : "",
            hidden && options.length ? element("span.quiet", {}, `${hidden} other ${hidden > 1 ? "files are" : "file is"} hidden.`) : "",
        );
    }

    // Draw others of what was listed, and go to the first of them.
    shift(places) {
        this.from = Math.max(0, this.from + places);
        this.draw();
        this.move(this.options()[places < 0 ? 0 : this.options().length - 1]);
    }

    forgetUndrawn(drawn) {
        if (this.made.size > drawn.length) {
            const keys = new Set(drawn.map((one) => one.key ?? one));
            for (const key of this.made.keys()) {
                if (!keys.has(key)) {
                    this.made.delete(key);
                }
            }
        }
    }

    once(key, make) {
        if (!this.made.has(key)) {
            this.made.set(key, make());
        }
        return this.made.get(key);
    }

    folderOption(folder) {
        const name = folder.slice(this.prefix.lastIndexOf("/") + 1);
        return element("div.key.folder", { role: "option", tabindex: "-1", "data-folder": folder, title: folder, "aria-label": `${name} folder`, click: () => this.open(folder) },
            element("span.pic.none", {}, sign("folder")), element("span.n", {}, name));
    }

    option(entry) {
        const name = entry.key.slice(this.prefix.lastIndexOf("/") + 1) || entry.key;
        const picture = element("span.pic");
        if (entry.pictured) {
            show(picture, this.pictureUrl(entry.key));
        } else {
            picture.classList.add("none");
            picture.append(sign("off"));
        }
        return element("div.key", {
            role: "option", tabindex: "-1", "data-key": entry.key, title: entry.key,
            "aria-label": [name, entry.size].filter(Boolean).join(", "),
            click: (event) => this.choose(entry.key, event.ctrlKey || event.metaKey), dblclick: () => this.use?.([...this.chosen]),
        }, picture, element("span.tick", {}, sign("check")), element("span.n.mono", {}, name), element("small", {}, entry.size));
    }

    drawMessage(count, hidden) {
        const { trouble, nearest } = this.page;
        const lines = [];
        if (trouble) {
            lines.push(element("p", { role: "alert" }, trouble), this.takeTyped(), button("btn", "spin", "Try again", () => this.load("")));
        } else if (!count && hidden) {
            lines.push(element("p", {}, `No pictures here by their names, but ${hidden} other ${hidden > 1 ? "files" : "file"}.`), button("btn", "", "Show all files", () => this.showKinds(false)));
        } else if (!count && nearest !== null && this.prefix !== this.root) {
            const folder = nearest.startsWith(this.root) ? nearest : this.root;
            lines.push(element("p", {}, `Nothing begins with “${this.prefix}”.`), button("btn", "folder", folder ? `Open ${folder}` : "Show all", () => this.open(folder, { focus: true })), this.takeTyped());
        } else if (!count) {
            lines.push(element("p", {}, this.more ? "Nothing on this page that can be shown; more follow." : "There is nothing in it yet."));
        }
        this.message.hidden = !lines.length;
        this.message.replaceChildren(...lines.filter(Boolean));
    }

    // Where keys cannot be listed, one can still be typed.
    takeTyped() {
        const key = this.search.value;
        if (!key || key.endsWith("/")) {
            return element("p.quiet", {}, "If you know a key, type it above.");
        }
        return button("btn", "", `Take “${key}”`, () => this.choose(key));
    }

    fail(error, more) {
        this.list.querySelectorAll(".waiting").forEach((tile) => tile.remove());
        const words = element("p", { role: "alert" });
        if (error instanceof LoggedOut) {
            offerLogin(words, () => this.load(more));
            this.message.replaceChildren(words);
        } else {
            words.textContent = isAway(error) ? "The service does not answer just now." : error.message;
            this.message.replaceChildren(words, button("btn", "spin", "Try again", () => this.load(more)));
        }
        this.message.hidden = false;
    }

    say(before) {
        const count = this.found().length;
        const words = before ? `${count - before} more, ${count} shown` : `${count} shown`;
        this.status.textContent = this.page.trouble || (count ? `${words}${this.more ? ", more follow" : ""}` : this.message.textContent);
    }

    showKinds(pictures) {
        this.pictures = pictures;
        [...this.kinds.children].forEach((one, place) => one.setAttribute("aria-pressed", String(pictures === !place)));
        redraw(this.message, this.kinds.children[pictures ? 0 : 1], () => this.draw());
    }

    // --- Choosing

    choose(key, together = false) {
        if (this.many) {
            if (!this.chosen.delete(key)) {
                this.chosen.add(key);
            }
        } else {
            this.chosen = new Set([key]);
        }
        for (const option of this.options()) {
            option.setAttribute("aria-selected", String(this.chosen.has(option.dataset.key)));
        }
        this.move(this.options().find((option) => option.dataset.key === key), together);
        this.tell(key);
        this.changed?.([...this.chosen]);
    }

    pictureUrl(key) {
        return `${this.urls.picture}?${new URLSearchParams({ key })}`;
    }

    // Show the facts of a key.
    async tell(key) {
        this.telling?.abort();
        const { signal } = (this.telling = new AbortController());
        const lines = element("dl.kv");
        const picture = element("span.pic.whole.busy");
        show(picture, this.pictureUrl(key));
        const actions = element("div.acts.stack");
        this.facts.replaceChildren(picture, element("p.mono.name", {}, key), lines, actions);
        const entry = this.entries.find((one) => one.key === key);
        this.drawFacts({ key, lines, entry, said: [] });
        actions.replaceChildren(...(this.actions?.(key, {}) ?? []));
        try {
            const response = await get(`${this.urls.original}?${new URLSearchParams({ key })}`, { signal });
            const said = await response.json();
            signal.throwIfAborted();
            this.drawFacts({ lines, entry, said: said.lines ?? [], trouble: said.message });
            actions.replaceChildren(...(this.actions?.(key, said) ?? []));
        } catch {
            // The picture itself says why it cannot be shown.
        }
    }

    drawFacts({ lines, entry, said, trouble } = {}) {
        if (!lines) {
            this.facts.replaceChildren(element("p.quiet", {}, "Choose a picture to see what it is."));
            return;
        }
        const known = [...(said.length ? said : entry?.size ? [["File", entry.size]] : [])];
        if (entry?.changed) {
            known.push(["Changed", entry.changed]);
        }
        lines.replaceChildren(...known.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]));
        if (trouble) {
            lines.append(element("dt", {}, "Trouble"), element("dd.bad-ink", {}, trouble));
        }
    }

    // --- The way up, and keys

    drawCrumbs() {
        const folder = this.prefix.slice(0, this.prefix.lastIndexOf("/") + 1);
        const parts = folder.slice(this.root.length).split("/").slice(0, -1);
        const links = [this.tree.name, ...parts].map((name, place) => {
            const target = this.root + parts.slice(0, place).map((part) => `${part}/`).join("");
            return place === parts.length
                ? element("strong", { "aria-current": "location" }, place ? `${name}/` : name)
                : element("button.plain", { type: "button", click: () => this.open(target) }, place ? `${name}/` : name);
        });
        this.crumbs.replaceChildren(...links.flatMap((link, place) => (place ? [sign("chev"), link] : [link])));
    }

    up() {
        const above = this.prefix.replace(/[^/]*\/?$/, "");
        if (this.prefix !== this.root) {
            this.open(above, { focus: true });
        }
    }

    options() {
        return [...this.list.querySelectorAll("[role=option]")];
    }

    move(option) {
        if (option) {
            if (this.list.contains(option)) {
                makeStop(this.options(), option);
            }
            option.focus();
        }
    }

    searchKey(event) {
        if (event.key === "Enter") {
            event.preventDefault(); // of a form that the dialog is in
            this.open(this.search.value, { typed: true });
        } else if (event.key === "ArrowDown") {
            event.preventDefault();
            this.move(this.list.querySelector("[tabindex='0']"));
        }
    }

    listKey(event) {
        const options = this.options();
        const here = options.indexOf(event.target.closest("[role=option]"));
        if (here < 0 || event.altKey || event.ctrlKey || event.metaKey) {
            return;
        }
        const option = options[here];
        const to = reached(options, option, event.key);
        if (to) {
            this.move(to);
        } else if (event.key === "Enter" && this.chosen.has(option.dataset.key) && !this.many) {
            this.use?.([...this.chosen]);
        } else if (event.key === "Enter" || event.key === " ") {
            option.click();
        } else if (event.key === "Backspace") {
            this.up();
        } else {
            return;
        }
        event.preventDefault();
    }

    anyKey(event) {
        if (event.key === "/" && !event.target.matches("input, textarea, select") && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            event.stopPropagation(); // the page has a box of its own
            this.search.focus();
        }
    }
}
