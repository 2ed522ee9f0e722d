import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CodeMeaning, LedgerEvent } from '../parcel/parcel.event.js';
import { UnreadablePush, type CarrierAdapter, type PushAnswer, type PushForm, type PushOutcome } from './carrier.adapter.js';
import { KDNIAO_CARRIERS, KDNIAO_CODES, KDNIAO_GENERAL_PROBLEMS } from './provider.codes.js';
import { historyEvents, readJson, type Trace } from './provider.trace.js';
import { sameText } from './signature.js';

const text = z.union([z.string(), z.number()]).transform(String);
const resultSchema = z.object({
  ShipperCode: z.string().default(''),
  LogisticCode: text,
  State: text.nullish(),
  StateEx: text.nullish(),
  Traces: z.array(z.object({ AcceptTime: z.string(), AcceptStation: z.string().default(''), Action: text.nullish() })).nullish(),
});
const requestSchema = z.union([z.object({ EBusinessID: text.optional(), Data: z.array(resultSchema) }), resultSchema]);

/** 快递鸟's push: form `RequestData` (JSON), `RequestType`, `EBusinessID` and `DataSign` = base64 of hex MD5(RequestData + AppKey). */
export class KdniaoAdapter implements CarrierAdapter {
  readonly name = 'kdniao';
  readonly capabilities = { fullHistory: true, correctsCarrier: false, severalWaybills: true };

  verify(form: PushForm, secret: string): boolean {
    const { RequestData, DataSign } = form;
    if (RequestData === undefined || DataSign === undefined) return false;
    const hex = createHash('md5')
      .update(RequestData + secret, 'utf8')
      .digest('hex');
    const expected = Buffer.from(hex, 'utf8').toString('base64');
    // Some of its senders encode the signature once more than the form does.
    return sameText(expected, DataSign) || sameText(expected, decoded(DataSign));
  }

  parse(form: PushForm): LedgerEvent[] {
    const parsed = requestSchema.safeParse(readJson(form['RequestData'] ?? ''));
    if (!parsed.success) throw new UnreadablePush('RequestData');
    const results = 'Data' in parsed.data ? parsed.data.Data : [parsed.data];
    return results.flatMap((result) => this.resultEvents(result));
  }

  acknowledge(outcome: PushOutcome, form: PushForm, now: Date): PushAnswer {
    const shared = { EBusinessID: form['EBusinessID'] ?? '', UpdateTime: localTime(now) };
    switch (outcome) {
      case 'taken':
        return { status: 200, body: { ...shared, Success: true, Reason: '' } };
      case 'refused':
        return { status: 401, body: { ...shared, Success: false, Reason: '签名错误' } };
      case 'unreadable':
        return { status: 400, body: { ...shared, Success: false, Reason: '内容无法解析' } };
    }
  }

  mapCode(code: string): CodeMeaning | undefined {
    return KDNIAO_CODES[code];
  }

  isGeneralProblem(code: string): boolean {
    return KDNIAO_GENERAL_PROBLEMS.has(code);
  }

  private resultEvents(result: z.infer<typeof resultSchema>): LedgerEvent[] {
    const lines = result.Traces ?? [];
    const traces = lines.map((line, index): Trace => ({
      time: line.AcceptTime,
      text: line.AcceptStation,
      code: line.Action || null,
      resultCode: index === lines.length - 1 ? result.StateEx || result.State || null : null,
    }));
    const carrierCode = KDNIAO_CARRIERS[result.ShipperCode] ?? null;
    return historyEvents(
      { provider: this.name, waybill: result.LogisticCode, providerCarrier: result.ShipperCode, carrierCode, traces },
      this,
    );
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** `YYYY-MM-DD HH:mm:ss` in Shanghai. */
const localTime = (instant: Date): string =>
  new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
