// What CloudFront does to a viewer's request before it looks into its cache, so that each picture is cached once.
//
// Accept becomes one of three values, as rendering/imaging/encoding.py reads it; tests/accept.json tests both. The query
// is dropped, since no picture depends on it, but for URLs of AWS's image handler where the template says so. The path is normalised where the service cannot tell the spellings apart. The
// viewer's host goes into X-Viewer-Host, because API Gateway accepts only its own in Host.
//
// Runtime cloudfront-js-2.0: ECMAScript 5.1 with const, let, arrow functions and templates. At most 10 KB.

const CANONICAL = { avif: 'image/avif,image/webp', webp: 'image/webp', any: '*/*' };
const WEIGHT = /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/;
// By SHA-1, SHA-256 or SHA-512, whole or cut: SIGNATURE_LENGTH is at least 27.
const SIGNATURE = /^[A-Za-z0-9_-]{27,86}(?:=|%3[Dd]){0,2}$/;
// A path without escapes: only characters of SAFE in rendering/dialects/signing.py.
const PLAIN = /^[A-Za-z0-9\/:@!$&'()*+,;=~._-]*$/;
// Of those characters, the ones that mean the same escaped or not: all but / and ., which make up segments, and +, which
// some take for a space.
const EITHER_WAY = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:@!$&'()*,;=~_-";
const NOT_EITHER_WAY = '/.+';
// The template puts its parameter here.
const HANDLER_QUERIES = '${HandlerQueries}';
// What URLs of AWS's image handler say in their query.
const QUERIES = ['expires', 'fit', 'flip', 'flop', 'format', 'grayscale', 'height', 'rotate', 'signature', 'width'];
const DIGITS = '0123456789ABCDEFabcdef';

function handler(event) {
  const request = event.request;
  // On every path: a client's own header must not reach the admin by a path that only CloudFront takes for the admin's.
  request.headers['x-viewer-host'] = { value: request.headers.host ? request.headers.host.value : '' };
  if (request.uri === '/admin' || request.uri.startsWith('/admin/')) {
    return request;
  }
  request.headers.accept = { value: CANONICAL[acceptClass(whole(request.headers.accept))] };
  request.querystring = HANDLER_QUERIES === 'yes' ? known(request.querystring) : {};
  request.uri = canonical(request.uri);
  return request;
}

// Of a query, what means something to the service, so that nothing else makes a picture be cached again.
function known(query) {
  const kept = {};
  for (let i = 0; i < QUERIES.length; i++) {
    if (query[QUERIES[i]]) {
      kept[QUERIES[i]] = query[QUERIES[i]];
    }
  }
  return kept;
}

// A repeated header as one.
function whole(header) {
  if (!header) {
    return '';
  }
  return header.multiValue ? header.multiValue.map((one) => one.value).join(',') : header.value;
}

// The class of an Accept header, exactly as accept_class in rendering/imaging/encoding.py.
function acceptClass(header) {
  const entries = header.split(',');
  let avif = 0;
  let webp = 0;
  for (let i = 0; i < entries.length; i++) {
    const parts = entries[i].split(';').map(trimmed);
    const name = parts[0].length === 10 ? lower(parts[0]) : '';
    if (name === 'image/avif') {
      avif = Math.max(avif, weight(parts));
    } else if (name === 'image/webp') {
      webp = Math.max(webp, weight(parts));
    }
  }
  if (avif > 0 && avif >= webp) {
    return 'avif';
  }
  return webp > 0 ? 'webp' : 'any';
}

// The q of an entry: 1 if there is none, 0 if it is invalid.
function weight(parts) {
  for (let i = 1; i < parts.length; i++) {
    const at = parts[i].indexOf('=');
    const name = at < 0 ? parts[i] : parts[i].slice(0, at);
    if (lower(trimmed(name)) === 'q') {
      const value = at < 0 ? '' : trimmed(parts[i].slice(at + 1));
      return WEIGHT.test(value) ? parseFloat(value) : 0;
    }
  }
  return 1;
}

// Without HTTP whitespace; trim() would remove more.
function trimmed(text) {
  let start = 0;
  let end = text.length;
  while (start < end && blank(text[start])) {
    start++;
  }
  while (end > start && blank(text[end - 1])) {
    end--;
  }
  return text.slice(start, end);
}

function blank(character) {
  return character === ' ' || character === '\t';
}

// ASCII letters in lower case: some engines map other letters onto them as well.
function lower(text) {
  let made = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    made += code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : text[i];
  }
  return made;
}

// The canonical spelling of a path. It decodes to the same bytes, so the service cannot tell the difference:
// - A signed path stays as it is, because this very spelling may have been signed.
// - In unsigned Thumbor URLs and under /-/, escapes are only made uniform: words are read before escapes are decoded.
// - After an alias's first segment, unnecessary escapes are removed as well.
function canonical(path) {
  const start = path.startsWith('/-/info/') ? 8 : 1;
  const slash = path.indexOf('/', start);
  const end = slash < 0 ? path.length : slash;
  const first = path.slice(start, end);
  if (SIGNATURE.test(first)) {
    return path;
  }
  const free = first !== 'unsafe' && first !== '-';
  return path.slice(0, start) + escaped(first, false) + escaped(path.slice(end), free);
}

// Character by character: in CloudFront's engine, which has a millisecond, regular expressions take longer than all the
// rest, and miscount characters beyond ASCII. Most paths need no change.
function escaped(text, free) {
  if (PLAIN.test(text)) {
    return text;
  }
  const pieces = text.split('%');
  const made = [harmless(pieces[0])];
  for (let i = 1; i < pieces.length; i++) {
    const code = hexadecimal(pieces[i]);
    if (code < 0) {
      made.push('%25', harmless(pieces[i]));
    } else {
      const character = String.fromCharCode(code);
      made.push(free && EITHER_WAY.indexOf(character) >= 0 ? character : escapeOf(code), harmless(pieces[i].slice(2)));
    }
  }
  return made.join('');
}

// The value of the two hexadecimal digits at the beginning of a text; -1 if there are none.
function hexadecimal(text) {
  const high = text.length < 2 ? -1 : DIGITS.indexOf(text[0]);
  const low = text.length < 2 ? -1 : DIGITS.indexOf(text[1]);
  return high < 0 || low < 0 ? -1 : 16 * (high < 16 ? high : high - 6) + (low < 16 ? low : low - 6);
}

function escapeOf(code) {
  return '%' + DIGITS[code >> 4] + DIGITS[code & 15];
}

// Escapes what a URL may not contain. Characters beyond ASCII stay.
function harmless(text) {
  if (text.length > 4 && PLAIN.test(text)) {
    return text;
  }
  const made = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const plain = code > 127 || EITHER_WAY.indexOf(text[i]) >= 0 || NOT_EITHER_WAY.indexOf(text[i]) >= 0;
    made.push(plain ? text[i] : escapeOf(code));
  }
  return made.join('');
}
