// The contact sheet: every sample as the draft makes it, beside what is live. Of a form, it follows what is typed: what is
// on screen first, two at a time, and whatever is outdated is cancelled. The last good pictures stay meanwhile.
import { redraw } from "./kept-focus.js";
import { offerSamples } from "./no-samples.js";
import { LoggedOut, get, isAway, offerLogin, send } from "./session.js";
import { Tile, kilobytes, part, sign } from "./sheet-tile.js";

const DEBOUNCE = 300;
const PAUSE = 5000; // between attempts while the service does not answer
const LATER = 20_000; // until samples are asked for again whose bucket was away
const SLOW = 8000; // after which a sample is said to be slow
const AT_ONCE = 2;
const ACCEPT = "image/avif,image/webp,image/*,application/json";
const BROWSERS = { avif: "AVIF browsers", webp: "browsers with WebP alone", any: "browsers with neither" };
const PLACE = ["bucket", "prefix", "sample"];

class WrongFields extends Error {}

class Sheet {
    constructor(element) {
        Object.assign(this, { element, kind: "avif", tiles: [], place: null, timer: 0, controller: new AbortController(), edits: 0 });
        this.urls = element.dataset;
        this.form = document.getElementById(this.urls.form ?? "");
        this.find = (name) => element.querySelector(`[data-${name}]`);
        this.area = this.find("tiles");
        this.listen();
        this.refresh();
    }

    listen() {
        const changed = (event) => {
            if (event.target.name && !event.target.name.startsWith("_")) {
                this.edits += 1;
                this.again(DEBOUNCE);
            }
        };
        this.form?.addEventListener("input", changed);
        this.form?.addEventListener("change", changed);
        addEventListener("online", () => this.again(0));
        this.press("kind", (kind) => { this.kind = kind; this.refresh(); });
        this.press("way", (way) => { this.area.dataset.way = way; });
        this.area.dataset.way = "split";
        const slider = this.element.querySelector("input[type=range]");
        const slide = () => {
            this.area.style.setProperty("--x", `${slider.value}%`);
            this.area.classList.toggle("split", slider.value > 0 && slider.value < 100);
        };
        slider?.addEventListener("input", slide);
        if (slider) {
            slide();
        }
        this.area.addEventListener("click", ({ target }) => {
            if (target.matches(".cure")) {
                this.heal(target.dataset);
            }
        });
    }

    press(name, act) {
        const buttons = [...this.element.querySelectorAll(`button[data-${name}]`)];
        for (const button of buttons) {
            button.addEventListener("click", () => {
                buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
                act(button.dataset[name]);
            });
        }
    }

    // A cure changes the form as its editor would.
    heal({ field, value }) {
        const inputs = [...this.form.querySelectorAll(`[name="${field}"]`)];
        const radio = inputs.find((input) => input.type === "radio" && input.value === value);
        if (radio) {
            radio.checked = true;
        } else {
            const text = inputs[0].value.trim();
            inputs[0].value = field === "filters" && text ? `${text}:${value}` : value;
        }
        (radio ?? inputs[0]).dispatchEvent(new Event("change", { bubbles: true }));
    }

    again(pause) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.refresh(), pause);
    }

    async refresh() {
        clearTimeout(this.timer);
        this.controller.abort();
        this.controller = new AbortController();
        const { signal } = this.controller;
        try {
            await this.meetSamples(signal);
            await this.round(signal);
        } catch (error) {
            this.fail(error, signal);
        }
    }

    fail(error, signal) {
        if (error.name === "AbortError" || signal.aborted) {
            return;
        }
        this.controller.abort();
        for (const tile of this.tiles) {
            tile.stay(true);
        }
        if (error instanceof LoggedOut) {
            offerLogin(this.note("warn", "i-warn"), () => this.refresh());
        } else if (isAway(error)) {
            this.away ??= new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
            this.note("bad", "i-off").append(strong(`No connection since ${this.away}.`), " What you type stays here and nothing is lost. The sheet goes on by itself once the service answers. ", this.retry());
            this.again(PAUSE);
        } else if (!(error instanceof WrongFields)) {
            this.note("bad", "i-bad").append(error.message);
        }
    }

    retry() {
        const retry = Object.assign(part("button", "btn tiny"), { type: "button", textContent: "Try now" });
        retry.addEventListener("click", () => this.refresh());
        return retry;
    }

    // Samples that could not be had, by no fault of the draft, are asked for again.
    tellOfThoseAway() {
        const away = this.tiles.filter(({ refused }) => refused?.away).length;
        if (away) {
            this.note("warn", "i-clock").append(strong(`${away} of ${this.tiles.length} samples could not be had just now.`), " You can go on and save. The sheet asks for them again by itself. ", this.retry());
            this.again(LATER);
        }
    }

    // The samples: named by the page, or of the place that the form names.
    async meetSamples(signal) {
        if (!this.form) {
            if (!this.place) {
                this.place = "page";
                this.setTiles(JSON.parse(document.getElementById("sheet-samples").textContent));
            }
            return;
        }
        const values = PLACE.map((name) => this.form.elements[name]?.value ?? "");
        const place = values.join("\n");
        if (place === this.place) {
            return;
        }
        if (!values[0]) {
            this.setTiles([]);
            this.say("Choose a bucket. Here you see what the alias makes of its pictures.");
            return;
        }
        const query = new URLSearchParams(PLACE.map((name, number) => [name, values[number]]));
        const response = await get(`${this.urls.samplesUrl}?${query}`, { signal });
        if (!response.ok) {
            throw new Error(`The samples could not be had (${response.status}).`);
        }
        this.setTiles((await response.json()).samples);
        this.place = place;
        this.element.dispatchEvent(new CustomEvent("sheet:samples", { detail: this.tiles.map(({ key }) => key) }));
    }

    setTiles(samples) {
        const known = new Map(this.tiles.map((tile) => [tile.key, tile]));
        this.tiles = samples.map((sample) => known.get(sample.key) ?? new Tile({ ...sample, curable: Boolean(this.form) }));
        this.area.replaceChildren(...this.tiles.map(({ element }) => element));
        if (!samples.length) {
            this.say("No samples yet. Name a sample of the alias, or let some be found for its bucket.");
            offerSamples(this.find("sum"), this.form, this.urls.searchUrl, () => {
                this.place = null;
                this.refresh();
            });
        }
    }

    async round(signal) {
        const { tiles } = this;
        this.note(null);
        if (!tiles.length) {
            await this.validate(signal);
            return;
        }
        tiles.forEach((tile) => tile.wait());
        this.began = Date.now();
        const watch = setInterval(() => this.watch(tiles), 1000);
        signal.addEventListener("abort", () => clearInterval(watch));
        this.count(tiles, tiles.length);
        try {
            await this.each(tiles, (tile) => this.makeDraft(tile, tile === tiles[0], signal), signal);
            this.away = undefined;
            this.sort();
            await this.each(this.urls.liveUrl ? this.tiles.filter((tile) => tile.liveKind !== this.kind) : [], (tile) => this.makeLive(tile, signal), signal);
        } finally {
            clearInterval(watch);
        }
        this.note(null);
        this.sum();
        this.tellOfThoseAway();
    }

    // Without a sample there is no picture, but what is typed is read all the same.
    async validate(signal) {
        if (this.edits) {
            const response = await send(this.urls.draftUrl, this.form, { accept: ACCEPT, signal });
            const said = isOf(response, "application/json") ? await response.json() : {};
            signal.throwIfAborted();
            this.tell(said.errors ?? {}, said.cautions ?? []);
        }
    }

    // Two at a time; what is on screen comes first.
    async each(tiles, act, signal) {
        const waiting = [...tiles];
        const work = async () => {
            while (waiting.length && !signal.aborted) {
                const seen = waiting.findIndex(({ element }) => onScreen(element));
                const [tile] = waiting.splice(Math.max(seen, 0), 1);
                await act(tile);
            }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
        signal.throwIfAborted();
    }

    async makeDraft(tile, first, signal) {
        const fields = { _key: tile.key, _browser: this.kind, ...(first ? { _cautions: "1" } : {}) };
        const response = this.form
            ? await send(this.urls.draftUrl, this.form, { fields, accept: ACCEPT, signal })
            : await get(`${this.urls.draftUrl}?${new URLSearchParams({ key: tile.key, browser: this.kind })}`, { accept: ACCEPT, signal });
        if (isOf(response, "image/")) {
            const review = readHeader(response, "X-Review", { findings: [], cut: [], ms: 0, original: [] });
            const blob = await response.blob();
            await tile.show("draft", { blob, bytes: Number(response.headers.get("X-Bytes")), review: response.headers.has("X-Review") ? review : null }, signal);
            this.element.classList.remove("wrong");
            this.tell(readHeader(response, "X-Errors", {}), first ? readHeader(response, "X-Cautions", []) : null);
        } else {
            await this.refused(tile, response, first, signal);
        }
        this.count(this.tiles, this.tiles.filter(({ element }) => element.matches(".waiting")).length);
    }

    async refused(tile, response, first, signal) {
        const said = isOf(response, "application/json") ? await response.json() : {};
        signal.throwIfAborted();
        if (said.errors && Object.keys(said.errors).length) {
            this.wrong(said.errors);
            throw new WrongFields();
        }
        if (!said.errors) {
            throw new Error(said.message || `The service refused the picture (${response.status}).`);
        }
        this.tell({}, first ? said.cautions : null);
        tile.refuse({ ...said, away: response.status >= 500 });
    }

    // Fields that decide pixels are wrong: the draft stays as it was before.
    wrong(errors) {
        this.element.classList.add("wrong");
        this.tell(errors, null);
        const [name, sentences] = Object.entries(errors)[0];
        const field = this.form.querySelector(`[name="${CSS.escape(name)}"]`);
        const label = document.querySelector(`label[for="id_${name}"]`)?.textContent.trim().replace(/:$/, "");
        const words = this.note("warn", "i-warn");
        words.append(strong(`${label ? `${label}: ` : ""}${sentences[0]}`), " You see the draft as it was before. ");
        if (field) {
            const go = Object.assign(part("a"), { href: `#${field.id}`, textContent: "Go to the field" });
            go.addEventListener("click", (event) => {
                event.preventDefault();
                field.closest("details")?.setAttribute("open", "");
                field.focus();
            });
            words.append(go);
        }
    }

    async makeLive(tile, signal) {
        const response = await get(`${this.urls.liveUrl}?${new URLSearchParams({ key: tile.key, browser: this.kind })}`, { accept: ACCEPT, signal });
        if (isOf(response, "image/")) {
            await tile.show("live", { blob: await response.blob(), bytes: Number(response.headers.get("X-Bytes")) }, signal);
        } else {
            tile.loseLive();
        }
        tile.liveKind = this.kind;
    }

    tell(errors, cautions) {
        this.element.dispatchEvent(new CustomEvent("sheet:errors", { detail: errors }));
        if (cautions) {
            const list = this.find("cautions");
            list.replaceChildren(...cautions.map((sentence) => Object.assign(part("li"), { textContent: sentence })));
            list.hidden = !cautions.length;
        }
    }

    // Only once all are ready, so that nothing jumps under the pointer.
    sort() {
        const { activeElement: focused } = document;
        const tile = this.tiles.find(({ element }) => element.contains(focused));
        this.tiles.sort((a, b) => b.weight - a.weight || (b.shown?.bytes ?? 0) - (a.shown?.bytes ?? 0));
        this.area.replaceChildren(...this.tiles.map(({ element }) => element));
        this.tiles.forEach((tile, place) => {
            tile.element.classList.toggle("lead", !place);
            const alone = this.tiles.length === 1;
            tile.rest.textContent = [alone ? "" : tile.troubled ? `Worst of ${this.tiles.length}` : `Heaviest of ${this.tiles.length}`, tile.why].filter(Boolean).join(" · ");
        });
        // Taken out and put in again, it has lost the focus; and its button may be hidden by now.
        (focused.checkVisibility() ? tile && focused : tile?.element)?.focus();
        this.sum();
    }

    sum() {
        const ready = this.tiles.filter(({ shown }) => shown);
        const compared = ready.filter(({ live, liveKind }) => live && liveKind === this.kind);
        const mean = (tiles, what) => tiles.reduce((total, tile) => total + what(tile).bytes, 0) / tiles.length;
        const bad = this.tiles.filter(({ troubled }) => troubled).length;
        const problems = bad ? `${bad} of ${this.tiles.length} ${bad === 1 ? "has" : "have"} a problem` : "no sample has a problem";
        const words = [];
        let factor = "";
        if (ready.length) {
            words.push(piece(`${kilobytes(mean(ready, ({ shown }) => shown))} on average${compared.length ? `, live ${kilobytes(mean(compared, ({ live }) => live))}` : ""}`));
        }
        if (compared.length) {
            const times = mean(compared, ({ shown }) => shown) / mean(compared, ({ live }) => live);
            factor = `${times.toFixed(times < 10 ? 1 : 0)}× what ${BROWSERS[this.kind]} get today`;
            words.push(piece(factor, times > 1.05 ? "bad-ink" : times < 0.95 ? "good-ink" : ""));
        }
        words.push(piece(problems, bad ? "bad-ink" : "quiet"));
        this.sumUp(...words);
        this.find("told").textContent = [`${ready.length} ready`, problems, factor].filter(Boolean).join(", ");
        const [worst] = this.tiles;
        const findings = this.tiles.flatMap((tile) => tile.findings.map((finding) => ({ ...finding, key: tile.key })));
        this.element.dispatchEvent(new CustomEvent("sheet:done", { bubbles: true, detail: { bad, problems, findings, worst, count: this.tiles.length } }));
    }

    count(tiles, left) {
        if (left) {
            this.sumUp(piece(`${tiles.length - left} of ${tiles.length} ready`), piece("the others show their last picture meanwhile", "quiet"));
        }
    }

    sumUp(...words) {
        const place = this.find("sum");
        redraw(place, this.element, () => place.replaceChildren(...words));
    }

    watch(tiles) {
        const waited = Date.now() - this.began;
        const late = tiles.filter(({ element }) => element.matches(".waiting")).length;
        if (waited > SLOW && late) {
            this.note("warn", "i-clock").append(strong("The bucket answers slowly."), ` ${late} of ${tiles.length} samples have not arrived after ${Math.round(waited / 1000)} s. You can go on, save and publish.`);
        }
    }

    say(sentence) {
        this.note(null);
        this.find("sum").textContent = sentence;
    }

    // The note above the tiles, emptied: a paragraph to fill. Without a level it goes.
    note(level, icon) {
        const place = this.find("note");
        const words = part("p");
        redraw(place, this.element, () => {
            place.hidden = !level;
            place.className = `sheet-note note ${level ?? ""}`;
            place.replaceChildren(...(level ? [sign(icon), words] : []));
        });
        return words;
    }
}

function onScreen(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
}

function isOf(response, kind) {
    return Boolean(response.headers.get("Content-Type")?.startsWith(kind));
}

function readHeader(response, name, nothing) {
    return JSON.parse(response.headers.get(name) ?? "null") ?? nothing;
}

function strong(text) {
    return Object.assign(part("strong"), { textContent: text });
}

function piece(text, className = "") {
    return Object.assign(part("span", className), { textContent: text });
}

const element = document.getElementById("sheet");
if (element?.dataset.draftUrl) {
    // Once every module of the page has run: others listen to what the sheet finds, and may have come later.
    document.addEventListener("DOMContentLoaded", () => new Sheet(element));
}
