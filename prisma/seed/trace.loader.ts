/** Hands provider traces to the push service, as if 快递100 had posted them. */
import { createHash } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { PushService } from '#logistics';
import { CONFIG, type Config } from '#platform';
import { DEMO_COUNTY_CODE } from './county.model.js';
import type { DemoPush } from './trace.generator.js';

/** Pushes under way at the same time. */
const AT_ONCE = 25;

/**
 * Loads pushes. Harmless when repeated: the events of a push are the same each time.
 * @throws Error when the service cannot read one
 */
export async function loadTraces(app: INestApplicationContext, pushes: readonly DemoPush[]): Promise<void> {
  const service = app.get(PushService, { strict: false });
  const salt = app.get<Config>(CONFIG, { strict: false }).KUAIDI100_SALT ?? '';
  for (let start = 0; start < pushes.length; start += AT_ONCE) {
    const outcomes = await Promise.all(
      pushes.slice(start, start + AT_ONCE).map(({ param, receivedAtMs }) => {
        const sign = createHash('md5')
          .update(param + salt, 'utf8')
          .digest('hex')
          .toUpperCase();
        return service.take('kuaidi100', { param, sign }, DEMO_COUNTY_CODE, new Date(receivedAtMs));
      }),
    );
    if (outcomes.some((outcome) => outcome !== 'taken'))
      throw new Error(`A push of the demo was ${outcomes.find((outcome) => outcome !== 'taken') ?? ''}`);
  }
}
