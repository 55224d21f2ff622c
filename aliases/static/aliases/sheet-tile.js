// A tile of the contact sheet: one sample by the draft and by what is live, with its figures and findings.
const SIGNS = { bad: "i-bad", warn: "i-warn", good: "i-check" };
const WEIGHTS = { bad: 1000, warn: 30, plain: 1 };
const NAMES = { jpeg: "JPEG", png: "PNG", webp: "WebP", avif: "AVIF", gif: "GIF" };
const ALIKE = 0.02; // proportions that differ less lie over each other

export class Tile {
    constructor({ key, why, own, curable }) {
        Object.assign(this, { key, why, own, curable });
        this.shown = null; // what is known of the draft's picture
        this.live = null;
        this.refused = null;
        this.element = part("article", "tile");
        this.element.setAttribute("aria-label", key);
        this.element.setAttribute("tabindex", "-1"); // for when its button goes
        this.picture = part("div", "view nothing");
        this.frames = { live: this.frame("live"), draft: this.frame("draft") };
        this.rest = part("span", "chip rest");
        this.facts = part("p", "facts");
        this.badges = part("p", "badges");
        this.sentence = part("p", "sentence small quiet");
        this.cure = Object.assign(part("button", "btn tiny cure"), { type: "button", hidden: true });
        const words = part("div", "words");
        words.append(this.rest, Object.assign(part("p", "key mono"), { textContent: key, title: key }), this.facts, this.badges, this.sentence, this.cure);
        this.element.append(this.picture, words);
    }

    frame(which) {
        const frame = part("div", `frame ${which}`);
        const image = Object.assign(new Image(), { alt: `${this.key}, ${which}`, hidden: true });
        frame.append(image);
        this.picture.append(frame);
        return frame;
    }

    wait() {
        this.element.classList.add("waiting");
        this.element.setAttribute("aria-busy", "true");
    }

    ready() {
        this.element.classList.remove("waiting", "old");
        this.element.removeAttribute("aria-busy");
    }

    // Nothing newer could be had.
    stay(old) {
        this.ready();
        this.element.classList.toggle("old", old && Boolean(this.shown));
    }

    // The figures change together with the picture.
    async show(which, { blob, bytes, review = null }, signal) {
        const image = new Image();
        image.src = URL.createObjectURL(blob);
        await image.decode().catch(() => {});
        if (signal.aborted) {
            URL.revokeObjectURL(image.src);
            signal.throwIfAborted();
        }
        const frame = this.frames[which];
        const before = frame.querySelector("img");
        URL.revokeObjectURL(before.src);
        image.alt = before.alt;
        before.replaceWith(image);
        const known = { bytes, type: NAMES[blob.type.replace("image/", "")] ?? blob.type, width: image.naturalWidth || 1, height: image.naturalHeight || 1, review };
        if (which === "draft") {
            this.shown = known;
            this.refused = null;
            this.ready();
        } else {
            this.live = known;
        }
        this.draw();
    }

    // That another original of the bucket cannot be rendered is no fault of the draft.
    refuse({ message, badge, away }) {
        this.shown = null;
        this.refused = { message, badge, away, level: this.own ? "bad" : "warn" };
        this.frames.draft.querySelector("img").hidden = true;
        this.ready();
        this.draw();
    }

    loseLive() {
        this.live = null;
        this.frames.live.querySelector("img").hidden = true;
        this.draw();
    }

    get findings() {
        return this.refused ? [{ ...this.refused, why: this.refused.message, rule: "readable", cure: null }] : (this.shown?.review?.findings ?? []);
    }

    get troubled() {
        return this.findings.some(({ level }) => level !== "plain");
    }

    // The worst has the most.
    get weight() {
        return this.findings.reduce((sum, { level, badge }) => sum + WEIGHTS[level] + (parseFloat(badge.replace(/^Enlarged /, "")) || 0), 0);
    }

    draw() {
        const { shown, live } = this;
        this.picture.classList.toggle("nothing", !shown);
        this.picture.classList.toggle("unlike", Boolean(shown && live && Math.abs(shown.width / shown.height - live.width / live.height) > ALIKE * (shown.width / shown.height)));
        this.picture.classList.toggle("both", Boolean(shown && live));
        for (const [which, known] of [["draft", shown], ["live", live]]) {
            if (known) {
                this.frames[which].style.setProperty("--ratio", String(known.width / known.height));
                this.frames[which].style.setProperty("--wide", `${known.width}px`);
            }
        }
        this.picture.style.setProperty("--ratio", String(shown ? shown.width / shown.height : 1)); // of the line between them
        this.element.style.setProperty("--both", `${Math.max(shown?.width ?? 0, live?.width ?? 0)}px`);
        this.markFaces(shown?.review?.cut ?? []);
        const figures = [
            shown && `${kilobytes(shown.bytes)} ${shown.type}`,
            shown && `${shown.width} × ${shown.height}`,
            live && `live ${kilobytes(live.bytes)} ${live.type}`,
            shown?.review && `${shown.review.ms} ms`,
        ].filter(Boolean);
        this.facts.replaceChildren(...figures.map((text) => Object.assign(part("span"), { textContent: text })));
        this.badges.replaceChildren(...this.findings.map(chip));
        const first = this.findings.find(({ level }) => level !== "plain") ?? this.findings[0];
        this.sentence.textContent = first?.why ?? (shown?.review ? `The original has ${shown.review.original.join(" × ")} pixels.` : "");
        this.sentence.classList.toggle("always", Boolean(this.refused));
        const cure = this.findings.find((finding) => finding.cure && finding.level !== "plain")?.cure;
        if ((!cure || !this.curable) && document.activeElement === this.cure) {
            this.element.focus();
        }
        this.cure.hidden = !cure || !this.curable;
        this.cure.textContent = cure?.words ?? "";
        Object.assign(this.cure.dataset, { field: cure?.field ?? "", value: cure?.value ?? "" });
    }

    // Where faces are cut, on the picture; what is beyond its edge is not drawn.
    markFaces(cut) {
        for (const old of this.picture.querySelectorAll(".face")) {
            old.remove();
        }
        for (const [left, top, right, bottom] of cut) {
            if (right <= 0 || bottom <= 0 || left >= 1 || top >= 1) {
                continue;
            }
            const face = part("span", "face");
            const within = (side) => Math.min(1, Math.max(0, side));
            face.style.setProperty("left", `${100 * within(left)}%`);
            face.style.setProperty("top", `${100 * within(top)}%`);
            face.style.setProperty("width", `${100 * (within(right) - within(left))}%`);
            face.style.setProperty("height", `${100 * (within(bottom) - within(top))}%`);
            this.frames.draft.append(face);
        }
    }
}

export function kilobytes(bytes) {
    return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
}

export function part(name, className = "") {
    return Object.assign(document.createElement(name), { className });
}

export function sign(name) {
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    icon.setAttribute("class", "i");
    icon.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `#${name}`);
    icon.append(use);
    return icon;
}

export function chip({ badge, level }) {
    const made = part("span", SIGNS[level] ? `chip ${level}` : "chip");
    if (SIGNS[level]) {
        made.append(sign(SIGNS[level]));
    }
    made.append(badge);
    return made;
}
