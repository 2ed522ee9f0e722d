import { pictureType } from './picture.kind.js';

describe('The type of a picture', () => {
  it.each([
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0]), 'image/jpeg'],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'), 'image/png'],
    ['a WebP', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), 'image/webp'],
    ['a page that says it is a picture', Buffer.from('<svg onload="alert(1)">'), undefined],
    ['another file in the same envelope as WebP', Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1'), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('is told by the first bytes of %s', (_what, content, expected) => {
    expect(pictureType(content)).toBe(expected);
  });
});
