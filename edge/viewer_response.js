// What CloudFront does to an answer of the bucket at /-/d/ before a viewer gets it: the headers that the service gives an
// animation of which the first frame alone is shown, and a picture of more bytes than were allowed. S3 can say these only as
// what was noted with the object.
//
// Runtime cloudfront-js-2.0, as viewer_request.js.

const OVERSIZE = 'over-max-bytes: ';

function handler(event) {
  const response = event.response;
  const note = response.headers['x-amz-meta-note'];
  if (note) {
    // As Notes.read in rendering/imaging/notes.py.
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
