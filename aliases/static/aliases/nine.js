// The nine squares of a crop rule: browsers move between radio buttons in a row; up and down move by a row here.
for (const nine of document.querySelectorAll(".nine")) {
    nine.addEventListener("keydown", (event) => {
        const cells = [...nine.querySelectorAll("input")];
        const at = cells.indexOf(document.activeElement);
        const step = { ArrowUp: -3, ArrowDown: 3 }[event.key];
        if (step && at >= 0) {
            event.preventDefault();
            const to = cells[at + step];
            to?.focus();
            to?.click();
        }
    });
}
