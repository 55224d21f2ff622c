// What is typed into the form of an alias is also kept in this browser until it is saved, and offered again: after a
// crash, a closed tab, or a log-out.
const WAIT = 500;
const OLDEST = 7 * 24 * 3600 * 1000;
const form = document.getElementById("alias_form");
const name = `typed:${location.pathname}${new URLSearchParams(location.search).get("from") ?? ""}`;

if (form?.querySelector("[type=submit]")) {
    start();
}

function start() {
    const before = JSON.stringify(values());
    const kept = read();
    if (kept && form.querySelector(".errornote")) {
        forget(); // the page itself has what was typed
    } else if (kept && JSON.stringify(kept.values) === before) {
        forget();
    } else if (kept) {
        offer(kept);
    }
    let timer;
    const keep = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            const now = values();
            if (JSON.stringify(now) === before) {
                forget();
            } else {
                write({ at: Date.now(), values: now });
            }
        }, WAIT);
    };
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
}

function values() {
    const found = {};
    for (const [key, value] of new FormData(form)) {
        if (!key.startsWith("_") && key !== "csrfmiddlewaretoken" && typeof value === "string") {
            found[key] = value.replaceAll("\r\n", "\n");
        }
    }
    return found;
}

function offer(kept) {
    const note = document.createElement("div");
    note.className = "note info typed";
    note.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = `On ${new Date(kept.at).toLocaleString()} you typed something here that was not saved. `;
    const back = button("Put it back", () => {
        for (const [key, value] of Object.entries(kept.values)) {
            for (const field of form.querySelectorAll(`[name="${CSS.escape(key)}"]`)) {
                if (field.type === "radio") {
                    field.checked = field.value === value;
                } else {
                    field.value = value;
                }
            }
        }
        leave(note);
        form.querySelector("[name=width], [name=name]")?.dispatchEvent(new Event("input", { bubbles: true }));
    });
    words.append(back, " ", button("Forget it", () => {
        forget();
        leave(note);
    }));
    note.append(words);
    form.before(note);
}

// Its buttons had the focus.
function leave(note) {
    note.remove();
    form.querySelector(".fields-card :is(input, select, textarea)")?.focus();
}

function button(words, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn tiny", textContent: words });
    made.addEventListener("click", act);
    return made;
}

function read() {
    try {
        const kept = JSON.parse(localStorage.getItem(name));
        return kept && Date.now() - kept.at < OLDEST ? kept : null;
    } catch {
        return null;
    }
}

function write(kept) {
    try {
        localStorage.setItem(name, JSON.stringify(kept));
    } catch {
        // no room, or none allowed: the page still asks before it is left
    }
}

function forget() {
    try {
        localStorage.removeItem(name);
    } catch {
        // as above
    }
}
