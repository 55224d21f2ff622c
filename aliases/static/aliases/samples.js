// Suggests keys of the chosen bucket for fields that take one: those that begin with what is typed. The server is asked
// shortly after each change. Folders can be opened; where there are more keys, a button loads the next.
const DEBOUNCE = 200;
const bucket = document.getElementById("id_bucket");
const prefix = document.getElementById("id_prefix");

// Django's popups report their choice as an event of Django's own jQuery, which other scripts do not receive. The event also
// fires when the page loads, when nothing changed.
let chosen = bucket?.value;
window.django?.jQuery?.(bucket).on("change", (event) => {
    const differs = bucket.value !== chosen;
    chosen = bucket.value;
    if (differs && !event.originalEvent) {
        bucket.dispatchEvent(new Event("change", { bubbles: true }));
    }
});

if (bucket?.dataset.keysUrl) {
    const url = () => bucket.value && bucket.dataset.keysUrl.replace("/0/", `/${bucket.value}/`);
    offer(document.getElementById("id_sample"), url, () => prefix?.value ?? "");
    offer(document.getElementById("id_fallback"), url);
}
for (const field of document.querySelectorAll("input[data-keys-url]")) {
    offer(field, () => field.dataset.keysUrl);
}

// `url` returns the URL to ask, if any; `before` the prefix of the keys, which the field leaves out.
function offer(field, url, before = () => "") {
    if (!field) {
        return;
    }
    const list = document.createElement("datalist");
    list.id = `${field.id}-keys`;
    field.setAttribute("list", list.id);
    field.autocomplete = "off";
    const note = document.createElement("p");
    note.className = "help keys-note";
    note.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Show more";
    field.after(list);
    (field.closest(".flex-container") ?? field).after(note);
    let timer, controller, asked, more;

    const later = () => {
        clearTimeout(timer);
        timer = setTimeout(() => ask(), DEBOUNCE);
    };
    field.addEventListener("input", later);
    field.addEventListener("focus", later);
    bucket?.addEventListener("change", () => {
        asked = undefined; // another bucket has other keys
        later();
    });
    prefix?.addEventListener("input", later);
    button.addEventListener("click", () => ask(more));

    // A page of the keys that begin with what is typed; with `from`, the page after those shown.
    async function ask(from = "") {
        const beginning = before() + field.value;
        if (!url()) {
            list.replaceChildren();
            note.textContent = "";
            return;
        }
        if (beginning === asked && !from) {
            return;
        }
        asked = beginning;
        controller?.abort();
        controller = new AbortController();
        const query = new URLSearchParams({ prefix: beginning, more: from });
        try {
            const response = await fetch(`${url()}?${query}`, { signal: controller.signal });
            if (response.ok && !response.redirected) {
                show(await response.json(), Boolean(from));
            } else {
                asked = undefined;
            }
        } catch {
            asked = undefined; // aborted by the next request, or no answer: the next change asks again
        }
    }

    function show(found, added) {
        const names = [...found.folders, ...found.keys].sort().filter((name) => name.length > before().length);
        const options = names.map((name) => new Option("", name.slice(before().length)));
        list.replaceChildren(...(added ? list.children : []), ...options);
        more = found.more;
        note.textContent = found.trouble ? `${found.trouble}.` : more ? `The first ${list.children.length} are shown; type on, or: ` : "";
        if (more) {
            note.append(button);
        }
    }
}
