// What to do where the contact sheet has no samples: choose the alias's own, or have some found in its bucket.
import { button, element } from "./elements.js";
import { LoggedOut, isAway, offerLogin, send } from "./session.js";

// Adds the buttons below what the sheet says. `found` is called once the search has ended. Without a form there is nothing to fill in.
export function offerSamples(place, form, searchUrl, found) {
    if (!form) {
        return;
    }
    const words = element("span.quiet", { role: "status" });
    const choose = form.elements.sample?.parentElement.querySelector(".choose");
    const find = searchUrl && button("btn tiny", "spin", "Find samples", () => work());
    place.append(element("span.acts", {}, choose && button("btn tiny", "pic", "Choose…", () => choose.click()), find), words);

    async function work() {
        find.disabled = true;
        words.textContent = "Choosing pictures from all over the bucket…";
        const url = searchUrl.replace("/0/", `/${form.elements.bucket.value}/`);
        try {
            for (let fields = { new: "1" }; ; fields = {}) {
                const response = await send(url, form, { fields });
                const said = await response.json();
                if (!response.ok || (!said.searching && !said.samples.length)) {
                    throw new Error(said.message || said.trouble || "No picture was found in this bucket.");
                }
                if (!said.searching) {
                    found();
                    return;
                }
                words.textContent = said.of ? `Looked at ${said.done} of ${said.of} pictures.` : words.textContent;
            }
        } catch (error) {
            find.disabled = false;
            if (error instanceof LoggedOut) {
                offerLogin(words, work);
            } else {
                words.textContent = isAway(error) || error instanceof SyntaxError ? "The service does not answer just now; try it again." : error.message;
            }
        }
    }
}
