import type { BuyerInput, OrderView } from '#contracts';
import { maskName, maskPhone } from '#directory';
import type { SecretBox } from '#platform';
import { maskAddress, placeOf } from './province.table.js';

/** A buyer as stored: personal data sealed, province and city plain. */
export interface SealedBuyer {
  buyerName: Uint8Array | null;
  buyerPhone: Uint8Array | null;
  buyerTail: string | null;
  buyerAddress: Uint8Array | null;
  province: string | null;
  city: string | null;
}

/** Seals what is personal of a buyer. */
export function sealBuyer(secrets: SecretBox, buyer: BuyerInput): SealedBuyer {
  const seal = (text: string | undefined) => (text ? secrets.encrypt(text) : null);
  const { name, phone, address } = buyer;
  const buyerTail = phone ? secrets.tail(phone) : null;
  return { buyerName: seal(name), buyerPhone: seal(phone), buyerTail, buyerAddress: seal(address), ...placeOf(buyer) };
}

/** A sealed value as it was told; `null` for none. */
export function openText(secrets: SecretBox, sealed: Uint8Array | null): string | null {
  return sealed ? secrets.decrypt(sealed) : null;
}

/** A buyer as answers show it. */
export function maskedBuyer(secrets: SecretBox, row: SealedBuyer): OrderView['buyer'] {
  const [name, phone] = [openText(secrets, row.buyerName), openText(secrets, row.buyerPhone)];
  return {
    name: name === null ? null : maskName(name),
    phone: phone === null ? null : maskPhone(phone),
    address: row.buyerAddress ? maskAddress(row) : null,
    province: row.province,
    city: row.city,
  };
}
