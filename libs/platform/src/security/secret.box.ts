import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Personal data at rest: AES-256-GCM with a random nonce, stored as version byte, nonce, tag, cipher text. Keys of each use
 * are derived from SECRET_KEY, so that no key serves two purposes.
 */
@Injectable()
export class SecretBox {
  private readonly dataKey: Buffer;
  private readonly tailKey: Buffer;
  private readonly signKey: Buffer;

  constructor(@Inject(CONFIG) config: Config) {
    const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', config.SECRET_KEY, 'xiangyi', purpose, 32));
    this.dataKey = derive('personal-data');
    this.tailKey = derive('phone-tail');
    this.signKey = derive('sign');
  }

  /** Cipher text of a personal value. */
  encrypt(text: string): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.dataKey, nonce);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return new Uint8Array(Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), sealed]));
  }

  /**
   * The value behind a cipher text.
   * @throws Error when it was changed or belongs to another key
   */
  decrypt(sealed: Uint8Array): string {
    const bytes = Buffer.from(sealed);
    if (bytes[0] !== 1) throw new Error('Unknown version of an encrypted value');
    const decipher = createDecipheriv('aes-256-gcm', this.dataKey, bytes.subarray(1, 1 + NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  }

  /** Look-up key of a phone number: HMAC of its last four digits. */
  tail(phone: string): string {
    return createHmac('sha256', this.tailKey).update(phone.replace(/\D/g, '').slice(-4)).digest('hex').slice(0, 32);
  }

  /** HMAC-SHA256 of a text, hexadecimal. */
  sign(text: string): string {
    return createHmac('sha256', this.signKey).update(text).digest('hex');
  }
}
