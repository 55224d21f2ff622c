// Buttons with data-copy copy that URL, made absolute, to the clipboard.
for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
        const text = new URL(button.dataset.copy, location.href).href;
        try {
            await navigator.clipboard.writeText(text);
            tell(button, "copied");
        } catch {
            // Clipboards are closed to pages without HTTPS; the text is selected for Ctrl-C instead.
            window.prompt("Copy this URL:", text);
        }
    });
}

function tell(button, word) {
    const before = button.textContent;
    button.textContent = word;
    setTimeout(() => { button.textContent = before; }, 1500);
}
