// On every page of the admin. Keeps forms' tokens in step with the browser's cookie, which changes at each log-in, and
// sends requests to the admin's views so that nothing typed is lost when the session has ended.
document.addEventListener("formdata", (event) => {
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
    if (token && event.formData.has("csrfmiddlewaretoken")) {
        event.formData.set("csrfmiddlewaretoken", token);
    }
});

export class LoggedOut extends Error {}

// After which an answer is no longer awaited: longer than the service takes for anything, shorter than a browser would wait.
const LONGEST = 90_000;

// Whether an error says that the service did not answer, or not in time.
export function isAway(error) {
    return error instanceof TypeError || error.name === "TimeoutError";
}

function within(signal) {
    const limit = AbortSignal.timeout(LONGEST);
    return signal ? AbortSignal.any([signal, limit]) : limit;
}

// Post a form with additional fields, of which some may have a list of values, and return the response. Throws LoggedOut, and what fetch throws.
export async function send(url, form, { fields = {}, accept = "application/json", signal } = {}) {
    for (let attempt = 1; ; attempt += 1) {
        const body = new FormData(form);
        for (const [name, value] of Object.entries(fields)) {
            body.delete(name);
            [value].flat().forEach((one) => body.append(name, one));
        }
        const response = await fetch(url, { method: "POST", body, headers: { Accept: accept }, signal: within(signal) });
        const code = await refusal(response);
        if (code === "csrf" && attempt === 1) {
            continue; // the refusal set a cookie
        }
        if (code === "logged_out" || code === "csrf") {
            throw new LoggedOut();
        }
        return response;
    }
}

// GET a URL for the page's script. Throws what `send` throws.
export async function get(url, { accept = "application/json", signal } = {}) {
    const response = await fetch(url, { headers: { Accept: accept }, signal: within(signal) });
    if ((await refusal(response)) === "logged_out") {
        throw new LoggedOut();
    }
    return response;
}

// The code of the admin's refusal; empty if it did not refuse.
async function refusal(response) {
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return response.status === 403 && isJson ? (await response.clone().json()).code : "";
}

// Say in that element that the session has ended, and continue once the user has logged in again.
export function offerLogin(place, goOn) {
    const link = document.createElement("a");
    link.href = "/admin/login/?next=/admin/";
    link.target = "_blank";
    link.textContent = "Log in in another tab";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet-button";
    button.textContent = "Go on";
    place.replaceChildren("You were logged out. Nothing that you typed is lost: ", link, ", then go on here. ", button);
    const once = () => {
        removeEventListener("focus", once);
        goOn();
    };
    button.addEventListener("click", once);
    addEventListener("focus", once);
}
