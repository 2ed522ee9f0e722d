import { scanAgent } from './scan.agent.js';

const wechat = (version: string, network: string, installation = 4321): string =>
  `Mozilla/5.0 (Linux; Android 14; V2302A Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0 Mobile Safari/537.36 ` +
  `XWEB/1160117 MMWEBSDK/2024 MMWEBID/${installation} MicroMessenger/${version} WeChat/arm64 NetType/${network} Language/zh_CN ABI/arm64`;
const phone = (agent: string): string => scanAgent(agent, 'zh-CN,zh;q=0.9').phone;

describe('what a browser tells of its phone', () => {
  it('stays the same when the app is renewed and the phone leaves the house', () => {
    expect(phone(wechat('8.0.50', 'WIFI'))).toBe(phone(wechat('8.0.51', '5G')));
    expect(scanAgent(wechat('8.0.50', 'WIFI'), '').mobile).toBe(false);
    expect(scanAgent(wechat('8.0.50', '5G'), '').mobile).toBe(true);
  });

  it('differs between two phones of a model, and between models', () => {
    expect(phone(wechat('8.0.50', 'WIFI', 1))).not.toBe(phone(wechat('8.0.50', 'WIFI', 2)));
    expect(phone('Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15')).not.toBe(
      phone('Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15'),
    );
  });

  it('is the whole text when it is no browser’s, and says nothing of the network', () => {
    expect(scanAgent('curl/8.5.0', '')).toEqual({ phone: 'curl/8.5.0\n\n', mobile: null });
    expect(scanAgent(`(${'x'.repeat(5000)}`, '').mobile).toBeNull();
  });
});
