// URLs of an image service's pictures. No dependency; for browsers, node, and whatever else has modules.

/** Percent-encode a key as the service reads it: all but letters, digits, - . _ ~ and the / between folders. */
export function quote(key) {
  return encodeURIComponent(key)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/");
}

/** The URL of an original's picture by an alias; an empty text for an empty key. */
export function url(base, alias, key, { ratio = 1, width } = {}) {
  if (!key) return "";
  const at = width ? `@${width}w` : ratio === 1 ? "" : `@${ratio}x`;
  return `${trimmed(base)}/${alias}${at}/${quote(key)}`;
}

/**
 * The URLs for several device-pixel ratios, or for several widths, as in an img's srcset; an empty text if there is no
 * width, or only one ratio. `own` is the alias's own width, whose URL has no @.
 */
export function srcset(base, alias, key, { ratios = [1, 2], widths, own } = {}) {
  if (!key || (widths ? !widths.length : ratios.length < 2)) return "";
  if (widths) return widths.map((width) => `${url(base, alias, key, { width: width === own ? 0 : width })} ${width}w`).join(", ");
  return ratios.map((ratio) => `${url(base, alias, key, { ratio })} ${ratio}x`).join(", ");
}

/**
 * The attributes of an img, by what the service's list of aliases says: `list` is the JSON of /-/aliases.json. `sizes`
 * says how wide the page shows it; then the alias's widths take the place of its ratios, if it has any.
 */
export function attributes(base, alias, key, list, { sizes } = {}) {
  const known = list?.aliases?.[alias];
  const found = { src: url(base, alias, key) };
  const byWidth = sizes && srcset(base, alias, key, { widths: known?.widths ?? [], own: known?.width });
  const several = byWidth || srcset(base, alias, key, { ratios: known?.ratios ?? [1] });
  if (several) found.srcset = several;
  if (byWidth) found.sizes = sizes;
  if (known?.exact) Object.assign(found, { width: known.width, height: known.height });
  return found;
}

/**
 * A signed Thumbor URL. `path` is what follows the signature, such as `300x200/smart/${quote("photos/one.jpg")}`. For
 * servers alone: whoever has the key can sign anything.
 */
export async function sign(base, path, key) {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const secret = await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", secret, encoder.encode(path)));
  const signature = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  return `${trimmed(base)}/${signature}/${path}`;
}

function trimmed(base) {
  return base.replace(/\/+$/, "");
}
