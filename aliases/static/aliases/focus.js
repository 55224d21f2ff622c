// The page of an original's focus: shows the resulting crops shortly after each change of the choice or the box.
import { LoggedOut, get, offerLogin } from "./session.js";

const DEBOUNCE = 250;
const form = document.getElementById("focus-form");
const crops = [...document.querySelectorAll("img[data-crop]")];
const trouble = document.getElementById("crops-trouble");
let timer;

for (const happening of ["input", "change"]) {
    form.addEventListener(happening, (event) => {
        if (["choice", "box"].includes(event.target.name)) {
            clearTimeout(timer);
            timer = setTimeout(refresh, DEBOUNCE);
        }
    });
}
for (const image of crops) {
    image.addEventListener("load", () => image.classList.remove("waiting", "failed"));
    image.addEventListener("error", () => tell(image));
}

function refresh() {
    trouble.replaceChildren();
    const said = new FormData(form);
    const chosen = new URLSearchParams({ choice: said.get("choice"), box: said.get("choice") === "box" ? said.get("box") : "" });
    for (const image of crops) {
        const url = `${image.dataset.crop}&${chosen}`;
        if (image.getAttribute("src") !== url || image.matches(".failed")) {
            image.classList.add("waiting");
            image.src = url;
        }
    }
}

// Shows why there is no picture.
async function tell(image) {
    image.classList.remove("waiting");
    image.classList.add("failed");
    try {
        const response = await get(image.src);
        const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
        trouble.textContent = isJson ? (await response.json()).message : `A crop could not be shown (${response.status}).`;
    } catch (error) {
        if (error instanceof LoggedOut) {
            offerLogin(trouble, refresh);
        } else {
            trouble.textContent = "The service does not answer; the next change tries again.";
        }
    }
}
