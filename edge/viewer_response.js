// What CloudFront does to an answer of the bucket at /-/d/ before a viewer gets it: the header that the service gives an
// animation of which the first frame alone is shown. S3 can say it only as what was noted with the object.
//
// Runtime cloudfront-js-2.0, as viewer_request.js.

function handler(event) {
  const response = event.response;
  const note = response.headers['x-amz-meta-note'];
  if (note) {
    response.headers['x-first-frame-only'] = { value: note.value };
    delete response.headers['x-amz-meta-note'];
  }
  return response;
}
