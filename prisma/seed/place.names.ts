/** Invented place names in the habit of northern China: all different within the county, none meant as a real place. */
import type { RandomSource } from './random.source.js';

/** The towns by their code's last three digits, with the number of villages each should have. */
export const TOWNS = [
  { number: '001', name: '城关街道', villages: 16 },
  { number: '100', name: '柳河镇', villages: 26 },
  { number: '101', name: '石桥镇', villages: 24 },
  { number: '102', name: '清泉镇', villages: 22 },
  { number: '103', name: '永兴镇', villages: 21 },
  { number: '104', name: '黑水镇', villages: 20 },
  { number: '200', name: '南岭乡', villages: 17 },
  { number: '201', name: '巴彦塔拉苏木', villages: 15 },
] as const;

/** The town whose villages bear long transliterated names. */
export const LONG_NAME_TOWN = '201';
const LONG_NAMES = [
  '额尔敦宝力格嘎查',
  '阿日哈日布拉格图雅嘎查',
  '巴彦淖尔希日塔拉乌兰嘎查',
  '查干诺尔敖包图嘎查',
  '哈日根台音布拉格宝日陶勒盖嘎查',
  '乌兰哈达嘎查',
];

/** A character outside the basic plane, as real village names have them: software that counts UTF-16 units breaks on it. */
const RARE_NAME = '𣲗水村';
/** The town that has the village with the rare character. */
export const RARE_NAME_TOWN = '200';

const COMMUNITIES = ['城关', '文化路', '东风路', '永安', '迎宾', '站前', '北苑', '和平里', '新华', '锦绣', '滨河', '学府'];
const SURNAMES = [...'张王李赵刘陈孙周吴郑冯董高郭宋韩杜魏蒋沈丁崔石汤尹段侯'];
const AFTER_SURNAME = [
  '家庄',
  '家屯',
  '家沟',
  '家洼',
  '家营',
  '家铺',
  '家寨',
  '家窑',
  '家岭',
  '家窝铺',
  '庄',
  '官屯',
  '家湾',
  '家堡',
];
const FIRST = [
  '柳',
  '杨树',
  '槐树',
  '榆树',
  '枣',
  '梨树',
  '桃',
  '杏',
  '松',
  '青石',
  '白土',
  '黄土',
  '红',
  '龙',
  '凤',
  '卧虎',
  '马',
  '鹿',
  '双',
  '三道',
  '五道',
  '头道',
  '大',
  '小',
  '清',
  '黑',
];
const AFTER_FIRST = ['河', '沟', '湾', '岭', '坪', '塘', '洼', '坡', '泉', '山', '井', '台', '川', '桥'];
const HOPES = [
  '兴隆',
  '太平',
  '和顺',
  '团结',
  '新民',
  '光明',
  '红星',
  '胜利',
  '向阳',
  '丰收',
  '永丰',
  '幸福',
  '民主',
  '复兴',
  '长青',
  '金星',
];
const SIDES = ['东', '西', '南', '北', '前', '后', '上', '下', '中'];

/** Gives out names, each one once. */
export class PlaceNames {
  private readonly taken = new Set<string>(TOWNS.map((town) => town.name.replace(/[镇乡]$/, '')));
  private readonly communities = [...COMMUNITIES];
  private readonly longNames = [...LONG_NAMES];
  private rareName: string | undefined = RARE_NAME;

  constructor(private readonly random: RandomSource) {}

  /** A name for an urban community. */
  community(townName: string): string {
    return townName === '城关街道'
      ? `${this.communities.shift() ?? this.ordinary()}社区`
      : `${townName.replace(/[镇乡]$/, '')}街社区`;
  }

  /** A name for a village of the town with this number. */
  village(townNumber: string): string {
    const special = townNumber === LONG_NAME_TOWN ? this.longNames.shift() : undefined;
    if (special) return special;
    if (townNumber === RARE_NAME_TOWN && this.rareName) {
      const rare = this.rareName;
      this.rareName = undefined;
      return rare;
    }
    return `${this.ordinary()}村`;
  }

  private ordinary(): string {
    for (;;) {
      const name = this.draw();
      if (this.taken.has(name)) continue;
      this.taken.add(name);
      return name;
    }
  }

  private draw(): string {
    const core = {
      surname: () => this.random.pick(SURNAMES) + this.random.pick(AFTER_SURNAME),
      nature: () => this.random.pick(FIRST) + this.random.pick(AFTER_FIRST),
      hope: () => this.random.pick(HOPES),
    }[this.random.weighted({ surname: 5, nature: 5, hope: 1 })]();
    return this.random.chance(0.18) ? this.random.pick(SIDES) + core : core;
  }
}
