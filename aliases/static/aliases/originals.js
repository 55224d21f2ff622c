// Pictures of a bucket's originals: where one fails, the reason is shown instead of a broken image.
for (const image of document.querySelectorAll("img[data-original]")) {
    if (image.complete && !image.naturalWidth && image.loading !== "lazy") {
        tell(image);
    }
    image.addEventListener("error", () => tell(image));
}

async function tell(image) {
    const words = document.createElement("span");
    words.className = "quiet";
    words.textContent = "cannot be shown";
    const { src } = image;
    image.replaceWith(words);
    try {
        const response = await fetch(src);
        if (response.headers.get("Content-Type")?.startsWith("application/json")) {
            words.textContent = (await response.json()).message;
        }
    } catch {
        // the service is away; the words stay as they are
    }
}
