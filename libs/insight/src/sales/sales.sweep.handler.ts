import { Injectable } from '@nestjs/common';
import { JobHandler, type Handler } from '#platform';
import { SalesRefresh } from './sales.refresh.js';

/** Recomputes sales that an interrupted refresh left out of date, and those that a new day changes. */
@Injectable()
@JobHandler('insight.sales.sweep')
export class SalesSweepHandler implements Handler<'insight.sales.sweep'> {
  constructor(private readonly refresh: SalesRefresh) {}

  async handle(): Promise<void> {
    await this.refresh.sweep();
  }
}
