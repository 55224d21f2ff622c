// The sample set of a bucket: its pictures, why each is in it, and the search for them, which goes on as long as this page asks
// or the schedule does.
import { button, element } from "./elements.js";
import { redraw } from "./kept-focus.js";
import { pick } from "./picker.js";
import { LoggedOut, get, offerLogin, send } from "./session.js";
import { show } from "./thumbnails.js";

const PAUSE = 2000;

export class SampleSet {
    // `said` is what the server wrote into the page; `open(key)` shows a picture of the set in the browser.
    constructor(place, said, open) {
        Object.assign(this, { place, urls: said.urls, bucket: said.bucket, pins: said.pins, open });
        this.form = place.querySelector("form");
        this.count = place.querySelector(".count");
        this.grid = place.querySelector(".set");
        this.progress = element("progress.bar", { "aria-label": "Pictures looked at", hidden: true });
        this.words = element("p.small", { role: "status" });
        this.buttons = place.querySelector(".end");
        this.grid.before(element("div.searching", {}, this.progress, this.words));
        this.draw(said.set);
        if (said.set.searching) {
            this.work();
        }
    }

    isPinned(key) {
        return this.state.samples.some((one) => one.key === key && one.pinned);
    }

    // Pin keys and take others out: { pin: "a.jpg" }, or a list of them.
    async change(fields) {
        await this.ask(() => send(this.urls.samples, this.form, { fields }));
    }

    async ask(request) {
        try {
            const response = await request();
            const said = await response.json();
            if (response.ok) {
                this.draw(said);
            } else {
                this.words.textContent = said.message ?? "That did not work; try it again.";
            }
            return response.ok;
        } catch (error) {
            if (error instanceof LoggedOut) {
                offerLogin(this.words, () => this.work());
            } else {
                this.words.textContent = "The service does not answer just now; try it again.";
            }
            return false;
        }
    }

    async work(fields = {}) {
        let well = await this.ask(() => this.pins ? send(this.urls.search, this.form, { fields }) : get(this.urls.samples));
        while (well && this.state.searching) {
            await new Promise((resolve) => setTimeout(resolve, this.pins ? 200 : PAUSE));
            well = await this.ask(() => this.pins ? send(this.urls.search, this.form) : get(this.urls.samples));
        }
    }

    draw(state) {
        redraw(this.place, this.place, () => this.show(state));
    }

    show(state) {
        this.state = state;
        const { samples, searching, done, of } = state;
        this.count.textContent = [samples.length ? `${samples.length} ${samples.length > 1 ? "pictures" : "picture"}, at most ${state.most}` : "", state.found].filter(Boolean).join(", ");
        this.progress.hidden = !searching;
        if (of) {
            this.progress.max = of;
            this.progress.value = done;
        } else {
            this.progress.removeAttribute("value");
        }
        this.words.textContent = searching
            ? of ? `Looked at ${done} of ${of} pictures.` : "Choosing pictures from all over the bucket…"
            : state.trouble || (samples.length ? "" : "No pictures yet. They are found by themselves, or you pin some.");
        this.grid.replaceChildren(...samples.map((one) => this.figure(one)));
        if (this.pins) {
            this.buttons.replaceChildren(
                button("btn tiny", "pin", "Pin pictures…", () => this.pinMany()),
                button("btn tiny", "spin", samples.length ? "Find again" : "Find pictures", () => this.work({ new: "1" })),
            );
            this.buttons.lastElementChild.disabled = searching;
        }
    }

    figure(one) {
        const picture = element("span.pic.whole");
        show(picture, `${this.urls.picture}?${new URLSearchParams({ key: one.key })}`);
        const words = one.trouble ? element("span.bad-ink", {}, one.trouble) : one.why;
        const out = this.pins
            ? button("btn tiny icon", "x", element("span.visually-hidden", {}, `Take ${one.key} out of the set`), () => this.change({ out: one.key }))
            : null;
        return element("li", {}, element("button.plain", { type: "button", title: one.key, "aria-label": `${one.key}, ${one.why}`, click: () => this.open(one.key) }, picture),
            element("span.why", {}, words), out);
    }

    async pinMany() {
        const keys = await pick({ urls: this.urls, name: this.bucket, many: true, title: `Choose pictures for the sample set of ${this.bucket}` });
        if (keys?.length) {
            await this.change({ pin: keys });
        }
    }
}
