import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

/** argon2id with the memory (KiB), passes and lanes that OWASP's password storage guide names first. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Hash of a password that nobody has, so that an unknown name takes as long as a wrong password. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$w7+XoKX2lHpf7/qeE+683g$F/i1vZ3VbC/P5HYwLA/U5nrw6vHLimT9U1oR6yvrvDw';

/** Passwords are kept as argon2id only. */
@Injectable()
export class PasswordHasher {
  /** The hash to store. */
  async hash(password: string): Promise<string> {
    return await hash(password, OPTIONS);
  }

  /** Whether a password matches; takes the same work when there is no hash to match. */
  async matches(stored: string | undefined, password: string): Promise<boolean> {
    const matched = await verify(stored ?? NOBODY, password);
    return matched && stored !== undefined;
  }
}
