// The dialog in which a focal box is drawn: shows a sample of the contact sheet, as it is.
import { LoggedOut, offerLogin, send } from "./session.js";

const ACCEPT = "image/avif,image/webp,image/*,application/json";
const dialog = document.getElementById("focal-dialog");
const sheet = document.getElementById("sheet");
if (dialog) {
    for (const opener of document.querySelectorAll("[data-focal-open]")) {
        opener.hidden = false;
    }
    const form = document.getElementById("alias_form");
    const image = document.getElementById("focal-original");
    const choice = document.getElementById("focal-sample");
    const trouble = dialog.querySelector(".trouble");
    const link = document.getElementById("focus-link");
    choice.addEventListener("input", (event) => event.stopPropagation()); // it is no field of the alias
    choice.addEventListener("change", (event) => {
        event.stopPropagation();
        show();
    });
    let known = false; // which samples there are
    sheet.addEventListener("sheet:samples", ({ detail }) => {
        const before = choice.value;
        choice.replaceChildren(...detail.map((key) => new Option(key, key)));
        if (detail.includes(before)) choice.value = before;
        known = true;
        if (dialog.open && choice.value !== before) show(); // it was opened before they had come
    });
    document.addEventListener("click", (event) => {
        if (event.target.closest("[data-focal-open]")) {
            dialog.showModal();
            show();
        } else if (event.target.closest("[data-close]") && dialog.contains(event.target)) {
            dialog.close();
        }
    });

    async function show() {
        trouble.replaceChildren();
        if (!choice.value) {
            trouble.textContent = known
                ? "No samples yet. Name a sample of the alias first: a box can also be typed."
                : "The samples are being looked up.";
            image.hidden = true;
            return;
        }
        if (link) {
            const key = (form.elements.prefix?.value ?? "") + choice.value;
            link.href = `${link.dataset.url.replace("/0/", `/${form.elements.bucket.value}/`)}?${new URLSearchParams({ key })}`;
        }
        try {
            const response = await send(sheet.dataset.draftUrl, form, { fields: { which: "original", _key: choice.value }, accept: ACCEPT });
            const isPicture = response.headers.get("Content-Type")?.startsWith("image/");
            if (isPicture) {
                URL.revokeObjectURL(image.src);
                image.src = URL.createObjectURL(await response.blob());
            } else {
                trouble.textContent = (await response.json()).message ?? `The sample cannot be shown (${response.status}).`;
            }
            image.hidden = !isPicture;
        } catch (error) {
            if (error instanceof LoggedOut) {
                offerLogin(trouble, show);
            } else {
                trouble.textContent = "The service does not answer. Close this, and open it again in a moment.";
            }
        }
    }
}
