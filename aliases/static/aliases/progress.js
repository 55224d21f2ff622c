// The page of a publication: asks every second and a half how far it is, which also sends what is due, until all is done.
const PAUSE = 1500;
const steps = document.getElementById("steps");
const result = document.getElementById("result");
if (steps && steps.dataset.done !== "true") {
    setTimeout(ask, PAUSE);
}

async function ask() {
    let pause = PAUSE;
    try {
        const body = new FormData(document.getElementById("progress-form"));
        const response = await fetch(steps.dataset.progressUrl, { method: "POST", body });
        if (!response.ok) {
            return;
        }
        const progress = await response.json();
        show(progress);
        if (progress.done) {
            return;
        }
    } catch {
        pause = 5000; // the service is away for a moment
    }
    setTimeout(ask, pause);
}

function show(progress) {
    progress.steps.forEach((step, position) => {
        const item = steps.children[position] || steps.appendChild(document.createElement("li"));
        if (item.textContent !== step.text) {
            item.textContent = step.text;
        }
        item.className = step.done ? "done" : "waiting";
    });
    if (progress.live && result?.dataset.src) {
        result.src = result.dataset.src;
        delete result.dataset.src;
        result.hidden = false;
        document.getElementById("result-waiting")?.remove();
    }
}
