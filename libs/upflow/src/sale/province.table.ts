/** Provinces by the short name that addresses start with, and in full. */
const PROVINCES: Readonly<Record<string, string>> = {
  北京: '北京市',
  天津: '天津市',
  上海: '上海市',
  重庆: '重庆市',
  河北: '河北省',
  山西: '山西省',
  辽宁: '辽宁省',
  吉林: '吉林省',
  黑龙江: '黑龙江省',
  江苏: '江苏省',
  浙江: '浙江省',
  安徽: '安徽省',
  福建: '福建省',
  江西: '江西省',
  山东: '山东省',
  河南: '河南省',
  湖北: '湖北省',
  湖南: '湖南省',
  广东: '广东省',
  海南: '海南省',
  四川: '四川省',
  贵州: '贵州省',
  云南: '云南省',
  陕西: '陕西省',
  甘肃: '甘肃省',
  青海: '青海省',
  台湾: '台湾省',
  内蒙古: '内蒙古自治区',
  广西: '广西壮族自治区',
  西藏: '西藏自治区',
  宁夏: '宁夏回族自治区',
  新疆: '新疆维吾尔自治区',
  香港: '香港特别行政区',
  澳门: '澳门特别行政区',
};

/** The province that a text names or starts with, in full; `undefined` for none. */
function provinceOf(text: string): { full: string; rest: string } | undefined {
  const short = Object.keys(PROVINCES).find((name) => text.startsWith(name));
  const full = short === undefined ? undefined : PROVINCES[short];
  if (short === undefined || full === undefined) return undefined;
  return { full, rest: text.slice(text.startsWith(full) ? full.length : short.length).replace(/^(省|市|自治区)?[\s,，]*/, '') };
}

/** Province (in full, so that tables compare) and city, from their own columns or else from the address. */
export function placeOf(told: { province?: string | undefined; city?: string | undefined; address?: string | undefined }): {
  province: string | null;
  city: string | null;
} {
  const found = provinceOf((told.address ?? '').trim());
  const province = told.province ? (provinceOf(told.province)?.full ?? told.province) : (found?.full ?? null);
  const inAddress = found ? (/^[^\s,，]{1,10}?(市|自治州|地区|盟)/.exec(found.rest)?.[0] ?? null) : null;
  return { province, city: told.city ? told.city : inAddress };
}

/** An address as answers show it: province and city, and that there is more. */
export function maskAddress(place: { province: string | null; city: string | null }): string {
  return `${place.province ?? ''}${place.city ?? ''}****`;
}
