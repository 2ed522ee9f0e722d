/**
 * The service worker and new versions of the app. A new version is fetched beside the one in use, and takes over only when the keeper says so, or when the
 * outbox page lies idle with nothing being typed: the outbox is in the database, so nothing is lost either way. The worker keeps the files of the version
 * before, for pages that are still open on it.
 */
import { computed, ref } from 'vue';

const IDLE_MS = 60_000;
const ASK_AGAIN_MS = 3_600_000;
const waiting = ref<ServiceWorker>();
let registration: ServiceWorkerRegistration | undefined;
let lastTouch = Date.now();
let reloading = false;

/** Whether a new version lies ready. */
export const updateReady = computed(() => waiting.value !== undefined);

/** Whether somebody is in the middle of typing. */
function isTyping(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    'input:not([type=checkbox]):not([type=radio]), textarea',
  );
  return [...fields].some((field) => field === document.activeElement && field.value !== '');
}

/** Takes the new version now: this page and the other open ones load it. */
export function takeUpdate(): void {
  waiting.value?.postMessage('take over');
}

/** Takes the new version if nobody would notice: nothing typed, nothing touched for a minute. For pages on which nothing is half done. */
export function takeUpdateWhenIdle(): void {
  if (waiting.value && !isTyping() && Date.now() - lastTouch > IDLE_MS) takeUpdate();
}

function noticeWaiting(): void {
  // Without a worker in control this is the first visit: there is no version before.
  if (registration?.waiting && navigator.serviceWorker.controller) waiting.value = registration.waiting;
}

function watchInstalling(): void {
  const worker = registration?.installing;
  worker?.addEventListener('statechange', noticeWaiting);
}

/** Reloads when the new version has taken over, once nobody is typing. */
function reloadWhenFree(): void {
  if (reloading) return;
  if (isTyping()) {
    setTimeout(reloadWhenFree, 2000);
    return;
  }
  reloading = true;
  location.reload();
}

/** Registers the worker, if the browser has any. Never throws: the app works without. */
export async function startUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => (lastTouch = Date.now()), { passive: true });
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (controlled || waiting.value) reloadWhenFree();
  });
  try {
    registration = await navigator.serviceWorker.register('/sw.js', { scope: '/station/', updateViaCache: 'none' });
  } catch {
    return;
  }
  registration.addEventListener('updatefound', watchInstalling);
  watchInstalling();
  noticeWaiting();
  setInterval(() => void registration?.update().catch(() => undefined), ASK_AGAIN_MS);
  addEventListener('online', () => void registration?.update().catch(() => undefined));
  // The scanner's heavy part comes after everything that the first screen needs.
  const worker = await navigator.serviceWorker.ready;
  worker.active?.postMessage('fetch the rest');
}
