// What CloudFront does to the bucket's response at /-/d/: it turns the object's metadata, all that S3 can send, into the
// service's headers X-First-Frame-Only and X-Over-Max-Bytes.
//
// Runtime cloudfront-js-2.0, as viewer_request.js.

const OVERSIZE = 'over-max-bytes: ';

function handler(event) {
  const response = event.response;
  const note = response.headers['x-amz-meta-note'];
  if (note) {
    // The same as Notes.read in rendering/imaging/notes.py.
    const at = note.value.indexOf(OVERSIZE);
    const flattened = (at < 0 ? note.value : note.value.slice(0, at)).replace(' | ', '');
    if (flattened) {
      response.headers['x-first-frame-only'] = { value: flattened };
    }
    if (at >= 0) {
      response.headers['x-over-max-bytes'] = { value: note.value.slice(at + OVERSIZE.length) };
    }
    delete response.headers['x-amz-meta-note'];
  }
  return response;
}
