// The page of an original's focus: shows how the crops come out, a moment after each change of the choice or the box.
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
    image.addEventListener("load", () => image.classList.remove("waiting"));
    image.addEventListener("error", () => tell(image));
}

function refresh() {
    trouble.textContent = "";
    const said = new FormData(form);
    const chosen = new URLSearchParams({ choice: said.get("choice"), box: said.get("choice") === "box" ? said.get("box") : "" });
    for (const image of crops) {
        const url = `${image.dataset.crop}&${chosen}`;
        if (image.getAttribute("src") !== url) {
            image.classList.add("waiting");
            image.src = url;
        }
    }
}

// Why a picture did not come.
async function tell(image) {
    image.classList.remove("waiting");
    const response = await fetch(image.src);
    trouble.textContent = response.status === 422 ? (await response.json()).message : `A crop was refused (${response.status}). Reload the page.`;
}
