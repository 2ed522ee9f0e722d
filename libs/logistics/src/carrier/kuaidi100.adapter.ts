import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CodeMeaning, LedgerEvent } from '../parcel/parcel.event.js';
import { UnreadablePush, type CarrierAdapter, type PushAnswer, type PushForm, type PushOutcome } from './carrier.adapter.js';
import { KUAIDI100_CARRIERS, KUAIDI100_CODES, KUAIDI100_GENERAL_PROBLEMS, KUAIDI100_NAMES } from './provider.codes.js';
import { claimEvent, eventIdentity, historyEvents, readJson, readWaybill, type Trace } from './provider.trace.js';
import { sameText } from './signature.js';

const text = z.union([z.string(), z.number()]).transform(String);
const traceSchema = z.object({
  time: z.string().optional(),
  ftime: z.string().optional(),
  context: z.string().default(''),
  status: z.string().nullish(),
  statusCode: text.nullish(),
});
const resultSchema = z.object({
  com: z.string().default(''),
  nu: text.default(''),
  state: text.nullish(),
  data: z.array(traceSchema).nullish(),
});
const paramSchema = z.object({
  status: z.string(),
  autoCheck: text.nullish(),
  comOld: z.string().nullish(),
  comNew: z.string().nullish(),
  lastResult: resultSchema,
});

/** 快递100's push: form `param` (JSON) and `sign` = upper-case hex MD5(param + salt). Each push carries the full list, newest first. */
export class Kuaidi100Adapter implements CarrierAdapter {
  readonly name = 'kuaidi100';
  readonly capabilities = { fullHistory: true, correctsCarrier: true, severalWaybills: false };

  verify(form: PushForm, secret: string): boolean {
    const { param, sign } = form;
    if (param === undefined || sign === undefined) return false;
    const expected = createHash('md5')
      .update(param + secret, 'utf8')
      .digest('hex')
      .toUpperCase();
    return sameText(expected, sign.toUpperCase());
  }

  parse(form: PushForm): LedgerEvent[] {
    const parsed = paramSchema.safeParse(readJson(form['param'] ?? ''));
    if (!parsed.success) throw new UnreadablePush(parsed.error.issues[0]?.path.join('.') ?? 'param');
    const { lastResult, comNew } = parsed.data;
    const providerCarrier = comNew || lastResult.com;
    const lines = [...(lastResult.data ?? [])].reverse();
    const traces = lines.map((line, index): Trace => ({
      time: line.ftime ?? line.time ?? '',
      text: line.context,
      code: line.statusCode || (line.status ? (KUAIDI100_NAMES[line.status] ?? null) : null),
      resultCode: index === lines.length - 1 ? (lastResult.state ?? null) : null,
    }));
    if (traces.length === 0 && lastResult.nu === '') return [];
    const carrierCode = KUAIDI100_CARRIERS[providerCarrier] ?? null;
    const events = historyEvents({ provider: this.name, waybill: lastResult.nu, providerCarrier, carrierCode, traces }, this);
    return [...events, ...this.correction(parsed.data, events)];
  }

  acknowledge(outcome: PushOutcome): PushAnswer {
    switch (outcome) {
      case 'taken':
        return { status: 200, body: { result: true, returnCode: '200', message: '成功' } };
      case 'refused':
        return { status: 401, body: { result: false, returnCode: '401', message: '签名错误' } };
      case 'unreadable':
        return { status: 400, body: { result: false, returnCode: '400', message: '内容无法解析' } };
    }
  }

  mapCode(code: string): CodeMeaning | undefined {
    return KUAIDI100_CODES[code];
  }

  isGeneralProblem(code: string): boolean {
    return KUAIDI100_GENERAL_PROBLEMS.has(code);
  }

  /** autoCheck: the carrier was corrected. Dated like the oldest trace, so that every push of the correction makes one and the same event. */
  private correction(push: z.infer<typeof paramSchema>, events: readonly LedgerEvent[]): LedgerEvent[] {
    const [first] = events;
    const { comOld, comNew } = push;
    if (push.autoCheck !== '1' || !first || !comOld || !comNew || comOld === comNew) return [];
    const before = KUAIDI100_CARRIERS[comOld] ?? null;
    const after = KUAIDI100_CARRIERS[comNew] ?? null;
    if (before === null || after === null || before === after) return [];
    const waybill = readWaybill(push.lastResult.nu);
    return [
      claimEvent({
        id: eventIdentity(this.name, 'relinked', waybill, comOld, comNew),
        claimedAt: first.claimedAt,
        waybill,
        kind: 'relinked',
        source: this.name,
        carrierCode: after,
        providerCode: before,
      }),
    ];
  }
}
