// The page of a publication, or of the measuring before it: asks how far it is, which also has it go on, until all is done.
const steps = document.getElementById("steps");
const PAUSE = Number(steps?.dataset.pause ?? 1500);
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
            say(`This page cannot go on (${response.status}). Reload it; you may have been logged out.`);
            return;
        }
        const progress = await response.json();
        show(progress);
        if (progress.done) {
            if (steps.dataset.next) {
                location.replace(steps.dataset.next);
            }
            return;
        }
    } catch {
        pause = 5000; // the service is away for a moment
    }
    setTimeout(ask, pause);
}

function added() {
    return steps.appendChild(document.createElement("li"));
}

function say(sentence) {
    const item = added();
    item.className = "trouble";
    item.textContent = sentence;
}

function show(progress) {
    progress.steps.forEach((step, position) => {
        const item = steps.children[position] || added();
        if (item.textContent !== step.text) {
            item.textContent = step.text;
        }
        item.className = step.wrong ? "wrong" : step.done ? "done" : "waiting";
    });
    if (progress.live && result?.dataset.src) {
        result.src = result.dataset.src;
        delete result.dataset.src;
        result.hidden = false;
        document.getElementById("result-waiting")?.remove();
    }
}
