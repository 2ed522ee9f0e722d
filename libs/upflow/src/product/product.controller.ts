import { Body, Controller, Get, Headers, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  idSchema,
  categoryViewSchema,
  certificationInputSchema,
  pageSchema,
  productChangeSchema,
  productInputSchema,
  productListQuerySchema,
  productViewSchema,
  type CertificationInput,
  type Page,
  type ProductChange,
  type ProductInput,
  type ProductListQuery,
  type ProductView,
} from '#contracts';
import {
  Access,
  Answers,
  CurrentPrincipal,
  languageOf,
  message,
  sendTable,
  tableForm,
  type Language,
  type Principal,
} from '#platform';
import { categoryMessage, PRODUCE_CATEGORIES } from './category.table.js';
import { walk } from '../page.walk.js';
import { ProductService } from './product.service.js';

/** Products of the county's producers. */
@ApiTags('upflow')
@Controller('api/products')
export class ProductController {
  constructor(private readonly products: ProductService) {}

  /** Adds a product; sent again, it answers the same product. */
  @Post()
  @Access('produce:write')
  @Answers(201, productViewSchema)
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: productInputSchema }) input: ProductInput,
    @Headers('accept-language') acceptLanguage: string | undefined,
  ): Promise<ProductView> {
    return this.products.add(principal, input, languageOf(acceptLanguage));
  }

  /** Products below a unit, as JSON, CSV or XLSX by Accept. */
  @Get()
  @Access('produce:read')
  @Answers(200, pageSchema(productViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: productListQuerySchema }) query: ProductListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageOf(request.headers['accept-language']);
    const first = await this.products.list(principal, query, language);
    const form = tableForm(request);
    if (!form) return void (await reply.send(first));
    const rows = walk((at) => this.products.list(principal, { ...query, cursor: undefined, ...at }, language));
    await sendTable(reply, form, { name: 'products', columns: columns(language), rows });
  }

  /** The named part of the tree of categories; codes below are taken too. */
  @Get('categories')
  @Access('produce:read')
  @Answers(200, pageSchema(categoryViewSchema))
  categories(@Headers('accept-language') acceptLanguage: string | undefined): Page<z.infer<typeof categoryViewSchema>> {
    const language = languageOf(acceptLanguage);
    return { items: PRODUCE_CATEGORIES.map((code) => ({ code, name: message(language, categoryMessage(code)) })) };
  }

  @Get(':id')
  @Access('produce:read')
  @Answers(200, productViewSchema)
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Headers('accept-language') acceptLanguage: string | undefined,
  ): Promise<ProductView> {
    return this.products.get(principal, id, languageOf(acceptLanguage));
  }

  /** Changes a product from the version that the client saw. */
  @Put(':id')
  @Access('produce:write')
  @Answers(200, productViewSchema)
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: productChangeSchema }) input: ProductChange,
    @Headers('accept-language') acceptLanguage: string | undefined,
  ): Promise<ProductView> {
    return this.products.change(principal, id, input, languageOf(acceptLanguage));
  }

  /** Adds a certification (绿色, 有机, 地标); sent again, it adds nothing. */
  @Post(':id/certifications')
  @Access('produce:write')
  @Answers(201, productViewSchema)
  async certify(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: certificationInputSchema }) input: CertificationInput,
    @Headers('accept-language') acceptLanguage: string | undefined,
  ): Promise<ProductView> {
    return this.products.certify(principal, id, input, languageOf(acceptLanguage));
  }
}

function columns(language: Language) {
  const title = (column: string) => message(language, `upflow.column.${column}`);
  const certification = ({ kind, number }: CertificationInput) =>
    `${message(language, `upflow.certification.${kind}`)} ${number}`;
  return [
    { title: title('id'), value: (row: ProductView) => row.id },
    { title: title('name'), value: (row: ProductView) => row.name },
    { title: title('producerName'), value: (row: ProductView) => row.producer.name },
    { title: title('villageCode'), value: (row: ProductView) => row.village.code },
    { title: title('villageName'), value: (row: ProductView) => row.village.name },
    { title: title('categoryCode'), value: (row: ProductView) => row.categoryCode },
    { title: title('categoryName'), value: (row: ProductView) => row.categoryName },
    { title: title('gtin'), value: (row: ProductView) => row.gtin },
    { title: title('ownCode'), value: (row: ProductView) => row.ownCode },
    { title: title('spec'), value: (row: ProductView) => row.spec },
    { title: title('certifications'), value: (row: ProductView) => row.certifications.map(certification).join('; ') },
  ];
}
