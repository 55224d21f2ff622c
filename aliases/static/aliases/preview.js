// The live preview of an alias's form: posts the form shortly after each change and shows the returned picture.
import { LoggedOut, offerLogin, send } from "./session.js";

const DEBOUNCE = 300;
const PAUSE = 5000; // between attempts while the service does not answer
const ACCEPT = "image/avif,image/webp,image/*,application/json";
const panel = document.querySelector("[data-preview-url]");
if (panel) {
    start(panel, document.getElementById("alias_form"));
}

function start(panel, form) {
    const touched = new Set();
    const draft = pane("draft");
    const original = pane("original");
    const focus = document.getElementById("focus-link");
    const trouble = document.getElementById("preview-trouble");
    const slips = Object.assign(document.createElement("ul"), { className: "cautions", hidden: true });
    slips.setAttribute("role", "status");
    trouble.after(slips);
    let timer;

    const changed = (event) => {
        if (event.target.name) {
            touched.add(event.target.name);
        }
        again(DEBOUNCE);
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    addEventListener("online", () => again(0));
    refresh();

    function again(pause) {
        clearTimeout(timer);
        timer = setTimeout(refresh, pause);
    }

    async function refresh() {
        clearTimeout(timer);
        const said = ["bucket", "prefix", "sample"].map((name) => form.elements[name]?.value ?? "");
        if (!touched.size && !(said[0] && said[2])) {
            say("Choose a bucket, and name a sample: the key of one of its originals. Here you see what the alias makes of it.", true);
            return;
        }
        const where = said.join("\n");
        link(...said);
        if (original.asked !== where) {
            ask(original, where);
        }
        panel.classList.add("busy");
        const answer = await ask(draft, where);
        if (answer) { // otherwise a later request replaced this one
            panel.classList.remove("busy");
            tell(answer);
        }
    }

    // Update a pane for that bucket, prefix and sample. Returns a message to show, or null.
    async function ask(pane, where) {
        pane.asked = where;
        pane.controller?.abort();
        pane.controller = new AbortController();
        const { signal } = pane.controller;
        try {
            const response = await send(panel.dataset.previewUrl, form, { fields: { which: pane.which }, accept: ACCEPT, signal });
            if (response.headers.get("Content-Type")?.startsWith("image/")) {
                await show(pane, where, response, signal);
                return { errors: readHeader(response, "X-Errors", {}), cautions: readHeader(response, "X-Cautions", []) };
            }
            const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
            const refusal = isJson ? await response.json() : {};
            if (refusal.errors) { // of the picture; otherwise of the page, such as a missing permission
                clear(pane);
                return refusal;
            }
            return outdated(pane, { message: refusal.message || `The service refused the preview (${response.status}).` });
        } catch (error) {
            if (error.name === "AbortError") {
                return null;
            }
            if (error instanceof LoggedOut) {
                return outdated(pane, { loggedOut: true });
            }
            if (!(error instanceof TypeError)) { // which is what fetch throws
                throw error;
            }
            again(PAUSE);
            return outdated(pane, { message: "The service does not answer. It will be tried again in a moment." });
        }
    }

    async function show(pane, where, response, signal) {
        const url = URL.createObjectURL(await response.blob());
        const picture = new Image();
        picture.src = url;
        await picture.decode().catch(() => {}); // otherwise the caption would change before the picture
        signal.throwIfAborted();
        URL.revokeObjectURL(pane.image.src);
        pane.image.src = url;
        pane.image.hidden = false;
        Object.assign(pane, { where, bytes: Number(response.headers.get("X-Bytes")), said: (response.headers.get("X-Facts") ?? "").replace(" x ", " × "), old: false });
        describe();
    }

    function clear(pane) {
        pane.image.hidden = true;
        Object.assign(pane, { where: null, bytes: 0, said: "", old: false });
        describe();
    }

    // There is no newer picture: the one shown is marked as outdated, and requested again next time.
    function outdated(pane, answer) {
        pane.old = !pane.image.hidden;
        pane.asked = null;
        describe();
        return answer;
    }

    // The caption of each picture: its facts, and its share of the bytes of the original shown beside it.
    function describe() {
        const share = draft.bytes && original.bytes && draft.where === original.where;
        const part = share ? `, ${Math.max(1, Math.round((100 * draft.bytes) / original.bytes))} % of the original's bytes` : "";
        for (const pane of [draft, original]) {
            pane.figure.classList.toggle("old", pane.old);
            const text = `${pane.said}${pane === draft ? part : ""}${pane.old ? ". From before: no newer picture could be had." : ""}`;
            if (pane.facts.textContent !== text) { // otherwise screen readers would read it again
                pane.facts.textContent = text;
            }
        }
    }

    // The link to the page of that original's focus, which all aliases share.
    function link(bucket, prefix, sample) {
        if (focus) {
            focus.hidden = !bucket || !sample;
            focus.href = `${focus.dataset.url.replace("/0/", `/${bucket}/`)}?${new URLSearchParams({ key: prefix + sample })}`;
        }
    }

    function tell({ message = "", errors = {}, cautions = [], loggedOut = false }) {
        if (loggedOut) {
            trouble.classList.remove("quiet");
            offerLogin(trouble, refresh);
            return; // errors shown at fields stay
        }
        say(message);
        mark(errors);
        slips.replaceChildren(...cautions.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
        slips.hidden = !cautions.length;
    }

    function say(sentence, calmly = false) {
        trouble.textContent = sentence;
        trouble.classList.toggle("quiet", calmly);
    }

    // Errors of fields that the editor has visited are shown at the field, the others in the panel.
    function mark(errors) {
        const elsewhere = document.getElementById("preview-errors");
        const lines = [];
        for (const list of form.querySelectorAll(".live-error")) {
            if (!(list.dataset.field in errors)) {
                list.remove();
                describeField(list.dataset.field, null);
            }
        }
        for (const [name, sentences] of Object.entries(errors)) {
            const row = form.querySelector(`.fieldBox.field-${name}, .form-row.field-${name}`);
            if (touched.has(name) && row) {
                markField(name, row, sentences);
            } else {
                lines.push(...sentences.map((sentence) => (name === "__all__" ? sentence : `${label(row, name)}: ${sentence}`)));
            }
        }
        fill(elsewhere, lines);
        elsewhere.hidden = !lines.length;
    }

    function markField(name, row, sentences) {
        let list = form.querySelector(`.live-error[data-field="${name}"]`);
        if (!list) {
            list = document.createElement("div");
            list.className = "live-error";
            list.append(Object.assign(document.createElement("ul"), { className: "errorlist" }));
            list.id = `id_${name}_live_error`;
            list.dataset.field = name;
            list.setAttribute("role", "alert");
            row.prepend(list);
        }
        fill(list.firstChild, sentences);
        row.closest("details")?.setAttribute("open", ""); // otherwise it would be hidden
        describeField(name, list);
    }

    function fill(list, sentences) {
        if ([...list.children].map((item) => item.textContent).join("\n") === sentences.join("\n")) {
            return; // otherwise screen readers would read it again
        }
        list.replaceChildren(...sentences.map((sentence) => {
            const item = document.createElement("li");
            item.textContent = sentence;
            return item;
        }));
    }

    function describeField(name, list) {
        const id = `id_${name}_live_error`;
        for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
            const described = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((word) => word && word !== id);
            input.setAttribute("aria-describedby", [...described, ...(list ? [id] : [])].join(" "));
            input.toggleAttribute("aria-invalid", false);
            if (list) {
                input.setAttribute("aria-invalid", "true");
            }
        }
    }

    function label(row, name) {
        return (row?.querySelector("label, legend")?.textContent || name).trim().replace(/:$/, "");
    }
}

// One picture of the panel, its figure, and what is known about it.
function pane(which) {
    const image = document.getElementById(`preview-${which}`);
    const facts = document.getElementById(`preview-${which}-facts`);
    return { which, image, facts, figure: image.closest("figure"), asked: null, where: null, bytes: 0, said: "", old: false };
}

function readHeader(response, header, nothing) {
    return JSON.parse(response.headers.get(header) ?? "null") ?? nothing;
}
