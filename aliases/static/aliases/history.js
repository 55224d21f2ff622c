// The history: says in the bar which two versions would be compared.
import "./small-pictures.js";

const form = document.getElementById("compare");
const said = document.getElementById("chosen");
const radios = form ? [...form.elements].filter((one) => one.type === "radio") : [];

function show() {
    const name = (side) => radios.find((one) => one.name === side && one.checked)?.dataset.name ?? "none yet";
    said.textContent = `A: ${name("a")} · B: ${name("b")}`;
}

if (form) {
    radios.forEach((one) => one.addEventListener("change", show));
    show();
}
