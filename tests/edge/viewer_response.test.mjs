// The function as CloudFront calls it. `node --test tests/edge/`; through the whole of it in tests/aws.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const context = vm.createContext({});
vm.runInContext(readFileSync(new URL('../../edge/viewer_response.js', import.meta.url), 'utf8'), context);

function answered(headers) {
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
  assert.deepEqual(headers, {
    'content-type': { value: 'image/png' },
    'x-first-frame-only': { value: 'The animation has more than 300 frames' },
  });
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

test('a picture of which nothing was noted is as it was', () => {
  const headers = { 'content-type': { value: 'image/png' }, 'x-amz-meta-cache-tag': { value: 'image:a' } };
  assert.deepEqual(answered(headers).headers, headers);
});
