import { reportKind, reportName } from './report.file.js';

describe('a test report', () => {
  const pdf = reportKind(Buffer.from('%PDF-1.7\n...'));

  it.each([
    ['a PDF', Buffer.from('%PDF-1.7'), 'application/pdf'],
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0]), 'image/jpeg'],
    ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), 'image/png'],
    ['a web page', Buffer.from('<html>%PDF-</html>'), undefined],
    ['half a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47]), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('%s is told by its first bytes', (_, content, mediaType) => {
    expect(reportKind(content)?.mediaType).toBe(mediaType);
  });

  it.each([
    ['检测报告.pdf', '检测报告.pdf'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\报告\\农残.html', '农残.pdf'],
    ['a\r\nb\u0000\u202Ec.pdf', 'abc.pdf'],
    ['\ud800', 'report.pdf'],
    ['𠮷野.pdf', '𠮷野.pdf'],
    ['', 'report.pdf'],
  ])('named %j is kept as %j', (told, kept) => {
    if (!pdf) throw new Error('not a PDF');
    expect(reportName(told, pdf)).toBe(kept);
  });
});
