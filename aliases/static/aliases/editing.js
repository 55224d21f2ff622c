// Asks before an edited form is left other than by sending it: by a link, Close, back, a reload, another form's button.
const forms = [...document.querySelectorAll("#alias_form, #bucket_form, #focus-form, form.guarded")];
const before = new Map(forms.flatMap((form) => [...form.elements].map((element) => [element, original(element)])));
// A form that came back with errors, or holds what was sent, counts as edited from the start.
const returned = new Set(forms.filter((form) => form.matches("[data-dirty]") || form.querySelector(".errornote")));
let sent = null;

// Without a network the browser would show its own error page and lose what was typed.
document.addEventListener("submit", (event) => {
    if (navigator.onLine || !forms.includes(event.target)) {
        return;
    }
    event.preventDefault();
    const words = document.getElementById("offline") ?? document.createElement("p");
    words.id = "offline";
    words.className = "errornote";
    words.setAttribute("role", "alert");
    words.textContent = "This computer is offline, so nothing was sent. Nothing that you typed is lost: send it again once you are online.";
    (event.submitter?.closest(".submit-row, .decide-row, .object-tools") ?? event.target).before(words);
});
document.addEventListener("submit", (event) => {
    sent = event.defaultPrevented ? null : event.target;
});
addEventListener("beforeunload", (event) => {
    if (forms.some((form) => form !== sent && isEdited(form))) {
        event.preventDefault();
    }
    sent = null;
});

function isEdited(form) {
    return returned.has(form) || [...form.elements].some((element) => element.name && current(element) !== (before.get(element) ?? ""));
}

// A field's value as the page was sent, not what the browser restored after a reload.
function original(element) {
    if (element.type === "checkbox" || element.type === "radio") {
        return element.defaultChecked ? element.value : "";
    }
    if (element.tagName === "SELECT") {
        const chosen = [...element.options].filter((option) => option.defaultSelected).map((option) => option.value);
        return chosen.length || element.multiple ? chosen.join("\n") : (element.options[0]?.value ?? "");
    }
    return element.defaultValue ?? "";
}

function current(element) {
    if (element.type === "submit" || element.tagName === "BUTTON" || element.tagName === "FIELDSET") {
        return before.get(element) ?? "";
    }
    if (element.type === "checkbox" || element.type === "radio") {
        return element.checked ? element.value : "";
    }
    if (element.tagName === "SELECT") {
        return [...element.selectedOptions].map((option) => option.value).join("\n");
    }
    return element.value;
}
