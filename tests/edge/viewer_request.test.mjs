// The function as CloudFront calls it. `node --test tests/edge/`; the service's own reading of the same is held against
// it in test_viewer_request.py.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const at = (path) => new URL(path, import.meta.url);
const CODE = readFileSync(at('../../edge/viewer_request.js'), 'utf8');
const CASES = JSON.parse(readFileSync(at('../accept.json'), 'utf8'));
const CLASS = { 'image/avif,image/webp': 'avif', 'image/webp': 'webp', '*/*': 'any' };

// A context of its own: the function must get along without anything that Node brings.
const context = vm.createContext({});
vm.runInContext(CODE, context);

function asked(uri, headers = {}, querystring = {}) {
  const request = { method: 'GET', uri, querystring, cookies: {}, headers: { host: { value: 'a.example' }, ...headers } };
  const event = { version: '1.0', context: { eventType: 'viewer-request' }, viewer: { ip: '192.0.2.1' }, request };
  // Through JSON and back, since CloudFront takes what comes out as data.
  return JSON.parse(JSON.stringify(context.handler(event)));
}

for (const { accept, class: expected, why } of CASES) {
  test(`Accept: ${why}`, () => {
    const headers = accept === null ? {} : { accept: { value: accept } };
    assert.equal(CLASS[asked('/a/b.jpg', headers).headers.accept.value], expected);
  });
}

test('what Accept becomes is in the table too, with the same class', () => {
  for (const [value, expected] of Object.entries(CLASS)) {
    assert.equal(CASES.find((one) => one.accept === value).class, expected);
    assert.equal(asked('/a/b.jpg', { accept: { value } }).headers.accept.value, value);
  }
});

test('an Accept that came in several headers is read as one, and leaves as one', () => {
  const several = { value: 'image/webp;q=0.5', multiValue: [{ value: 'image/webp;q=0.5' }, { value: 'image/avif' }] };
  assert.deepEqual(asked('/a/b.jpg', { accept: several }).headers.accept, { value: 'image/avif,image/webp' });
});

test('an Accept is read in linear time', () => {
  const started = process.cpuUsage().user;
  for (const accept of [';q=0.'.repeat(1e5), `image/webp;${' '.repeat(1e6)}q=1`, ','.repeat(1e6), `${' '.repeat(1e6)}x`]) {
    asked('/a/b.jpg', { accept: { value: accept } });
  }
  assert.ok(process.cpuUsage().user - started < 3e6);
});

test('the query is dropped, whatever it is', () => {
  assert.deepEqual(asked('/a/b.jpg', {}, { v: { value: '1' }, utm: { value: 'x', multiValue: [] } }).querystring, {});
});

const SIGNED = 'A'.repeat(26) + '_=';
const KEPT = 'photos/' + 'a'.repeat(32) + '/' + 'b'.repeat(16) + '.' + 'c'.repeat(16);

for (const [why, from, to] of [
  ['a plain path stays', '/ios/people/one.jpg', '/ios/people/one.jpg'],
  ['an address stays', '/unsafe/9x9/https://cdn.acme.com/a%20b.jpg', '/unsafe/9x9/https://cdn.acme.com/a%20b.jpg'],
  ['an escaped address stays', '/unsafe/https%3a%2F%2Fa.b%2Fa%2520b.jpg', '/unsafe/https%3A%2F%2Fa.b%2Fa%2520b.jpg'],
  ['a signed address stays', `/${'A'.repeat(27)}=/https://a.b/c.jpg`, `/${'A'.repeat(27)}=/https://a.b/c.jpg`],
  ['escapes in capitals', '/ios/%e6%97%a5.jpg', '/ios/%E6%97%A5.jpg'],
  ['no escape without need', '/ios/%70hoto%20%281%29.jpg', '/ios/photo%20(1).jpg'],
  ['an escape where there is need', '/ios/a b|c"d.jpg', '/ios/a%20b%7Cc%22d.jpg'],
  ['a lone % is one', '/ios/100%.jpg', '/ios/100%25.jpg'],
  ['a % that was escaped stays so', '/ios/%2541.jpg', '/ios/%2541.jpg'],
  ['two lone % before digits', '/ios/%%34%31.jpg', '/ios/%2541.jpg'],
  ['an escaped / stays: it is no part of the path', '/ios/a%2fb.jpg', '/ios/a%2Fb.jpg'],
  ['escaped dots stay: nobody shall resolve them', '/ios/%2e%2E/b.jpg', '/ios/%2E%2E/b.jpg'],
  ['dots stay', '/ios/../b.jpg', '/ios/../b.jpg'],
  ['slashes stay', '/ios//a///b.jpg', '/ios//a///b.jpg'],
  ['a + and an escaped one are two', '/ios/a+b%2bc.jpg', '/ios/a+b%2Bc.jpg'],
  ['controls stay escaped', '/ios/%00%0a%7f.jpg', '/ios/%00%0A%7F.jpg'],
  ['no UTF-8 stays so', '/ios/%ff%c3.jpg', '/ios/%FF%C3.jpg'],
  ['letters that are none of ASCII stay', '/ios/日本.jpg', '/ios/日本.jpg'],
  ['digits beyond ASCII are none', '/ios/%\u{fb00}%\u{ff11}1.jpg', '/ios/%25\u{fb00}%25\u{ff11}1.jpg'],
  ['half an escape at the end', '/ios/a%4', '/ios/a%254'],
  ['case stays', '/IOS/A.JPG', '/IOS/A.JPG'],
  ['the ratio stays', '/ios%402x/%40.jpg', '/ios%402x/@.jpg'],
  ['so does the width', '/ios%40640w/team/%40640w.jpg', '/ios%40640w/team/@640w.jpg'],
  ['an alias of several segments', '/profile%2Dimage/ios%2Dnew/%7Ea.jpg', '/profile%2Dimage/ios-new/~a.jpg'],
  ['nothing', '/', '/'],
  ['one segment', '/%69os', '/%69os'],
  ['what is signed stays as it stands', `/${SIGNED}/300x200/photos/%e6 %28.jpg`, `/${SIGNED}/300x200/photos/%e6 %28.jpg`],
  ['also with an escaped =', `/${SIGNED.replace('=', '%3d')}/photos/%28`, `/${SIGNED.replace('=', '%3d')}/photos/%28`],
  ['also without its =', `/${SIGNED.replace('=', '')}/photos/%28`, `/${SIGNED.replace('=', '')}/photos/%28`],
  ['words of Thumbor stay what they are', '/unsafe/%73mart/photos/%e6|.jpg', '/unsafe/%73mart/photos/%E6%7C.jpg'],
  ['unsafe is none when it is escaped', '/%75nsafe/smart/a.jpg', '/%75nsafe/smart/a.jpg'],
  ['a description of an alias', '/-/info/ios/%28%e6.jpg', '/-/info/ios/(%E6.jpg'],
  ['a description of what is signed', `/-/info/${SIGNED}/photos/%28%e6`, `/-/info/${SIGNED}/photos/%28%e6`],
  ['a description of what is unsafe', '/-/info/unsafe/%73mart/a', '/-/info/unsafe/%73mart/a'],
  ['our own paths', '/-/%69nfo/ios/a%28.jpg', '/-/%69nfo/ios/a%28.jpg'],
  ['a kept picture', `/-/d/${KEPT}`, `/-/d/${KEPT}`],
]) {
  test(`a path: ${why}`, () => {
    assert.equal(asked(from).uri, to);
    assert.equal(asked(to).uri, to);
  });
}

test("the viewer's host goes along on every path, whatever the client says it is", () => {
  for (const uri of ['/admin/', '/admin', '/x/../admin/', '//admin/', '/%61dmin/', '/ios/a.jpg']) {
    const lie = { 'x-viewer-host': { value: 'evil.example', multiValue: [{ value: 'evil.example' }] } };
    assert.deepEqual(asked(uri, lie).headers['x-viewer-host'], { value: 'a.example' });
  }
});

test("the admin's requests are otherwise as they were", () => {
  for (const uri of ['/admin', '/admin/', '/admin/aliases/alias/?next=%2fadmin', '/admin/%70%28/']) {
    const accept = { value: 'text/html,image/avif' };
    const request = asked(uri, { accept }, { q: { value: 'a' } });
    assert.deepEqual([request.uri, request.headers.accept, request.querystring], [uri, accept, { q: { value: 'a' } }]);
  }
});

test('what only begins like the admin is a picture', () => {
  assert.deepEqual(asked('/administrators/one.jpg', {}, { a: { value: '1' } }).querystring, {});
});

test('headers that nobody changes stay', () => {
  const cookies = { 'user-agent': { value: 'x' } };
  assert.deepEqual(asked('/a/b.jpg', cookies).headers['user-agent'], { value: 'x' });
});

test('the runtime has no more of the language than this', () => {
  const code = CODE.replace(/\/\/.*$/gm, '');
  for (const beyond of [/\bof\b/, /\.\.\./, /\?\./, /\?\?/, /\b(class|import|export|async|await|yield|require)\b/, /\bvar\b/]) {
    assert.doesNotMatch(code, beyond);
  }
  assert.ok(Buffer.byteLength(CODE) <= 10 * 1024);
});

test('where the template says so, queries of AWS’s image handler are kept, and no others', () => {
  const other = vm.createContext({});
  vm.runInContext(CODE.replaceAll('${HandlerQueries}', 'yes'), other);
  const sent = { width: { value: '9' }, signature: { value: 'a' }, utm: { value: 'x' }, toString: { value: 'x' } };
  const request = { method: 'GET', uri: '/one.jpg', querystring: sent, cookies: {}, headers: { host: { value: 'a.example' } } };
  const { querystring } = JSON.parse(JSON.stringify(other.handler({ request })));
  assert.deepEqual(querystring, { width: { value: '9' }, signature: { value: 'a' } });
});
