/** What a keeper, or who helps them by telephone, wants to know about this phone. */
import { reactive } from 'vue';

declare const __APP_VERSION__: string;

/** Version of the app, from the build. */
export const APP_VERSION: string = typeof __APP_VERSION__ === 'string' ? __APP_VERSION__ : '';

/** Bytes in words: whole megabytes, or kilobytes below one. */
export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`;
}

/** Storage used and granted, and whether the system may clear it; asked anew by `load`. */
export function useStorageFacts() {
  const facts = reactive({ used: '', quota: '', persistent: undefined as boolean | undefined });
  const storage = (navigator as Partial<Pick<Navigator, 'storage'>>).storage;
  async function load(): Promise<void> {
    const { usage = 0, quota = 0 } = (await storage?.estimate?.()) ?? {};
    facts.used = megabytes(usage);
    facts.quota = megabytes(quota);
    facts.persistent = await storage?.persisted?.();
  }
  async function ask(): Promise<void> {
    await storage?.persist?.();
    await load();
  }
  return { facts, load, ask };
}
