// The publish page: what the contact sheet finds is set against the alias's rules. Where one is broken, a tick and a
// reason are asked for; whoever publishes without this script is asked by the service.
const sheet = document.getElementById("sheet");
const rules = document.getElementById("rules");
const form = document.getElementById("decide");
const SIGNS = { bad: "#i-bad", warn: "#i-warn", well: "#i-check" };

if (rules && form) {
    const button = form.querySelector("[type=submit]");
    const help = document.getElementById("id_why_helptext").textContent;
    let asks = false;
    sheet.addEventListener("sheet:done", ({ detail }) => {
        let broken = 0;
        let warned = 0;
        for (const row of rules.children) {
            const found = detail.findings.filter(({ rule, level }) => rule === row.dataset.rule && level !== "plain");
            const state = found.some(({ level }) => level === "bad") ? "bad" : found.length ? "warn" : "well";
            broken += state === "bad";
            warned += state === "warn";
            row.className = state;
            row.querySelector("use").setAttribute("href", SIGNS[state]);
            row.querySelector("p").textContent = found.length
                ? `${found.length} of ${detail.count}: ${found.map(({ key, badge }) => `${key} (${badge.toLowerCase()})`).join(", ")}`
                : `${detail.count} of ${detail.count}`;
        }
        document.getElementById("rules-count").textContent = [broken && `${broken} broken`, warned && `${warned} ${warned === 1 ? "warning" : "warnings"}`].filter(Boolean).join(", ") || "all kept";
        ask(broken);
    });

    function ask(broken) {
        const words = document.getElementById("against-rules");
        if (button.name === "_look") {
            return;
        }
        if (!broken) {
            stopAsking(words);
            return;
        }
        asks = document.getElementById("against").hidden || asks;
        words.hidden = false;
        words.textContent = `${broken === 1 ? "A rule is" : `${broken} rules are`} broken. Say why it should go live all the same, or go back.`;
        document.getElementById("against").hidden = false;
        document.getElementById("id_why_helptext").textContent = "The history keeps it.";
        form.elements.anyway.required = form.elements.why.required = true;
        button.value = `${button.dataset.calm} anyway`;
        button.classList.add("dangerous");
    }

    // What was broken a moment ago may be whole: a bucket was away. What the service itself asks stays.
    function stopAsking(words) {
        if (asks) {
            asks = false;
            words.hidden = document.getElementById("against").hidden = true;
            document.getElementById("id_why_helptext").textContent = help;
            form.elements.anyway.required = form.elements.why.required = false;
            button.value = button.dataset.calm;
            button.classList.remove("dangerous");
        }
    }
}
