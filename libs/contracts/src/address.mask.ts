/** What a printed label shows of an address (GB/T 41833-2022): no unit, floor or room number. */

const HIDDEN = '*';
/** Where the house ends and the room begins. */
const HOUSE = /栋|幢|座|号楼|号院|大厦|公寓/;
/** A number that says which unit, floor or room. */
const ROOM = /[0-9A-Za-z一二三四五六七八九十百零〇-]+(?=\s*(?:单元|楼|层|室))|[0-9A-Za-z-]+(?=\s*(?:户|房|号房))/g;
/** A bare number at the very end, as in 3-1-502; "12号" is a house on a street and stays. */
const TAIL = /[0-9A-Za-z]*(?:[-－—#][0-9A-Za-z]+)+\s*$|(?<![0-9A-Za-z])\d{3,}\s*$/;

/** An address with everything hidden that tells the unit, floor or room. */
export function maskAddress(detail: string): string {
  const text = detail.trim();
  const house = HOUSE.exec(text);
  const split = house ? house.index + house[0].length : text.length;
  const inside = text.slice(split).replace(/[0-9A-Za-z一二三四五六七八九十百零〇]/g, HIDDEN);
  const street = house ? text.slice(0, split) : text.slice(0, split).replace(TAIL, (tail) => hide(tail));
  return (house ? street : street.replace(ROOM, (room) => hide(room))) + inside;
}

const hide = (text: string): string => text.replace(/[^\s]/g, HIDDEN);
