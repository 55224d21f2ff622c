// The function as CloudFront calls it. `node --test tests/edge/`; through the whole of it in tests/aws.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const code = readFileSync(new URL('../../edge/viewer_response.js', import.meta.url), 'utf8');

// The function as CloudFormation makes it, with the parameters of edge.yaml.
function made(origin = '*', policy = 'cross-origin') {
  const context = vm.createContext({});
  vm.runInContext(code.replaceAll('${CorsSite}', origin).replaceAll('${ResourcePolicy}', policy), context);
  return context;
}

function answered(headers, context = made()) {
  const response = { statusCode: 200, statusDescription: 'OK', headers, cookies: {} };
  const event = { version: '1.0', context: { eventType: 'viewer-response' }, viewer: {}, request: {}, response };
  return JSON.parse(JSON.stringify(context.handler(event)));
}

test('what was noted with a picture is said as the service says it', () => {
  const { headers, statusCode } = answered({
    'content-type': { value: 'image/png' },
    'x-amz-meta-note': { value: 'The animation has more than 300 frames' },
  });
  assert.equal(statusCode, 200);
  assert.equal(headers['x-first-frame-only'].value, 'The animation has more than 300 frames');
  assert.equal(headers['x-amz-meta-note'], undefined);
});

for (const [note, flattened, oversize] of [
  ['over-max-bytes: The picture takes 30 bytes', undefined, 'The picture takes 30 bytes'],
  ['It moves | over-max-bytes: It takes 30 bytes', 'It moves', 'It takes 30 bytes'],
]) {
  test(`the note ${note}`, () => {
    const { headers } = answered({ 'x-amz-meta-note': { value: note } });
    assert.equal(headers['x-first-frame-only']?.value, flattened);
    assert.equal(headers['x-over-max-bytes']?.value, oversize);
    assert.equal(headers['x-amz-meta-note'], undefined);
  });
}

test('names of buckets and aliases are taken away, and so is what only says that there is a gateway', () => {
  const { headers } = answered({
    'content-type': { value: 'image/png' },
    'x-amz-meta-cache-tag': { value: 'image:a' },
    'x-amz-apigw-id': { value: '1' },
    'x-request-id': { value: 'abcdefgh' },
  });
  assert.deepEqual(
    Object.keys(headers).filter((name) => name.startsWith('x-')),
    ['x-request-id', 'x-content-type-options'],
  );
});

test('what S3 lacks is added, and what the service says stays', () => {
  const { headers } = answered({ 'content-disposition': { value: 'attachment' }, 'content-type': { value: 'image/png' } });
  assert.equal(headers['content-disposition'].value, 'attachment');
  assert.equal(headers['content-type'].value, 'image/png');
  assert.equal(headers['content-security-policy'].value, "default-src 'none'; sandbox");
  assert.equal(headers['access-control-allow-origin'].value, '*');
});

test('pictures from S3 are open to the sites that the service names', () => {
  const { headers } = answered({}, made('https://shop.example', 'same-site'));
  assert.equal(headers['access-control-allow-origin'].value, 'https://shop.example');
  assert.equal(headers['timing-allow-origin'].value, 'https://shop.example');
  assert.equal(headers['cross-origin-resource-policy'].value, 'same-site');
  const closed = answered({}, made('none')).headers;
  assert.deepEqual(Object.keys(closed).filter((name) => /^(access-control|timing)/.test(name)), []);
  assert.equal(closed['x-content-type-options'].value, 'nosniff');
});
