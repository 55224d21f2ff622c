// The page of a publication, or of the measuring before it: polls its progress until it is done. A poll
// of those who may publish also advances it.
import { get, LoggedOut, offerLogin, send } from "./session.js";

const steps = document.getElementById("steps");
const trouble = document.getElementById("progress-trouble");
const PAUSE = Number(steps?.dataset.pause ?? 1500);
const LATER = 5000; // while the service does not answer
const form = document.getElementById("progress-form"); // not for those who may only look
const result = document.getElementById("result");
if (steps && steps.dataset.done !== "true") {
    setTimeout(ask, PAUSE);
}

async function ask() {
    try {
        const response = await (form ? send(steps.dataset.progressUrl, form) : get(steps.dataset.progressUrl));
        if (response.ok) {
            trouble.replaceChildren();
            const progress = await response.json();
            show(progress);
            if (!progress.done) {
                setTimeout(ask, PAUSE);
            } else if (steps.dataset.next) {
                location.replace(steps.dataset.next);
            }
        } else if (response.status >= 500) {
            away("The service failed");
        } else {
            say(`This page cannot go on (${response.status}): what it reports on is gone, or you may no longer see it.`);
        }
    } catch (error) {
        if (error instanceof LoggedOut) {
            offerLogin(trouble, ask);
        } else {
            away("The service does not answer");
        }
    }
}

function away(what) {
    say(`${what}; it will be tried again in a moment. What was published stays published.`);
    setTimeout(ask, LATER);
}

function say(sentence) {
    trouble.textContent = sentence;
}

function show(progress) {
    progress.steps.forEach((step, position) => {
        const item = steps.children[position] || steps.appendChild(document.createElement("li"));
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
        document.getElementById("result-lead").textContent = "It is live";
    }
}
