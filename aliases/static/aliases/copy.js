// Buttons with data-copy copy that URL, made absolute, to the clipboard; those with data-copy-from the text of the element
// with that id. What they did is also said.
for (const button of document.querySelectorAll("button[data-copy], button[data-copy-from]")) {
    button.addEventListener("click", async () => {
        const from = document.getElementById(button.dataset.copyFrom);
        const text = from ? from.textContent : new URL(button.dataset.copy, location.href).href;
        try {
            await navigator.clipboard.writeText(text);
            tell(button);
        } catch {
            // Clipboards are closed to pages without HTTPS; the text is selected for Ctrl-C instead.
            if (from) {
                getSelection().selectAllChildren(from);
            } else {
                window.prompt("Copy this URL:", text);
            }
        }
    });
}

function tell(button) {
    const sign = button.querySelector("use");
    const said = document.getElementById("copied");
    const before = sign ? sign.getAttribute("href") : button.textContent;
    const show = (value) => (sign ? sign.setAttribute("href", value) : button.replaceChildren(value));
    show(sign ? "#i-check" : "copied");
    if (said) {
        said.textContent = button.dataset.copied ?? "Copied";
    }
    setTimeout(() => show(before), 2000);
}
