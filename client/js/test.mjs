// Run by `node --test client/js/test.mjs`. With SERVICE, KEYS and SECURITY_KEY, also against a service that runs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { attributes, quote, sign, srcset, url } from "./index.js";

const base = "https://images.test/";
const list = {
  serial: 1,
  aliases: {
    hero: { width: 1200, height: 400, exact: true, ratios: [1, 1.5, 2], widths: [320, 1200] },
    whole: { width: 300, height: null, exact: false, ratios: [1], widths: [] },
  },
};

test("a key is quoted once", () => {
  assert.equal(url(base, "hero", "a@2x/b?c#d&e+f (1)'*!.jpg"), "https://images.test/hero/a%402x/b%3Fc%23d%26e%2Bf%20%281%29%27%2A%21.jpg");
  assert.equal(url(base, "hero", "100%/日本.jpg", { ratio: 1.5 }), "https://images.test/hero@1.5x/100%25/%E6%97%A5%E6%9C%AC.jpg");
  assert.equal(quote("%2F/a"), "%252F/a");
});

test("a width takes the place of a ratio", () => {
  const own = "https://images.test/hero/1.jpg";
  const wide = "https://images.test/hero@320w/1.jpg";
  assert.equal(url(base, "hero", "1.jpg", { width: 320 }), wide);
  assert.equal(srcset(base, "hero", "1.jpg", { widths: [320, 1200], own: 1200 }), `${wide} 320w, ${own} 1200w`);
  assert.equal(srcset(base, "hero", "1.jpg", { widths: [320] }), `${wide} 320w`);
  assert.equal(srcset(base, "hero", "1.jpg", { widths: [] }), "");
  const shown = attributes(base, "hero", "1.jpg", list, { sizes: "50vw" });
  assert.deepEqual(shown, { src: own, srcset: `${wide} 320w, ${own} 1200w`, sizes: "50vw", width: 1200, height: 400 });
  assert.deepEqual(attributes(base, "whole", "1.jpg", list, { sizes: "50vw" }), { src: "https://images.test/whole/1.jpg" });
});

test("without a key there is nothing", () => {
  assert.equal(url(base, "hero", ""), "");
  assert.equal(srcset(base, "hero", ""), "");
});

test("attributes are those that the list knows", () => {
  assert.deepEqual(attributes(base, "hero", "1.jpg", list), {
    src: "https://images.test/hero/1.jpg",
    srcset: "https://images.test/hero/1.jpg 1x, https://images.test/hero@1.5x/1.jpg 1.5x, https://images.test/hero@2x/1.jpg 2x",
    width: 1200,
    height: 400,
  });
  for (const one of [list, undefined, {}]) {
    assert.deepEqual(attributes(base, "whole", "1.jpg", one), { src: "https://images.test/whole/1.jpg" });
  }
});

test("what the README shows runs", async (context) => {
  const [, code] = readFileSync(new URL("README.md", import.meta.url), "utf8").match(/^```js\n(.*?)^```$/ms);
  const image = {};
  context.mock.method(globalThis, "fetch", async () => ({ json: async () => list }));
  globalThis.document = { createElement: () => image };
  process.env.SECURITY_KEY ??= "a-key-of-16-characters";
  const shown = code.replace('"imageservice-client"', `"${new URL("index.js", import.meta.url)}"`);
  await import(`data:text/javascript,${encodeURIComponent(shown)}`);
  assert.equal(image.width, 1200);
});

const { SERVICE, KEYS, SECURITY_KEY } = process.env;
test("every URL is a picture of the service", { skip: SERVICE ? false : "no service is named by SERVICE" }, async () => {
  const known = await (await fetch(`${SERVICE}/-/aliases.json`)).json();
  for (const key of JSON.parse(KEYS)) {
    const found = attributes(SERVICE, "pictures", key, known);
    assert.equal(found.width, 90);
    const urls = [found.src, ...found.srcset.split(", ").map((part) => part.split(" ")[0])];
    const wide = attributes(SERVICE, "pictures", key, known, { sizes: "90px" });
    urls.push(...wide.srcset.split(", ").map((part) => part.split(" ")[0]));
    assert.equal(urls.length, 6);
    urls.push(await sign(SERVICE, `30x/photos/${quote(key)}`, SECURITY_KEY));
    for (const one of urls) {
      const answer = await fetch(one);
      assert.match(answer.headers.get("content-type"), /^image\//, one);
      await answer.arrayBuffer();
    }
  }
});
