/** The phone's camera as a stream of readings: opens it, reads frame after frame as fast as the phone can, and stops cleanly. */
import { readPicture } from './barcode.reader.js';
import type { Reading } from './barcode.message.js';

/** Why there is no camera: the page is not secure or the browser has none (WeChat's on old phones), the person said no, it is in use, or it broke. */
export type CameraProblem = 'unsupported' | 'denied' | 'busy' | 'decoder' | 'failed';

export class CameraError extends Error {
  constructor(readonly problem: CameraProblem) {
    super(problem);
  }
}

/** Wide enough for a label at arm's length, small enough for a cheap phone. */
const IDEAL: MediaTrackConstraints = { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } };
/** A breath between frames, so that the page stays quick to the touch. */
const REST_MS = 40;

function problemOf(error: unknown): CameraProblem {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'unsupported';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'failed';
}

export interface Frame {
  readonly readings: readonly Reading[];
  readonly width: number;
  readonly height: number;
  readonly atMs: number;
}

export class Camera {
  private running = true;
  private wakeLock: WakeLockSentinel | undefined;
  private readonly canvas = document.createElement('canvas');

  private constructor(
    private readonly stream: MediaStream,
    private readonly video: HTMLVideoElement,
    private readonly onFrame: (frame: Frame) => void,
    private readonly onProblem: (problem: CameraProblem) => void,
  ) {}

  /**
   * Opens the camera into a video element and begins to read.
   * @throws CameraError when there is no camera to be had
   */
  static async open(
    video: HTMLVideoElement,
    onFrame: (frame: Frame) => void,
    onProblem: (problem: CameraProblem) => void,
  ): Promise<Camera> {
    // Old WebViews, and pages that are not secure, have no mediaDevices at all.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices?.getUserMedia) throw new CameraError('unsupported');
    let stream: MediaStream;
    try {
      stream = await devices.getUserMedia({ video: IDEAL, audio: false });
    } catch (error) {
      throw new CameraError(problemOf(error));
    }
    video.srcObject = stream;
    video.setAttribute('playsinline', '');
    video.muted = true;
    await video.play().catch(() => undefined);
    const camera = new Camera(stream, video, onFrame, onProblem);
    stream.getVideoTracks()[0]?.addEventListener('ended', () => camera.running && onProblem('busy'));
    document.addEventListener('visibilitychange', camera.keepAwake);
    camera.keepAwake();
    void camera.read();
    return camera;
  }

  /** Whether this camera has a lamp. */
  get hasTorch(): boolean {
    // Safari before 17 has no getCapabilities; `torch` is not among the standard's names yet.
    const capabilities: object = this.stream.getVideoTracks()[0]?.getCapabilities?.() ?? {};
    return 'torch' in capabilities && capabilities.torch === true;
  }

  /** Switches the lamp; false when the phone would not. */
  async torch(on: boolean): Promise<boolean> {
    try {
      await this.stream.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.running = false;
    document.removeEventListener('visibilitychange', this.keepAwake);
    void this.wakeLock?.release().catch(() => undefined);
    for (const track of this.stream.getTracks()) track.stop();
    this.video.srcObject = null;
  }

  /** A lock is lost whenever the page is hidden. */
  private readonly keepAwake = (): void => {
    if (document.visibilityState !== 'visible' || !this.running) return;
    const { wakeLock } = navigator as { wakeLock?: WakeLock };
    void wakeLock?.request('screen').then(
      (lock) => {
        if (this.running) this.wakeLock = lock;
        else void lock.release();
      },
      () => undefined,
    );
  };

  private async read(): Promise<void> {
    while (this.running) {
      const image = this.frame();
      if (image) {
        const { width, height } = image;
        try {
          const readings = await readPicture(image);
          if (this.running) this.onFrame({ readings, width, height, atMs: performance.now() });
        } catch {
          if (this.running) this.onProblem('decoder');
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }

  private frame(): ImageData | undefined {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || !height || document.visibilityState !== 'visible') return undefined;
    this.canvas.width = width;
    this.canvas.height = height;
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    context?.drawImage(this.video, 0, 0, width, height);
    return context?.getImageData(0, 0, width, height);
  }
}
