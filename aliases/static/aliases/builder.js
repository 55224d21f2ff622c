// The builder: shortly after each change, asks what the fields make, and shows the picture and the URLs. The last good
// picture stays, paler, while something is wrong; a late answer to an earlier question is dropped.
import "./nine.js";

const DEBOUNCE = 300;
const form = document.getElementById("builder");
const image = document.getElementById("built");
let timer, controller;

form.addEventListener("input", later);
form.addEventListener("change", later);
form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
});

function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, DEBOUNCE);
}

async function ask() {
    controller?.abort();
    controller = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    try {
        const response = await fetch(`${form.dataset.pictureUrl}?${query}`, {
            headers: { Accept: "application/json, image/avif, image/webp" },
            signal: controller.signal,
        });
        if (![200, 422].includes(response.status)) {
            throw new Error(response.statusText);
        }
        show(await response.json());
        history.replaceState(null, "", `?${query}`);
    } catch (error) {
        if (error.name !== "AbortError") {
            show({ trouble: "The service does not answer, or you were logged out. Nothing typed is lost." });
        }
    }
}

function show(made) {
    image.classList.toggle("old", !made.picture);
    if (made.picture) {
        image.src = made.picture;
        image.hidden = false;
    }
    document.getElementById("facts").textContent = made.facts ?? "";
    document.getElementById("trouble").textContent = made.trouble ?? "";
    for (const place of form.querySelectorAll(".wrong")) {
        const name = place.id.replace("wrong-", "");
        place.textContent = made.errors?.[name] ?? "";
        for (const field of form.querySelectorAll(`[name="${name}"]`)) {
            field.toggleAttribute("aria-invalid", Boolean(place.textContent));
            if (place.textContent) {
                field.setAttribute("aria-invalid", "true");
                field.setAttribute("aria-describedby", place.id);
            }
        }
    }
    document.getElementById("urls").hidden = !made.inspect;
    for (const name of ["signed", "unsigned"]) {
        const code = document.getElementById(name);
        if (code) {
            code.textContent = made[name] ?? "";
            code.parentElement.hidden = !made[name];
            code.parentElement.querySelector("button").dataset.copy = made[name] ?? "";
        }
    }
    for (const name of ["save", "inspect"]) {
        const link = document.getElementById(name);
        if (link && made[name]) {
            link.href = made[name];
        }
    }
}
