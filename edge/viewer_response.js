// What CloudFront does to responses before viewers get them. From the bucket (/-/d/) it turns the object's metadata, all that
// S3 can send, into the service's headers X-First-Frame-Only and X-Over-Max-Bytes, and adds those that S3 lacks. Under a plan
// without own policies it also does for the service's pictures what the policy PictureResponse in edge.yaml does otherwise.
//
// Runtime cloudfront-js-2.0, as viewer_request.js. CloudFront does not call it for errors.

const OVERSIZE = 'over-max-bytes: ';
// Names of buckets and aliases, and what only says that there is a gateway.
const REMOVED = ['x-amz-meta-note', 'x-amz-meta-cache-tag', 'x-amz-apigw-id', 'x-amzn-trace-id', 'x-amz-server-side-encryption', 'x-amz-version-id'];
// The template puts its parameters here.
const SITE = '${CorsSite}';
// The same as picture_headers() in rendering/http/headers.py; tests/edge compares them.
const CORS = {
  'access-control-allow-origin': SITE,
  'access-control-expose-headers':
    'ETag, Retry-After, Server-Timing, X-Request-Id, X-Skipped-Filters, X-First-Frame-Only, X-Over-Max-Bytes, X-Bucket-Away',
  'timing-allow-origin': SITE,
};
const PICTURE = {
  'cross-origin-resource-policy': '${ResourcePolicy}',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'content-disposition': 'inline',
  'strict-transport-security': 'max-age=31536000',
};

function handler(event) {
  const headers = event.response.headers;
  const note = headers['x-amz-meta-note'];
  if (note) {
    // The same as Notes.read in rendering/imaging/notes.py.
    const at = note.value.indexOf(OVERSIZE);
    const flattened = (at < 0 ? note.value : note.value.slice(0, at)).replace(' | ', '');
    if (flattened) {
      headers['x-first-frame-only'] = { value: flattened };
    }
    if (at >= 0) {
      headers['x-over-max-bytes'] = { value: note.value.slice(at + OVERSIZE.length) };
    }
  }
  for (const name of REMOVED) {
    delete headers[name];
  }
  for (const added of SITE === 'none' ? [PICTURE] : [CORS, PICTURE]) {
    for (const name of Object.keys(added)) {
      if (!headers[name]) {
        headers[name] = { value: added[name] };
      }
    }
  }
  return event.response;
}
