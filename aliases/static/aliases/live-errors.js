// Errors of the form as it is typed: of fields that were visited at the field, the others in the contact sheet.
const form = document.getElementById("alias_form");
const sheet = document.getElementById("sheet");
const touched = new Set();
if (form && sheet) {
    for (const happening of ["input", "change"]) {
        form.addEventListener(happening, (event) => touched.add(event.target.name));
    }
    sheet.addEventListener("sheet:errors", ({ detail }) => mark(detail));
}

function mark(errors) {
    const elsewhere = sheet.querySelector("[data-errors]");
    const lines = [];
    for (const list of form.querySelectorAll(".live-error")) {
        if (!(list.dataset.field in errors)) {
            list.remove();
            describeField(list.dataset.field, null);
        }
    }
    touched.forEach(forgetSent);
    for (const [name, sentences] of Object.entries(errors)) {
        const row = rowOf(name);
        if (touched.has(name) && row) {
            markField(name, row, sentences);
        } else {
            lines.push(...sentences.map((sentence) => (name === "__all__" ? sentence : `${label(row, name)}: ${sentence}`)));
        }
    }
    fill(elsewhere, lines);
    elsewhere.hidden = !lines.length;
}

function rowOf(name) {
    return form.querySelector(`.fieldBox.field-${CSS.escape(name)}, .form-row.field-${CSS.escape(name)}`);
}

// What was wrong with a field when the page was sent says nothing of what was typed since.
function forgetSent(name) {
    const row = rowOf(name);
    row?.querySelector(":scope > .errorlist")?.remove();
    row?.classList.remove("errors");
    describeField(name, null);
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
    list.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
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
