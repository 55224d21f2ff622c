// What CloudFront does to a viewer's request before it looks into its cache, so that one picture is kept there once.
//
// Accept becomes one of three values, as rendering/imaging/encoding.py reads it: tests/accept.json is the table of both.
// The query is dropped: no picture depends on it. The path is spelled in one way, as far as the service cannot tell the
// ways apart. The viewer's host travels beside Host, which API Gateway wants to be its own.
//
// Runtime cloudfront-js-2.0: ECMAScript 5.1, and of later ones const, let, arrows and templates. At most 10 KB.

const CANONICAL = { avif: 'image/avif,image/webp', webp: 'image/webp', any: '*/*' };
const WEIGHT = /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/;
const SIGNATURE = /^[A-Za-z0-9_-]{27}(?:=|%3[Dd])?$/;
// A path that URLs hold as it is: of SAFE in rendering/dialects/signing.py alone.
const PLAIN = /^[A-Za-z0-9\/:@!$&'()*+,;=~._-]*$/;
// Of those characters, what stays the same whether it is escaped or not: all but / and ., of which segments are made, and
// +, which some take for a space.
const EITHER_WAY = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:@!$&'()*,;=~_-";
const NOT_EITHER_WAY = '/.+';
const DIGITS = '0123456789ABCDEFabcdef';

function handler(event) {
  const request = event.request;
  // On every path, or a client's own could reach the admin by a path that CloudFront takes for the admin's and we do not.
  request.headers['x-viewer-host'] = { value: request.headers.host ? request.headers.host.value : '' };
  if (request.uri === '/admin' || request.uri.startsWith('/admin/')) {
    return request;
  }
  request.headers.accept = { value: CANONICAL[acceptClass(whole(request.headers.accept))] };
  request.querystring = {};
  request.uri = canonical(request.uri);
  return request;
}

// A header that came several times, as one.
function whole(header) {
  if (!header) {
    return '';
  }
  return header.multiValue ? header.multiValue.map((one) => one.value).join(',') : header.value;
}

// The class of an Accept header: accept_class in rendering/imaging/encoding.py, line by line.
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

// The q of an entry: 1 where there is none, 0 where it is none.
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

// Without what HTTP calls white space; trim() takes more.
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

// In small letters, those of ASCII alone: to some engines, others come to the same as they.
function lower(text) {
  let made = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    made += code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : text[i];
  }
  return made;
}

// The one spelling of a path. Both spellings mean the same to the service, byte for byte:
// what is signed stays as it stands, since it may be just this spelling that was signed;
// of Thumbor URLs and of our own /-/ only what is escaped is escaped alike, since their words are read before escapes are;
// behind an alias's first segment everything is decoded first, so what needs no escape has none.
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

// Character by character, without regular expressions: they take CloudFront's engine longer than all the rest, which has a
// millisecond, and lose count of characters beyond ASCII. Most paths have nothing to do.
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

// The number that a text begins with, in two digits; -1 when it does not.
function hexadecimal(text) {
  const high = text.length < 2 ? -1 : DIGITS.indexOf(text[0]);
  const low = text.length < 2 ? -1 : DIGITS.indexOf(text[1]);
  return high < 0 || low < 0 ? -1 : 16 * (high < 16 ? high : high - 6) + (low < 16 ? low : low - 6);
}

function escapeOf(code) {
  return '%' + DIGITS[code >> 4] + DIGITS[code & 15];
}

// With escapes for what URLs do not hold as it is. What is beyond ASCII stays.
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
