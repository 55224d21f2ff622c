// The live preview of an alias's form: posts the form a moment after each change and shows the picture that comes back.
const DEBOUNCE = 300;
const panel = document.querySelector("[data-preview-url]");
if (panel) {
    start(panel, document.getElementById("alias_form"));
}

function start(panel, form) {
    const touched = new Set();
    let timer;
    let last = "";
    const draft = pane("preview-draft");
    const original = pane("preview-original");
    const focus = document.getElementById("focus-link");

    const changed = (event) => {
        if (event.target.name) {
            touched.add(event.target.name);
        }
        clearTimeout(timer);
        timer = setTimeout(refresh, DEBOUNCE);
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    refresh();

    async function refresh() {
        if (!touched.size && !(form.elements.bucket?.value && form.elements.sample?.value)) {
            say("Choose a bucket and name a sample, the key of one of its originals: it is shown here as the alias makes it.", true);
            return;
        }
        const where = ["bucket", "prefix", "sample"].map((name) => form.elements[name]?.value).join("\n");
        if (where !== last) {
            last = where;
            original.ask(form, "original");
            link(...where.split("\n"));
        }
        panel.classList.add("busy");
        const answer = await draft.ask(form, "draft");
        if (!answer) {
            return; // a later request took this one's place
        }
        panel.classList.remove("busy");
        say(answer.message || "");
        show(answer.errors || {});
        if (answer.bytes && original.bytes) {
            draft.facts.textContent += `, ${Math.max(1, Math.round(100 * answer.bytes / original.bytes))} % of the original's bytes`;
        }
    }

    // To the page of the focus of that original, in every alias.
    function link(bucket, prefix, sample) {
        if (focus) {
            focus.hidden = !bucket || !sample;
            focus.href = `${focus.dataset.url.replace("/0/", `/${bucket}/`)}?${new URLSearchParams({ key: prefix + sample })}`;
        }
    }

    function say(sentence, calmly = false) {
        const place = document.getElementById("preview-trouble");
        place.textContent = sentence;
        place.classList.toggle("quiet", calmly);
    }

    // Fields that the editor has been to are told where they stand, the others in the panel.
    function show(errors) {
        form.querySelectorAll(".live-error").forEach((list) => list.remove());
        const elsewhere = document.getElementById("preview-errors");
        elsewhere.replaceChildren();
        for (const [name, sentences] of Object.entries(errors)) {
            const row = form.querySelector(`.form-row.field-${name}`);
            const list = touched.has(name) && row ? document.createElement("ul") : elsewhere;
            if (list !== elsewhere) {
                list.className = "errorlist live-error";
                row.prepend(list);
            }
            for (const sentence of sentences) {
                const item = document.createElement("li");
                item.textContent = list === elsewhere && name !== "__all__" ? `${label(row, name)}: ${sentence}` : sentence;
                list.append(item);
            }
        }
        elsewhere.hidden = !elsewhere.children.length;
    }

    function label(row, name) {
        return (row?.querySelector("label, legend")?.textContent || name).trim().replace(/:$/, "");
    }
}

// One picture of the panel; a newer request aborts the one under way.
function pane(id) {
    const image = document.getElementById(id);
    const facts = document.getElementById(`${id}-facts`);
    let controller;
    const self = { image, facts, bytes: 0, ask };
    return self;

    async function ask(form, which) {
        controller?.abort();
        controller = new AbortController();
        const { signal } = controller;
        const body = new FormData(form);
        body.set("which", which);
        const url = document.querySelector("[data-preview-url]").dataset.previewUrl;
        const headers = { Accept: "image/avif,image/webp,image/*,application/json" };
        try {
            const response = await fetch(url, { method: "POST", body, headers, signal });
            if (response.headers.get("Content-Type")?.startsWith("image/")) {
                const picture = await response.blob();
                URL.revokeObjectURL(image.src);
                image.src = URL.createObjectURL(picture);
                image.hidden = false;
                facts.textContent = response.headers.get("X-Facts");
                self.bytes = Number(response.headers.get("X-Bytes"));
                return { bytes: self.bytes };
            }
            image.hidden = true;
            facts.textContent = "";
            self.bytes = 0;
            if (response.status === 422) {
                return await response.json();
            }
            return { message: `The preview was refused (${response.status}). Reload the page; you may have been logged out.` };
        } catch (error) {
            if (error.name === "AbortError") {
                return null;
            }
            return { message: "The service does not answer; the preview is tried again at the next change." };
        }
    }
}
