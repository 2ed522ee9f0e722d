import { Injectable } from '@nestjs/common';

/** The only source of "now", so that tests and the demo county can set it. */
@Injectable()
export class Clock {
  /** The present instant. */
  now(): Date {
    return new Date();
  }
}
