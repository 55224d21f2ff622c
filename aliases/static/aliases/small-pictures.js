// Small pictures that cannot be shown get the sign for that, instead of the browser's torn one.
for (const image of document.querySelectorAll(".pic > img")) {
    if (image.complete && !image.naturalWidth && image.loading !== "lazy") {
        replace(image);
    }
    image.addEventListener("error", () => replace(image), { once: true });
}

function replace(image) {
    const frame = image.parentElement;
    frame.classList.add("none");
    const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    sign.setAttribute("class", "i");
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", `${image.alt} cannot be shown`.trim());
    use.setAttribute("href", "#i-pic");
    sign.append(use);
    image.replaceWith(sign);
}
