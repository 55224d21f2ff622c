// The filter picker: "Add" appends name(arguments) to the field.
for (const picker of document.querySelectorAll(".filter-picker")) {
    const field = document.getElementById(picker.dataset.for);
    for (const row of picker.querySelectorAll("[data-filter]")) {
        const inputs = [...row.querySelectorAll("input")];
        const add = () => {
            const missing = inputs.find((input) => input.dataset.required === "true" && !input.value.trim());
            if (missing) {
                missing.focus();
                return;
            }
            const words = inputs.map((input) => input.value.trim());
            while (words.length && !words.at(-1)) {
                words.pop();
            }
            const before = field.value.trim();
            field.value = `${before}${before ? ":" : ""}${row.dataset.filter}(${words.join(",")})`;
            field.dispatchEvent(new Event("input", { bubbles: true }));
        };
        row.querySelector("button").addEventListener("click", add);
        for (const input of inputs) {
            // Typing an argument does not change the draft, and Enter means "add", not "save".
            input.addEventListener("input", (event) => event.stopPropagation());
            input.addEventListener("change", (event) => event.stopPropagation());
            input.addEventListener("keydown", (event) => {
                if (event.key === "Enter") {
                    event.preventDefault();
                    add();
                }
            });
        }
    }
}
