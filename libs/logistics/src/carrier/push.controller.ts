import { Body, Controller, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Answers, Clock, Public } from '#platform';
import type { Provider, PushForm } from './carrier.adapter.js';
import { PushService } from './push.service.js';

const countySchema = z.object({
  county: z
    .string()
    .regex(/^\d{6}$/)
    .optional()
    .meta({ description: 'Six digits; default: the only county' }),
});
const formSchema = z.record(z.string(), z.string());
const kuaidi100FormSchema = z
  .looseObject({
    param: z.string().meta({ description: 'JSON' }),
    sign: z.string().meta({ description: 'Upper-case hex MD5(param + salt)' }),
  })
  .meta({ id: 'Kuaidi100Push' });
const kdniaoFormSchema = z
  .looseObject({
    RequestData: z.string().meta({ description: 'JSON' }),
    RequestType: z.string().optional(),
    EBusinessID: z.string().optional(),
    DataSign: z.string().meta({ description: 'Base64 of hex MD5(RequestData + AppKey)' }),
  })
  .meta({ id: 'KdniaoPush' });
const kuaidi100AnswerSchema = z
  .object({ result: z.boolean(), returnCode: z.string(), message: z.string() })
  .meta({ id: 'Kuaidi100Answer' });
const kdniaoAnswerSchema = z
  .object({ EBusinessID: z.string(), UpdateTime: z.string(), Success: z.boolean(), Reason: z.string() })
  .meta({ id: 'KdniaoAnswer' });

/** Pushes of tracking providers. Public: the signature says who calls. Answers are in the provider's own shape. */
@ApiTags('logistics')
@Controller('api/carriers')
export class PushController {
  constructor(
    private readonly pushes: PushService,
    private readonly clock: Clock,
  ) {}

  @Public()
  @Post('kuaidi100/push')
  @HttpCode(200)
  @ApiOperation({ summary: '快递100: the full trace of one waybill' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @Answers(200, kuaidi100AnswerSchema, 'The push is kept')
  async kuaidi100(
    @Body({ schema: kuaidi100FormSchema }) form: z.infer<typeof kuaidi100FormSchema>,
    @Query({ schema: countySchema }) query: z.infer<typeof countySchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.take('kuaidi100', form, query.county, reply);
  }

  @Public()
  @Post('kdniao/push')
  @HttpCode(200)
  @ApiOperation({ summary: '快递鸟: the traces of one or several waybills' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @Answers(200, kdniaoAnswerSchema, 'The push is kept')
  async kdniao(
    @Body({ schema: kdniaoFormSchema }) form: z.infer<typeof kdniaoFormSchema>,
    @Query({ schema: countySchema }) query: z.infer<typeof countySchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.take('kdniao', form, query.county, reply);
  }

  private async take(provider: Provider, body: object, county: string | undefined, reply: FastifyReply): Promise<void> {
    const form: PushForm = formSchema.safeParse(body).data ?? {};
    const outcome = await this.pushes.receive(provider, form, county);
    const answer = this.pushes.adapter(provider).acknowledge(outcome, form, this.clock.now());
    await reply.status(answer.status).send(answer.body);
  }
}
