// Suggests samples: the first keys of the chosen bucket that begin with the prefix.
const bucket = document.getElementById("id_bucket");
const prefix = document.getElementById("id_prefix");
const sample = document.getElementById("id_sample");
if (bucket?.dataset.keysUrl && prefix && sample) {
    const list = document.createElement("datalist");
    list.id = "sample-keys";
    sample.after(list);
    sample.setAttribute("list", list.id);
    let keys = [];

    bucket.addEventListener("change", fetchKeys);
    prefix.addEventListener("input", offer);
    fetchKeys();

    async function fetchKeys() {
        keys = [];
        if (bucket.value) {
            const response = await fetch(bucket.dataset.keysUrl.replace("/0/", `/${bucket.value}/`));
            keys = response.ok ? (await response.json()).keys : [];
        }
        offer();
    }

    function offer() {
        const within = keys.filter((key) => key.startsWith(prefix.value));
        list.replaceChildren(...within.map((key) => new Option("", key.slice(prefix.value.length))));
    }
}
